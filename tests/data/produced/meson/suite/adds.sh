#!/bin/sh
echo "adding größe-注文"
