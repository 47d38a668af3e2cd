"""The body of the comment: a section for each job, between marks in HTML comments.

The marks hold only numbers and hexadecimal digits. ``inert`` removes HTML comments from all other texts, so
no text of a report can be a mark.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Self

from onetest_ci.text.plural import plural

COMMENT: Final = "<!-- onetest-ci:comment:1 -->"
"""The first line of the comment."""

LIMIT: Final = 65_536
"""Maximum bytes of the comment. GitHub allows as many characters, and GitLab more."""

_HEADING: Final = "### Test results"
_DETAILS: Final = "<!-- onetest-ci:details -->"
_END: Final = "<!-- onetest-ci:end -->"
_MARK: Final = re.compile(
    r"<!-- onetest-ci:section (?P<key>[0-9a-f]{16}) (?P<slot>[0-9]{1,9}) (?P<run>[0-9]{1,18}) "
    r"(?P<attempt>[0-9]{1,18}) (?P<nonce>[0-9a-f]{16}) (?P<failed>[0-9]{1,12}) (?P<bad>[01]) -->"
)


class Section(NamedTuple):
    """The results of one job.

    Attributes:
        key: identifies workflow, job and matrix leg.
        slot: number of the section among those of the same key, from 1.
        run: number of the run; a later run has a higher one.
        attempt: number of the attempt of that run.
        nonce: identifies the process that wrote the section.
        failed: number of failed tests.
        bad: whether anything failed.
        head: one paragraph of Markdown. Empty if the comment has no space for it.
        details: further Markdown. Empty if the comment has no space for it.
    """

    key: str
    slot: int
    run: int
    attempt: int
    nonce: str
    failed: int
    bad: bool
    head: str
    details: str

    @property
    def place(self) -> tuple[str, int]:
        """The section that this one replaces has the same place."""
        return self.key, self.slot

    @property
    def age(self) -> tuple[int, int]:
        """The higher of two is the later."""
        return self.run, self.attempt

    def shortened(self) -> Self:
        """Return the section without its details, or without its head if it has no details."""
        return self._replace(details="") if self.details else self._replace(head="")

    def text(self) -> str:
        """Return the section as it is in the comment."""
        mark = (
            f"<!-- onetest-ci:section {self.key} {self.slot} {self.run} {self.attempt} {self.nonce} "
            f"{self.failed} {self.bad:d} -->"
        )
        if not self.head:
            return f"{mark}\n{_END}"
        if self.details:
            return f"{mark}\n{self.head}\n{_DETAILS}\n{self.details}\n{_END}"
        return f"{mark}\n{self.head}\n{_END}"

    @property
    def size(self) -> int:
        """Bytes of the section."""
        return size(self.text())


def size(text: str) -> int:
    """Return the number of bytes of a text."""
    return len(text.encode("utf-8", "replace"))


def is_ours(body: str) -> bool:
    """Return whether a body begins as the comment does. Anybody may write such a body."""
    return body.lstrip("\ufeff\r\n").startswith(COMMENT)


def sections_of(body: str) -> list[Section]:
    """Return the sections in a body. Texts outside of them are ignored, as is a section without its end."""
    found: list[Section] = []
    mark: re.Match[str] | None = None
    lines: list[str] = []
    for line in re.split(r"\r\n|\n|\r", body):
        if opened := _MARK.fullmatch(line):
            mark, lines = opened, []
        elif line == _END and mark is not None:
            found.append(_section(mark, lines))
            mark = None
        else:
            lines.append(line)
    return found


def _section(mark: re.Match[str], lines: Sequence[str]) -> Section:
    head, _, details = "\n".join(lines).partition(f"\n{_DETAILS}\n")
    numbers = (int(mark[name]) for name in ("slot", "run", "attempt"))
    slot, run, attempt = numbers
    return Section(
        mark["key"],
        slot,
        run,
        attempt,
        mark["nonce"],
        int(mark["failed"]),
        mark["bad"] == "1",
        head.strip("\n"),
        details.strip("\n"),
    )


def merged(groups: Iterable[Iterable[Section]]) -> list[Section]:
    """Return the sections of several comments. Of two at the same place the later one counts."""
    places: dict[tuple[str, int], Section] = {}
    for section in (section for group in groups for section in group):
        other = places.get(section.place)
        if other is None or section.age >= other.age:
            places[section.place] = section
    return list(places.values())


def slot_for(own: Section, others: Iterable[Section]) -> int | None:
    """Return the slot of a section: the first that holds an earlier attempt, else a new one.

    A job may report several times, and jobs whose matrix leg is unknown have the same key. Such sections
    have the same run and attempt. None of them replaces another one.

    Args:
        own: the section.
        others: the sections of the comment.

    Returns:
        None if the comment has results of a later run of the job.
    """
    same = sorted((one for one in others if one.key == own.key), key=lambda one: one.slot)
    if any(one.age > own.age for one in same):
        return None
    mine = next((one.slot for one in same if one.nonce == own.nonce), 0)
    older = next((one.slot for one in same if one.age < own.age), 0)
    return mine or older or max((one.slot for one in same), default=0) + 1


def compose(sections: Sequence[Section]) -> str:
    """Return the body of the comment within ``LIMIT``.

    Details are left out first: of jobs in which nothing failed before others, and the longest first. Then
    heads are left out in the same order. What is left out is counted.

    Raises:
        ValueError: not even the marks fit.
    """
    kept = list(sections)
    body = _body(kept)
    while size(body) > LIMIT:
        candidates = [number for number, one in enumerate(kept) if one.head]
        if not candidates:
            raise ValueError("too many sections")
        most = max(candidates, key=lambda number: _expendable(kept[number]))
        kept[most] = kept[most].shortened()
        body = _body(kept)
    return body


def _expendable(section: Section) -> tuple[bool, bool, int]:
    return bool(section.details), not section.bad, section.size


def _body(sections: Sequence[Section]) -> str:
    bad = sum(one.bad for one in sections)
    verdict = (
        f"❌ Something failed in {bad:,} of {plural(len(sections), 'job')}." if bad else "✅ Nothing failed."
    )
    parts = [COMMENT, f"{_HEADING}\n\n{verdict}"]
    for section in sections:
        parts.append(section.text())
        if section.head and not section.details:
            parts.append(_without_details(section))
    hidden = [one for one in sections if not one.head]
    if hidden:
        bad = sum(one.bad for one in hidden)
        parts.append(f"{len(hidden):,} more; something failed in {bad:,} of them.")
    return "\n\n".join(parts) + "\n"


def _without_details(section: Section) -> str:
    failed = f" {plural(section.failed, 'failed test')} not shown." if section.failed else ""
    return f"The details are left out, since the comment is full.{failed}"
