"""Decide which entries of a quarantine list count for a run, and which tests they hold."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from onetest_ci.model import COMMAND_CASE
from onetest_ci.notices import NOTE, Notice
from onetest_ci.results.quarantine_file import Entries, Entry
from onetest_ci.results.run_results import TestResult

_NEARLY_ALL: Final = 0.9


class Quarantine(NamedTuple):
    """The entries that count for a run.

    Attributes:
        entries: in the order of the list.
        notices: what people should know about the other entries.
    """

    entries: tuple[Entry, ...] = ()
    notices: tuple[Notice, ...] = ()


def allowed(here: Entries, base: Entries | None, today: date) -> Quarantine:
    """Return the entries that count by their origin and their end.

    Args:
        here: the list of the code under test.
        base: the list of the commit that the change starts from; None if nothing is to be compared.
        today: in UTC. The last day of an entry still counts.
    """
    earlier = None if base is None else {entry.key: entry for entry in base.entries}
    counting: list[Entry] = []
    added: list[Notice] = []
    extended: list[Notice] = []
    expired: list[Notice] = []
    for entry in here.entries:
        before = entry if earlier is None else earlier.get(entry.key)
        if before is None:
            added.append(_left_out(entry, "was added by this change"))
            continue
        if before.expires < entry.expires:
            extended.append(_left_out(entry, "was extended by this change", f"{before.expires} counts"))
        counts = entry._replace(expires=min(entry.expires, before.expires))
        if counts.expires < today:
            expired.append(_left_out(counts, f"expired on {counts.expires}"))
        else:
            counting.append(counts)
    faults = [Notice("quarantine", f"{fault} It does not count.") for fault in here.faults]
    # Few of them are shown where there is little room.
    return Quarantine(tuple(counting), (*added, *extended, *expired, *faults))


def _left_out(entry: Entry, why: str, consequence: str = "it does not count") -> Notice:
    return Notice("quarantine", f"The entry {entry.shown} {why}; {consequence}.")


class Matcher:
    """Finds the entries of tests."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._exact = {entry.key: entry for entry in entries if not is_wide(entry)}
        self._wide = [
            (entry, re.compile(regex(entry.pattern), re.DOTALL)) for entry in entries if is_wide(entry)
        ]

    def find(self, test: TestResult) -> Entry | None:
        """Return the first entry that holds a test, exact ones before patterns. None if there is none."""
        return next(self.all(test), None)

    def all(self, test: TestResult) -> Iterator[Entry]:
        """Yield each entry that matches a test. The case of the test command is never in quarantine."""
        if test.name == COMMAND_CASE:
            return
        texts = {"code_ref": (test.code_ref,), "name": _names(test)}
        for kind, values in texts.items():
            for value in values:
                if entry := self._exact.get((kind, value)):
                    yield entry
        for entry, pattern in self._wide:
            if any(pattern.match(value) for value in texts[entry.kind]):
                yield entry


def _names(test: TestResult) -> tuple[str, ...]:
    """Return the name of a test alone, and after that of its class or its suites."""
    suites = test.classname or " > ".join(filter(None, test.suites))
    return (test.name, f"{suites} > {test.name}") if suites else (test.name,)


def is_wide(entry: Entry) -> bool:
    """Return whether an entry may match more than one text."""
    return "*" in entry.pattern or "?" in entry.pattern


def regex(pattern: str) -> str:
    """Return the regular expression of a pattern.

    Each part between stars is taken at its first place, which is enough, and never tried elsewhere: the time
    is bounded by the product of both lengths.
    """
    parts = re.sub(r"\*+", "*", pattern).split("*")
    first, *others = (re.escape(part).replace(r"\?", ".") for part in parts)
    if not others:
        return rf"{first}\Z"
    *middle, last = others
    return first + "".join(f"(?>.*?{part})" for part in middle) + rf".*{last}\Z"


def without_broad(quarantine: Quarantine, tests: Iterable[TestResult]) -> Quarantine:
    """Return the entries that match some tests of the run, and not nearly all of them.

    Args:
        quarantine: the entries that count so far.
        tests: all tests of the run.
    """
    if not quarantine.entries:
        return quarantine
    matcher, total = Matcher(quarantine.entries), 0
    matched = dict.fromkeys(quarantine.entries, 0)
    for test in tests:
        total += 1
        for entry in set(matcher.all(test)):
            matched[entry] += 1
    counting, notices = [], list(quarantine.notices)
    for entry, number in matched.items():
        if number > 1 and is_wide(entry) and number >= _NEARLY_ALL * total:
            notices.append(_left_out(entry, f"matches {number:,} of {total:,} tests, which is nearly all"))
        elif number:
            counting.append(entry)
        else:
            text = f"The entry {entry.shown} matches no test of this run."
            notices.append(Notice("quarantine-unmatched", text, level=NOTE))
    return Quarantine(tuple(counting), tuple(notices))
