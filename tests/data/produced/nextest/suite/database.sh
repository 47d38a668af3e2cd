#!/bin/sh
echo "no database"
exit 4
