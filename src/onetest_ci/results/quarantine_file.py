"""Read a quarantine list: tests whose failures do not fail a run, each with a reason and an end.

The file comes with the code under test. It is read as texts only, without aliases and within limits.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import yaml

from onetest_ci.redaction import mask_likely_secrets
from onetest_ci.results.run_results import Held
from onetest_ci.settings.config_file import TextLoader
from onetest_ci.text.escape import one_line

MAX_BYTES: Final = 256 * 1024
MAX_ENTRIES: Final = 500
_LONGEST: Final = 1000
_SHOWN: Final = 120
_FEWEST_LETTERS: Final = 3
_KINDS: Final = ("code_ref", "name")
_KEYS: Final = frozenset({*_KINDS, "reason", "owner", "expires"})
_LIST: Final = "tests"


class BadList(Exception):
    """The file is not a quarantine list; the message completes "the file …"."""


class Entry(NamedTuple):
    """An entry of a list.

    Attributes:
        kind: ``code_ref`` or ``name``: what the pattern is compared with.
        pattern: with ``*`` for any characters and ``?`` for one.
        reason: why the tests are in quarantine.
        owner: who mends them; may be empty.
        expires: the last day on which the entry counts, in UTC.
    """

    kind: str
    pattern: str
    reason: str
    owner: str
    expires: date

    @property
    def key(self) -> tuple[str, str]:
        """What makes two entries the same one, with other words or another end."""
        return self.kind, self.pattern

    @property
    def shown(self) -> str:
        """The pattern for people, in one short line."""
        return shown(self.pattern)

    @property
    def held(self) -> Held:
        """Why a test of this entry is in quarantine."""
        return Held(self.reason, self.owner, self.expires.isoformat())


class Entries(NamedTuple):
    """What a list contains.

    Attributes:
        entries: valid ones, in the order of the file.
        faults: a sentence for each entry that does not count.
    """

    entries: tuple[Entry, ...] = ()
    faults: tuple[str, ...] = ()


def shown(text: str) -> str:
    """Return a text of the file in one short line, without what looks like a secret."""
    return one_line(mask_likely_secrets(text), _SHOWN)


class _UniqueKeys(TextLoader):
    """Refuses a mapping that contains a key twice: people would read the first, and YAML the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(keys) != len(node.value) or len(set(keys)) != len(keys):
            raise yaml.MarkedYAMLError(
                problem="a key is there twice or is not a text", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


def parse(raw: bytes) -> Entries:
    """Return the entries of a file.

    Args:
        raw: its content, at most one byte longer than ``MAX_BYTES``.

    Raises:
        BadList: the file as a whole cannot be used.
    """
    document = _document(raw)
    if document is None:
        return Entries()
    if not isinstance(document, dict) or set(document) != {_LIST}:
        raise BadList(f"is not a mapping with the one key `{_LIST}`")
    rows = [] if document[_LIST] is None else document[_LIST]
    if not isinstance(rows, list):
        raise BadList(f"has no list under `{_LIST}`")
    if len(rows) > MAX_ENTRIES:
        raise BadList(f"has more than {MAX_ENTRIES} entries")
    entries: dict[tuple[str, str], Entry] = {}
    faults = []
    for number, row in enumerate(rows, 1):
        try:
            entry = _entry(row)
        except BadList as fault:
            faults.append(f"Entry {number} {fault}.")
            continue
        if entry.key in entries:
            faults.append(f"Entry {number} has the pattern of an earlier entry, {entry.shown}.")
            continue
        entries[entry.key] = entry
    return Entries(tuple(entries.values()), tuple(faults))


def _document(raw: bytes) -> Any:
    if len(raw) > MAX_BYTES:
        raise BadList(f"is larger than {MAX_BYTES:,} bytes")
    try:
        return yaml.load(raw, Loader=_UniqueKeys)  # noqa: S506 - makes texts, lists and mappings only
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise BadList(f"is not valid YAML ({where}{shown(str(problem.problem))})") from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        raise BadList("is not valid YAML: it has to be UTF-8 text and not deeply nested") from None


def _entry(row: Any) -> Entry:
    if not isinstance(row, dict) or not all(isinstance(value, str | None) for value in row.values()):
        raise BadList("is not a mapping of texts")
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise BadList(f"has the unknown key {shown(unknown[0])}")
    row = {key: value for key, value in row.items() if value is not None}
    if any(len(value) > _LONGEST for value in row.values()):
        raise BadList(f"has a text of more than {_LONGEST:,} characters")
    kinds = [kind for kind in _KINDS if row.get(kind, "").strip()]
    if len(kinds) != 1:
        raise BadList("needs either `code_ref` or `name`")
    pattern = row[kinds[0]].strip()
    if len(re.findall(r"\w", pattern)) < _FEWEST_LETTERS:
        why = "matches nearly everything: " if re.search("[*?]", pattern) else "is too short: "
        few = f"it needs at least {_FEWEST_LETTERS} letters or digits"
        raise BadList(f"has a pattern that {why}{shown(pattern)}; {few}")
    reason = row.get("reason", "").strip()
    if not reason:
        raise BadList(f"has no `reason`: {shown(pattern)}")
    return Entry(kinds[0], pattern, reason, row.get("owner", "").strip(), _expiry(row, pattern))


def _expiry(row: Mapping[str, str], pattern: str) -> date:
    text = row.get("expires", "").strip()
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadList(f"has no date such as 2026-12-31 under `expires`: {shown(pattern)}")
