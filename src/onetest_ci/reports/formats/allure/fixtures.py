"""Failures outside of tests in a directory of Allure's results.

Facts: Allure2Plugin of allure2, and directories that allure-pytest 2.16 and allure-mocha 3.12 wrote:

- containers (``*-container.json``) hold the fixtures around the tests in ``children``, which may be other
  containers. A set-up that failed mostly has a broken test with the same message. No result contains
  the failed teardown of a module, or of a skipped test. A fixture without a status has not failed. pytest
  counts failed fixtures of a test that is expected to fail (``XFAIL``) as expected, too;
- ``*-globals.json`` hold errors outside of tests, also those of fixtures once more.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.model import BAD, SKIPPED
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.recorder import RUN, Recorder, verdict
from onetest_ci.reports.formats.allure import STATUSES

_FIXTURES: Final = ("befores", "afters")
_EXPECTED: Final = "XFAIL"


class Failures:
    """The failures in the results of a directory, to find the failures outside of them."""

    def __init__(self) -> None:
        # Hashes of the messages and traces, by the result's uuid.
        self._texts: dict[str, frozenset[int]] = {}
        self._all: set[int] = set()
        self._expected: set[str] = set()

    def add(self, result: Fields, status: str) -> None:
        """Read a result, if it failed."""
        details = result.object("statusDetails")
        if status in BAD:
            self._texts[result.text("uuid")] = _hashes(details)
            self.add_outside(details)
        elif status == SKIPPED and details.text("message").startswith(_EXPECTED):
            self._expected.add(result.text("uuid"))

    def add_outside(self, details: Fields) -> None:
        """Read a bad fixture."""
        self._all |= _hashes(details)

    def explain(self, details: Fields, children: Iterable[str], *, all_bad: bool) -> bool:
        """Return whether a fixture's failure is that of one of its tests, too.

        Args:
            details: of the fixture.
            children: its tests.
            all_bad: whether it also is if all of its tests are bad, with any message.
        """
        tests = set(children)
        hashes = _hashes(details)
        if any(not hashes.isdisjoint(self._texts.get(test, ())) for test in tests):
            return True
        return bool(tests) and (tests <= self._expected or (all_bad and tests <= self._texts.keys()))

    def contain(self, details: Fields) -> bool:
        """Return whether a result or fixture contains this message or trace."""
        return not self._all.isdisjoint(_hashes(details))


def _hashes(details: Fields) -> frozenset[int]:
    texts = (details.text(name).strip() for name in ("message", "trace"))
    return frozenset(hash(text) for text in texts if text)


class _Fixture(NamedTuple):
    """A fixture that failed. ``once`` is equal in all containers that hold the fixture."""

    container: str
    label: str
    name: str
    before: bool
    once: tuple[object, ...]
    details: Fields


def record_fixtures(documents: Iterable[tuple[Path, Fields]], failures: Failures, recorder: Recorder) -> None:
    """Record each failed fixture and global error that is not the failure of a test, too, as a case in error.

    Args:
        documents: containers and globals.
        failures: those of the directory's results.
        recorder: takes the cases.
    """
    children: dict[str, list[str]] = {}
    fixtures: list[_Fixture] = []
    errors: list[Fields] = []
    for number, (_, document) in enumerate(documents):
        uuid = document.text("uuid") or f"container {number}"
        children[uuid] = document.texts("children") if "children" in document else []
        fixtures += _failed(document, uuid, recorder)
        errors += document.objects("errors")
    seen = set()
    for fixture in fixtures:
        failures.add_outside(fixture.details)
        tests = list(_tests_of(fixture.container, children))
        if fixture.once not in seen and not failures.explain(fixture.details, tests, all_bad=fixture.before):
            seen.add(fixture.once)
            _record(fixture.name or fixture.label or "(fixture)", fixture.label, fixture.details, recorder)
    for error in errors:
        if not failures.contain(error):
            _record(RUN, "", error, recorder)


def _failed(document: Fields, uuid: str, recorder: Recorder) -> Iterator[_Fixture]:
    for kind in _FIXTURES:
        for fixture in document.objects(kind):
            spelled = fixture.text("status")
            if spelled and verdict(recorder.reading, spelled, STATUSES) in BAD:
                name, details = fixture.text("name"), fixture.object("statusDetails")
                once = (name, fixture.text("start"), fixture.text("stop"), _hashes(details))
                yield _Fixture(uuid, document.text("name"), name, kind == "befores", once, details)


def _tests_of(container: str, children: dict[str, list[str]]) -> Iterator[str]:
    """Yield the results below a container, also below containers in it."""
    seen = {container}
    todo = [container]
    while todo:
        for child in children[todo.pop()]:
            if child not in children:
                yield child
            elif child not in seen:
                seen.add(child)
                todo.append(child)


def _record(name: str, classname: str, details: Fields, recorder: Recorder) -> None:
    recorder.failure_of_run(
        name,
        classname=classname if classname != name else "",
        message=details.text("message").strip(),
        details=details.text("trace"),
    )
