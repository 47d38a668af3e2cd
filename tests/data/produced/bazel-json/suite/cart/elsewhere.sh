#!/bin/sh
echo "1 + 1 = 2"
