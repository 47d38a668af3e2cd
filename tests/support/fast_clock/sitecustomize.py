"""A clock that runs fast: each look at it finds that CLOCK_STEP more seconds are over.

Python loads this by its name when PYTHONPATH leads here.
"""

import itertools
import os
import time

_step = float(os.environ["CLOCK_STEP"])
_start = time.monotonic()
_looks = itertools.count()
time.monotonic = lambda: _start + _step * next(_looks)
