#!/bin/sh
echo "7 € is not 8 €"
exit 1
