"""Imports that a command makes when it needs them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Import without collections of garbage, which would take a tenth of a short run.

    What is imported stays to the end of the process, so no later collection looks at it either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
