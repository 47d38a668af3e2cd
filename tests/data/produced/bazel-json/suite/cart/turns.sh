#!/bin/sh
if mkdir "$MARKS/turn"; then exit 1; fi
