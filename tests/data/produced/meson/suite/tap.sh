#!/bin/sh
printf "1..4\nok 1 - adds\nnot ok 2 - total\nok 3 - skipped # SKIP not on CI\nnot ok 4 - known # TODO later\n"
