#!/bin/sh
echo "always"
exit 1
