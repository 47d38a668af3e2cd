#!/bin/sh
echo "waits"
touch "$MARKS/waits"
exec sleep 60
