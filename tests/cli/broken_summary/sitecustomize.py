"""Brings about a bug while the tests of a run are chosen for the summary.

Python loads this by its name when PYTHONPATH leads here.
"""

from typing import Any

from onetest_ci.results import summarize


def _broken(*_args: Any, **_options: Any) -> None:
    raise RuntimeError("a text that may hold a secret")


summarize.summarize = _broken  # type: ignore[assignment]
