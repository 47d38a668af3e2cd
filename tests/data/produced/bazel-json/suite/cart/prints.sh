#!/bin/sh
echo "a receipt"
echo "a warning" >&2
echo "7 €" > "$TEST_UNDECLARED_OUTPUTS_DIR/receipt.txt"
