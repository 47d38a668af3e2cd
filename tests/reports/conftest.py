from collections.abc import Callable
from functools import partial

import pytest

from onetest_ci.reports.formats.table import FORMATS
from support.reading import Read, read_as


@pytest.fixture
def read() -> Callable[..., Read]:
    """The records of a JUnit document given as bytes or text, and what the reader noted."""
    return partial(read_as, FORMATS[0])
