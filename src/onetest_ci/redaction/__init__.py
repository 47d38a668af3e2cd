"""Secrets that cannot be printed by accident, and their removal from texts and files by value.

Two kinds of secret are removed:

* API keys, and passwords and tokens of 8 characters or more, are removed everywhere, also from names and
  references, in each spelling that ``spellings`` lists.
* A shorter password is removed only as a part of a login (``user:password@``, or ``user:password`` in
  base64), and not from names and references. Alone it may be any word: a test named ``test_login`` keeps its
  name.

A text is redacted before it is encoded as JSON, XML or Markdown. Encoded data is never edited: to remove a
password such as ``failures`` would change the meaning of the data. ``Redactor.covered`` is the one exception.
"""

import re
from collections.abc import Callable, Collection, Iterable
from operator import itemgetter
from typing import IO, Any, Final, Self, cast, get_type_hints

from onetest_ci.model import Attachment, Attempt, Case, Suite
from onetest_ci.redaction.files import Covered, FileForms, Readable, compiled
from onetest_ci.redaction.spellings import alignments, literals
from onetest_ci.text.cut import CUT, CUT_END, NAME_CUT_END

MASK: Final = "***"
SHORTEST: Final = 8
"""Characters of the shortest secret that is removed everywhere."""

_CHUNK: Final = 1024 * 1024
# What OneTest's and ReportPortal's keys begin with (docs/onetest-api.md#api-keys): a key put into the wrong
# variable.
_KEY: Final = r"\b(ak|octo|rp)_[^\s/]{8,}"
_CREDENTIALS: Final = r"://[^/@\s]*@"
_LONGEST_VALUE: Final = 200
_SHORTEST_PART: Final = 4
"""Characters of the shortest part of a secret that is removed beside a cut."""
_CUT_ENDS: Final = (CUT_END, NAME_CUT_END)
_FIXED: Final = frozenset({"status"})
"""Fields of records whose value is one of this package's own words."""
_OURS: Final = frozenset({"code", "format"})
"""Members of rows whose value is one of this package's own words."""
_NAMES: Final = frozenset({"name", "classname", "kind", "file", "method", "path", "merged_by_name"})
"""Fields of records and members of rows that hold a name, from which short passwords are not removed."""


class Secret:
    """A value that only ``reveal`` returns; printing it shows asterisks.

    Args:
        value: the secret text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret text, for the request's header."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Redactor:
    """Removes a run's secrets from its texts and files. Every writer receives the same one.

    Args:
        secrets: removed everywhere. Empty ones are ignored.
        logins: from URLs with a short password, without the ``@``; removed from texts and files.
    """

    def __init__(self, secrets: Iterable[Secret] = (), logins: Iterable[Secret] = ()) -> None:
        values = {secret.reveal() for secret in secrets} - {""}
        short = {login.reveal() for login in logins}
        in_texts = values | {f"{login}@" for login in short}
        # A short text would also match base64 of other content.
        encoded = values | {login for login in short if not login.startswith("/")}
        in_base64 = sorted(value for value in encoded if len(value) >= SHORTEST)
        self._of_names: Final = _Finder(values, sorted(values))
        self._of_texts: Final = _Finder(in_texts, in_base64)
        self._of_files: Final = FileForms(in_texts, in_base64) if in_texts else None

    @classmethod
    def none(cls) -> Self:
        """Return a redactor for a run without secrets."""
        return cls()

    def __bool__(self) -> bool:
        """Return whether there is anything to remove."""
        return self._of_files is not None

    def __call__(self, name: str) -> str:
        """Return a name, a reference or an address with each secret replaced by ``***``."""
        return self._of_names.replaced(name)

    def text(self, text: str) -> str:
        """Return a text with each secret, and each login with a short password, replaced by ``***``."""
        return self._of_texts.replaced(text)

    def may_be_in(self, text: str) -> bool:
        """Return whether a text may contain a secret. False is certain."""
        return self._of_texts.may_be_in(text)

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Return named values without secrets."""
        return tuple((self(name), self.text(value)) for name, value in pairs)

    def suite(self, suite: Suite) -> Suite:
        """Return a suite without secrets. A record is redacted before any of its texts is cut."""
        if not self:
            return suite
        name, file = self(suite.name), self(suite.file)
        return suite._replace(name=name, file=file, properties=self.pairs(suite.properties))

    def case(self, case: Case) -> Case:
        """Return a case without secrets: the same one if it has none."""
        if not self or not self._of_texts.may_be_in("\0".join(_texts_of(case))):
            return case
        redacted: Case = self._record(case)
        return redacted._replace(
            properties=self.pairs(case.properties),
            attachments=tuple(map(self._record, case.attachments)),
            attempts=tuple(map(self._record, case.attempts)),
        )

    def may_be_in_cases(self, cases: Iterable[tuple[Case, str, object]]) -> bool:
        """Return whether cases or their references may contain a secret. False is certain.

        Args:
            cases: as stored in a bundle.
        """
        texts: list[str] = []
        for case, ref, _ in cases:
            texts += _texts_of(case)
            texts.append(ref)
        return self._of_texts.may_be_in("\0".join(texts))

    def _record(self, record: Any) -> Any:
        """Return a record with its own texts redacted."""
        return record._replace(
            **{
                field: self(value) if field in _NAMES else self.text(value)
                for field, value in zip(record._fields, record, strict=True)
                if isinstance(value, str) and field not in _FIXED
            }
        )

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a report's row without secrets. A row from a bundle may contain anything.

        Args:
            row: as ``FileReport.as_dict`` returns it.
        """
        redacted = dict(row)
        for name, value in row.items():
            if isinstance(value, dict):
                redacted[name] = self.row(value)
            elif name not in _OURS:
                redacted[name] = _with_texts(value, self if name in _NAMES else self.text)
        # Equal rows share one object, since a run may have 100,000 of them.
        return row if redacted == row else redacted

    def values(self, value: Any) -> Any:
        """Return parsed JSON with all its texts redacted, the names of members included.

        Raises:
            RecursionError: it is nested too deep.
        """
        return _with_texts(value, self.text)

    def own_json(self, value: Any, own_words: Collection[str]) -> Any:
        """Return JSON that this package made with its texts redacted.

        Args:
            value: parsed. The names of its members stay.
            own_words: texts that stay too, since a secret may be such a word.
        """

        def change(text: str) -> str:
            return text if text in own_words else self.text(text)

        return _with_texts(value, change, of_names=str)

    def copy(self, source: Readable, target: IO[bytes]) -> None:
        """Copy a file with its secrets covered, as ``covered`` does."""
        content = source if self._of_files is None else self.covered(source)
        import shutil  # noqa: PLC0415 - `inspect` copies no file

        shutil.copyfileobj(cast("IO[bytes]", content), target, _CHUNK)

    def covered(self, source: Readable) -> Covered:
        """Return a file with asterisks over its secrets, and with its size unchanged.

        The secrets are found in each spelling, in UTF-8, Windows-1252 and UTF-16. Each is covered by as many
        asterisks, and in base64 by as many characters that encode asterisks. So lengths and offsets in the
        file stay valid, the text around a secret stays well-formed, and base64 stays base64.

        A password may be a word of the file's format, which is then covered too. The caller that keeps
        reports therefore compares their results before and after (``ReportArchive``).
        """
        return Covered(source, self._of_files)


def _with_texts(
    value: Any, change: Callable[[str], str], of_names: Callable[[str], str] | None = None
) -> Any:
    """Return parsed JSON with each text changed, and the names of members by ``of_names`` if it is given."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_with_texts(part, change, of_names) for part in value]
    if isinstance(value, dict):
        name_of = of_names or change
        return {name_of(name): _with_texts(part, change, of_names) for name, part in value.items()}
    return value


