"""The tests that people look at, as parts of a Markdown document."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from onetest_ci.outputs.budget import Entries, Entry, Part
from onetest_ci.results.run_results import IN_BASELINE, IN_REPORTS, Change, Listed, RunResults, ShownTest
from onetest_ci.text.durations import duration
from onetest_ci.text.escape import code_block, code_span, html_code, one_line
from onetest_ci.text.plural import plural
from onetest_ci.traces.place import Place

PageOf = Callable[[Place], str]
"""Returns the address of a line of code; empty if it is unknown."""

_LINES: Final = 40
"""Lines of a failure's text that are shown."""
_LONGEST_NAME: Final = 250
_LONGEST_MESSAGE: Final = 200


def test_parts(results: RunResults, page_of: PageOf) -> Iterator[Part]:
    """Yield the lists of tests, failures first. Lists without tests are left out."""
    compared = results.compared
    yield from _failures("New failures" if compared else "Failed tests", results.new_failures, page_of)
    yield from _failures("Still failing", results.still_failing, page_of)
    quarantined = results.quarantined
    held = f"{plural(quarantined.total, 'failed test')} in quarantine"
    yield from _folded(held, quarantined, partial(_quarantined, page_of))
    yield from _folded(f"{plural(results.fixed.total, 'test')} fixed", results.fixed, _plain)
    yield from _folded(plural(results.flaky.total, "flaky test"), results.flaky, _flaky)
    yield from _folded(
        f"{plural(results.newly_flaky.total, 'test')} newly flaky", results.newly_flaky, _flaky
    )
    yield from _folded(plural(results.skipped.total, "skipped test"), results.skipped, _with_message)
    yield from _folded(f"{plural(results.slower.total, 'test')} slower than before", results.slower, _slower)
    slowest = results.slowest
    yield from _folded(
        f"The slowest {len(slowest.tests):,} of {plural(slowest.total, 'test')} with a duration",
        slowest._replace(total=len(slowest.tests)),
        _slow,
    )
    yield from _folded(plural(results.new.total, "new test"), results.new, _plain)
    yield from _folded(
        plural(results.vanished.total, "vanished test"), results.vanished, _plain, ("test", IN_BASELINE)
    )


def _failures(title: str, listed: Listed, page_of: PageOf) -> Iterator[Part]:
    if listed.total:
        entries = [Entry(_failure(test, page_of), _short_failure(test, page_of)) for test in listed.tests]
        yield Entries(
            f"\n#### {title} ({listed.total:,})\n\n",
            entries,
            listed.total,
            others=("failed test", IN_REPORTS),
        )


def _folded(
    title: str,
    listed: Listed,
    line: Callable[[ShownTest], str],
    others: tuple[str, str] = ("test", IN_REPORTS),
) -> Iterator[Part]:
    if listed.total:
        yield folded(title, [line(test) for test in listed.tests], listed.total, others)


def folded(title: str, lines: Sequence[str], total: int, others: tuple[str, str] = ("", "")) -> Part:
    """Return a folded list.

    Args:
        title: plain text without special characters.
        lines: the first elements in Markdown, each on one line.
        total: number of all elements.
        others: see ``Entries``.
    """
    entries = [Entry(f"- {line}\n", f"- {line}\n") for line in lines]
    return Entries(f"\n<details><summary>{title}</summary>\n\n", entries, total, "\n</details>\n", others)


def _failure(test: ShownTest, page_of: PageOf) -> str:
    """Return a failure with its place and its trace, folded."""
    headline = _first_line(test.message)
    message = f"<br>{html_code(headline, _LONGEST_MESSAGE)}" if headline else ""
    facts = [_place(test, page_of), _time(test), _attempts(test)]
    facts_line = " · ".join(filter(None, facts))
    text = _text(test)
    body = [facts_line, _block(text) if text else ""]
    inner = "".join(f"{paragraph}\n\n" for paragraph in body if paragraph)
    return (
        f"<details><summary>{html_code(_name(test), _LONGEST_NAME)}{message}</summary>\n\n"
        f"{inner}</details>\n\n"
    )


def _short_failure(test: ShownTest, page_of: PageOf) -> str:
    place = _place(test, page_of)
    where = f" ({place})" if place else ""
    return f"- {_with_message(test)}{where}\n"


def _text(test: ShownTest) -> str:
    """Return message and trace without repetition. Most tools begin the trace with the message."""
    message, trace = test.message.strip(), test.trace.strip("\n")
    return trace if message in trace else f"{message}\n\n{trace}".rstrip()


def _block(text: str) -> str:
    lines = text.splitlines()
    left = len(lines) - _LINES
    block = code_block("\n".join(lines[:_LINES]))
    return f"{block}\n\n{plural(left, 'more line')}" if left > 0 else block


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _place(test: ShownTest, page_of: PageOf) -> str:
    place = test.place
    if place is None:
        return code_span(test.reported_place)
    shown = code_span(place.file if place.line is None else f"{place.file}:{place.line}")
    page = page_of(place)
    return f"[{shown}](<{page}>)" if page else shown


def _time(test: ShownTest) -> str:
    return duration(test.seconds) if test.seconds else ""


def _attempts(test: ShownTest) -> str:
    return f"attempts: {', '.join((*test.attempts, test.status))}" if test.attempts else ""


def _name(test: ShownTest) -> str:
    """Return the full name; some consist of characters that cannot be shown."""
    return one_line(test.full_name, _LONGEST_NAME) or "(no name)"


def _plain(test: ShownTest) -> str:
    return code_span(_name(test), _LONGEST_NAME)


def _with_message(test: ShownTest) -> str:
    message = code_span(_first_line(test.message), _LONGEST_MESSAGE)
    return f"{_plain(test)}: {message}" if message else _plain(test)


def _quarantined(page_of: PageOf, test: ShownTest) -> str:
    place = _place(test, page_of)
    where = f" ({place})" if place else ""
    reason = code_span(str(test.quarantine), _LONGEST_MESSAGE)
    return f"{_with_message(test)}{where}" + (f"; in quarantine: {reason}" if reason else "")


def _flaky(test: ShownTest) -> str:
    newly = "; newly flaky" if test.change is Change.NEWLY_FLAKY else ""
    reason = code_span(str(test.quarantine), _LONGEST_MESSAGE)
    quarantine = f"; in quarantine: {reason}" if reason else ""
    return f"{_plain(test)} ({_attempts(test)}{newly}{quarantine})"


def _slow(test: ShownTest) -> str:
    return f"{_time(test)} {_plain(test)}"


def _slower(test: ShownTest) -> str:
    return f"{_time(test)}, before {duration(test.seconds_before or 0)} {_plain(test)}"
