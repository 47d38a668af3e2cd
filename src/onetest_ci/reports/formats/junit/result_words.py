"""Words by which attributes of a JUnit case or suite give its result.

Facts: GoogleTest (``status="run" result="completed"``, ``notrun``, ``suppressed``), CTest (``run``, ``fail``,
``disabled``), trx2junit (``1`` and ``0``, which its users may set to anything). There is no specification,
and tools made for one company write many others; so words are compared without case, spaces and signs, and by
their parts.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from onetest_ci.model import FAILED, PASSED, SKIPPED

_ATTRIBUTES: Final = ("status", "result", "outcome", "verdict")
_FLAGS: Final = ("success", "passed")
_STATING: Final = frozenset(_ATTRIBUTES + _FLAGS)
_LONGEST: Final = 40
_LETTERS: Final = re.compile(r"[\W\d_]+")
_NOT_RUN: Final = frozenset({"notrun", "disabled", "ignored", "suppressed", "skipped"})
_BAD: Final = frozenset({"ko", "nok", "ng", "undefined", "ambiguous"})
_BAD_PARTS: Final = re.compile(
    # A failure that is expected is none, but one that is not is.
    r"(?:(?<!expected)(?<!allowed)(?<!known)(?<!ignored)(?<!no)(?<!not)(?<!x)|(?<=unexpected))fail"
    r"|(?<!no)error|(?<!no)exception|crash|abort|timedout|timeout|broken|fatal|panic|killed|incomplete"
    r"|interrupted|cancel|terminated|unsuccess|notpass|notok|unexpected"
)

NEVER_RUN: Final = "untested"
"""behave's ``status`` of a scenario that was selected and not run: a hook before it failed, which its JUnit
XML does not contain, or the run was stopped (behave 1.3.3, ``reporter/junit.py``). One that was not selected
is ``skipped``."""

PLAIN: Final = frozenset({"name", "classname", "file", "line", "lineno", "assertions", "id"})
"""Attributes of a case that never state its result."""


def words_of(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each word by which a case failed or was not run, and the verdict."""
    if _STATING.isdisjoint(attributes):
        return
    for name in _ATTRIBUTES:
        if (spelled := attributes.get(name)) and (status := status_of(spelled[:_LONGEST])) != PASSED:
            yield spelled[:_LONGEST].strip().lower(), status
    for name in _FLAGS:
        if name in attributes and attributes[name].strip().lower() in {"false", "no"}:
            yield f"{name}: false", FAILED


def failure_word(attributes: Mapping[str, str]) -> str:
    """Return the first word that means a failure; empty if there is none."""
    return next((word for word, status in words_of(attributes) if status == FAILED), "")


@lru_cache(maxsize=1024)
def status_of(spelled: str) -> str:
    """Return the status that a word means. An unknown word and a number mean ``passed``."""
    word = _LETTERS.sub("", spelled.casefold())
    if word in _NOT_RUN:
        return SKIPPED
    return FAILED if word in _BAD or _BAD_PARTS.search(word) else PASSED
