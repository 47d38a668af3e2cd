"""Text of any length in a bounded space, and the attachments it names."""

import re
from collections.abc import Callable, Iterable

from onetest_ci.model import Attachment
from onetest_ci.text.cut import join_around_cut

DEFAULT_LIMIT = 65_536
"""Characters kept of one text: the longest log entry that is of use to a reader, and flat memory."""

MARKER = "[[ATTACHMENT|"
"""Start of the convention that Jenkins, GitLab and Azure read; it has no specification."""

_MANY_PARTS = 10_000
_LONGEST_PATH = 4096
# The last two of a row of brackets end it, since out/test_x[1] is a path too; the next mark ends it as well.
_ATTACHMENT = re.compile(r"\[\[ATTACHMENT\|((?:[^\r\n\[\]]++|\[(?!\[)|\](?!\](?!\])))*+)\]\](?!\])")
_ATTACHMENT_PROPERTY = re.compile(
    r"(?:[a-z]{1,40}[_.:-])?attachments?(?:[_. -]?\[?\d{1,6}\]?|[.:]\w{1,40})?", re.IGNORECASE | re.ASCII
)
"""``attachment`` and ``attachments``, with a prefix (``testrail_attachment``), a number (``attachment_2``,
``attachment[2]``) or a name (``attachment.log``). These names are in use; no specification defines them."""


def attachments_in(text: str) -> list[Attachment]:
    """Return the files that ``[[ATTACHMENT|path]]`` marks name, in order."""
    if MARKER not in text:
        return []
    return [
        Attachment(path)
        for found in _ATTACHMENT.findall(text)
        if len(found) <= _LONGEST_PATH and (path := found.strip())
    ]


def attachments_of_property(name: str, value: str) -> list[Attachment]:
    """Return the files that a property of a test names, by a path in each line or by marks."""
    if "attachment" not in name.lower() or not _ATTACHMENT_PROPERTY.fullmatch(name.strip()):
        return []
    if value[:1] == value[-1:] == '"':
        # Ginkgo's JUnit XML spells the values of report entries as JSON.
        value = value.strip('"')
    lines = (line.strip() for line in value.splitlines())
    return attachments_in(value) or [Attachment(line) for line in lines if line]


def attachments_of_properties(properties: Iterable[tuple[str, str]]) -> list[Attachment]:
    """Return the files that the properties of a test name."""
    return [file for name, value in properties for file in attachments_of_property(name, value)]


class TextBuffer:
    """Collects the pieces of one text; keeps at most ``limit`` characters, half from each end.

    Args:
        limit: characters to keep.
        on_cut: called once for each text that had to be cut.

    Attributes:
        add: adds the next piece; the list's own method, since the parser calls it for each.
        found: attachments that the removed middle names.
    """

    __slots__ = ("_dropped", "_head", "_limit", "_on_cut", "_parts", "add", "found")

    def __init__(self, limit: int, on_cut: Callable[[], None]) -> None:
        self._limit = limit
        self._on_cut = on_cut
        self._parts: list[str] = []
        self.add = self._parts.append
        self._head: str | None = None
        self._dropped = 0
        self.found: list[Attachment] = []

    def settle(self) -> None:
        """Keep no more than twice the limit. Call this from time to time.

        Only then is the text shortened to its limit, so that the work stays linear.
        """
        if len(self._parts) > _MANY_PARTS or sum(map(len, self._parts)) > 2 * self._limit:
            text = "".join(self._parts)
            self._parts[:] = [self._shortened(text) if len(text) > 2 * self._limit else text]

    def take(self) -> str:
        """Return the text and empty the buffer."""
        text = "".join(self._parts)
        self._parts.clear()
        if self._head is None and len(text) <= self._limit:
            return text
        tail = self._shortened(text)
        text = join_around_cut(self._head or "", self._dropped, tail)
        self._head, self._dropped = None, 0
        return text

    def _shortened(self, text: str) -> str:
        """Return the tail of a text. Keep its head and the number of characters between them."""
        self.found += attachments_in(text)
        if self._head is None:
            self._on_cut()
            head = self._limit - self._limit // 2
            self._head, text = text[:head], text[head:]
        dropped = max(0, len(text) - self._limit // 2)
        self._dropped += dropped
        return text[dropped:]

    def take_attachments(self, text: str) -> list[Attachment]:
        """Return the files named in a text from ``take``, and in the middle that was removed; each once."""
        found = attachments_in(text)
        if self.found:
            found = list(dict.fromkeys([*self.found, *found]))
            self.found = []
        return found