class _Finder:
    """Finds and replaces secrets in texts, and parts of secrets on both sides of a cut.

    Args:
        plain: texts to find in all spellings.
        in_base64: texts to find inside base64.
    """

    def __init__(self, plain: Iterable[str], in_base64: Iterable[str]) -> None:
        forms = {form for text in plain for form in literals(text)}
        # Longest first, so that a form that contains another is replaced whole.
        self._literals = sorted(forms, key=len, reverse=True)
        self._base64 = alignments(in_base64, "ascii")
        self._cuttable = (*self._literals, *(one.run for one in self._base64))
        marks = sorted({mark for one in self._base64 for mark in one.marks})
        self._marks = (*self._literals, *marks, *(_CUT_ENDS if self._cuttable else ()))

    def may_be_in(self, text: str) -> bool:
        """Return whether the text may contain a secret. False is certain."""
        # Not any(), which takes three times as long: this runs for each test.
        for mark in self._marks:  # noqa: SIM110
            if mark in text:
                return True
        return False

    def replaced(self, text: str) -> str:
        """Return the text with each secret replaced."""
        if not self.may_be_in(text):
            return text
        for form in self._literals:
            text = text.replace(form, MASK)
        for one in self._base64:
            if any(mark in text for mark in one.marks):
                text = compiled(one.groups).sub(MASK, text)
        return self._without_parts(text) if any(end in text for end in _CUT_ENDS) else text

    def _without_parts(self, text: str) -> str:
        """Return a text without the parts of secrets on both sides of each cut."""
        first, *others = re.split(CUT, text)
        cuts = re.findall(CUT, text)
        pieces = [first]
        for cut, piece in zip(cuts, others, strict=True):
            before = max((_overlap(pieces[-1], form) for form in self._cuttable), default=0)
            behind = max((_overlap(form, piece) for form in self._cuttable), default=0)
            pieces[-1] = pieces[-1][: len(pieces[-1]) - before] + (MASK if before else "")
            pieces += [cut, (MASK if behind else "") + piece[behind:]]
        return "".join(pieces)


def _overlap(before: str, after: str) -> int:
    """Return how many characters, if not just a few, end the one text and begin the other."""
    longest = min(len(before), len(after))
    return next((size for size in range(longest, _SHORTEST_PART - 1, -1) if before.endswith(after[:size])), 0)


def _getter(record: type[Case | Attempt | Attachment]) -> Callable[[Any], tuple[str, ...]]:
    """Return a function that returns those fields of a record that are texts."""
    fields: tuple[str, ...] = record._fields
    hints = get_type_hints(record)
    return cast(
        "Callable[[Any], tuple[str, ...]]",
        itemgetter(*(place for place, field in enumerate(fields) if hints[field] is str)),
    )


_OF_CASE: Final = _getter(Case)
_OF_ATTEMPT: Final = _getter(Attempt)
_OF_ATTACHMENT: Final = _getter(Attachment)


def _texts_of(case: Case) -> tuple[str, ...]:
    """Return all texts of a case."""
    texts = _OF_CASE(case)
    for pair in case.properties:
        texts += pair
    for attempt in case.attempts:
        texts += _OF_ATTEMPT(attempt)
    for attachment in case.attachments:
        texts += _OF_ATTACHMENT(attachment)
    return texts


def mask_likely_secrets(value: str) -> str:
    """Return a setting's value for a message: short, without what looks like a key or a URL's login.

    It needs no list of secrets, since the run's keys may not be known yet.
    """
    return re.sub(_KEY, rf"\1_{MASK}", re.sub(_CREDENTIALS, f"://{MASK}@", value))[:_LONGEST_VALUE]
