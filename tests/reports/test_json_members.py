"""The search for deciding members, against Python's decoder, over random documents and cuts."""

import io
import json
import random
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from onetest_ci.reports.engine import json_window
from onetest_ci.reports.engine.head import JsonFound, Sign
from onetest_ci.reports.engine.json_members import find_format

SIGNS = (
    Sign("top", ("first", "second"), in_list=False, readable=True),
    Sign("inner", ("outer.first", "outer.second"), in_list=False, readable=True),
    Sign("kinds", ("kind[]", "kind2{}"), in_list=False, readable=True),
    Sign("listed", ("item", "second"), in_list=True, readable=True),
    Sign("marks", ("mark", "outer.mark"), in_list=False, readable=False),
)
NAMES = [
    "first",
    "second",
    "outer",
    "kind",
    "kind2",
    "item",
    "mark",
    "other",
    "",
    "fírst",
    'q"uote',
    "b\\s",
    "\n",
]
SCALARS: list[Any] = [None, True, -1.5e300, 0, "", "text", '{"first": [', "]}", '\\"', "é\u2028\\", "x" * 90]


def find(data: bytes | str, *, anywhere: bool = False) -> JsonFound:
    return find_format(io.BytesIO(data.encode() if isinstance(data, str) else data), SIGNS, anywhere=anywhere)


def value(rng: random.Random, depth: int) -> Any:
    kind = rng.random() if depth < 9 else 1.0
    if kind < 0.3:
        return {rng.choice(NAMES): value(rng, depth + 1) for _ in range(rng.randrange(5))}
    if kind < 0.5:
        return [value(rng, depth + 1) for _ in range(rng.randrange(5))]
    return rng.choice(SCALARS)


def document(rng: random.Random) -> Any:
    if rng.random() < 0.4:
        return [value(rng, 1) for _ in range(rng.randrange(1, 6))]
    return {rng.choice(NAMES): value(rng, 1) for _ in range(rng.randrange(1, 8))}


def names_of(holder: dict[str, Any], outer: str = "") -> Iterator[str]:
    for name, inner in holder.items():
        kind = "{}" if isinstance(inner, dict) else "[]" if isinstance(inner, list) else ""
        yield outer + name
        yield outer + name + kind
        if not outer and name == "outer":
            for one in [inner] if isinstance(inner, dict) else inner if isinstance(inner, list) else []:
                if isinstance(one, dict):
                    yield from names_of(one, "outer.")


def expected(found: Any) -> tuple[set[str], bool]:
    """The formats whose signs are complete, and whether the marks are, as the decoded document has them."""
    holders = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else [found]
    formats = {
        sign.format
        for holder in holders
        for sign in SIGNS
        if sign.in_list == isinstance(found, list) and set(names_of(holder)).issuperset(sign.names)
    }
    return formats - {"marks"}, "marks" in formats


@pytest.mark.parametrize("chunk", [1, 2, 7, 64, 4096])
def test_it_finds_the_members_of_the_decoded_document(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_window, "_CHUNK", chunk)
    rng = random.Random(chunk)  # noqa: S311 - no secrets
    decided = 0
    for _ in range(1500):
        written = document(rng)
        text = json.dumps(written, indent=rng.choice([None, 1]), ensure_ascii=rng.random() < 0.5)
        found = find(text)
        formats, marks = expected(written)
        if text.replace(" ", "").replace("\n", "") in {"[]", "{}"}:
            continue
        assert bool(found.format) == bool(formats), text
        assert not found.format or found.format in formats, text
        assert (found.start, found.documents, found.cut) == (0, 1, False), text
        if not formats:
            assert bool(found.meant) == marks, text
        decided += bool(formats)
    assert decided > 50


def test_a_document_that_is_cut_is_found_to_be_cut() -> None:
    rng = random.Random(5)  # noqa: S311 - no secrets
    for _ in range(300):
        text = json.dumps(document(rng))
        for at in {*range(2, len(text), 7)}:
            found = find(text[:at])
            assert found.format or found.cut or found.documents == 0, text[:at]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ('{"a": 1}\n{"first": 1, "second": 2}', 9),
        ('[INFO] x\n{"first": 1, "second": 2}', 9),
        ('{"broken": }}} [\n{"first": 1, "second": 2}', 17),
        ('{"broken": {\nnot: json\n}\n{"first": 1, "second": 2}', 25),
        ("[1] a line\n[2026-01-02] another\n" * 9000 + '{"first": 1, "second": 2}', 32 * 9000),
        ('\ufeff \n {"first": 1, "second": 2}', 3),
        ('{"a": "' + "x" * 300_000 + '"}\n{"first": 1, "second": 2}', 300_010),
    ],
)
def test_where_the_document_begins(text: str, start: int) -> None:
    found = find(text, anywhere=True)
    assert (found.format, found.start) == ("top", start)


def test_without_text_between_them_only_documents_are_searched() -> None:
    assert find('{"a": 1} {"first": 1, "second": 2}').format == "top"
    assert find('{"a": 1}\ntext\n{"first": 1, "second": 2}').format == ""
    assert find('text\n{"first": 1, "second": 2}').documents == 0


@pytest.mark.parametrize(
    "text",
    [
        '{"a": {"first": 1, "second": 2}}',
        '[{"first": 1, "second": 2}]',
        '{"first": 1, "a": {"second": 2}}',
        '[{"item": 1}, {"second": 2}]',
        '{"kind": {}, "kind2": []}',
        '{"a": "{\\"first\\": 1, \\"second\\": 2}"}',
        "[[" * 100_000,
        '{"a":' * 100_000,
        '{"a": "' + "\\" * 99_999,
        '{"' + "n" * 3_000_000,
        '{"first", "second"}',
        "{" + ", " * 2_000_000,
    ],
)
def test_documents_that_decide_nothing(text: str) -> None:
    assert find(text, anywhere=True).format == ""


def test_a_name_may_be_escaped() -> None:
    assert find(r'{"x": [], "f\u0069rst": 1, "second": 2}').format == "top"


class Endless(io.RawIOBase):
    """A document of so many bytes, made as it is read."""

    def __init__(self, head: bytes, part: bytes, size: int) -> None:
        self._head, self._part, self._left = head, part, size

    def read(self, size: int = -1, /) -> bytes:
        head, self._head = self._head, b""
        count = min(size // len(self._part), self._left // len(self._part))
        self._left -= count * len(self._part)
        return head + self._part * count


PARTS = {
    "one string": (b'{"a": "', b'text \\" \\\\ ', 4),
    "a list": (b'{"a": [', b'{"b": [1, "]"]}, ', 4),
    "members": (b'{"z": 0, ', b'"other": {"first": 1}, ', 4),
    "objects": (b"[0, ", b'{"item": 1, "b": {}}, ', 0.3),
    "lines": (b'{"a": 1}\n', b'{"first": 1, "b": []}\n', 0.3),
    "levels": (b"", b"[{", 4),
    "deep": (b"{", b'"a": {', 4),
    "space": (b"{", b"        ", 4),
    "log": (b"text\n", b"[INFO] text\n", 4),
}
"""The start of a file, what comes after it again and again, and how many megabytes of it."""


@pytest.mark.parametrize("name", PARTS)
def test_memory_does_not_grow_with_the_file(name: str) -> None:
    start, part, megabytes = PARTS[name]
    find("{}")
    peaks = []
    for size in (int(megabytes * 1e6), int(megabytes * 4e6)):
        tracemalloc.start()
        found = find_format(Endless(start, part, size), SIGNS, anywhere=True)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found.format == ""
    assert peaks[1] < peaks[0] * 1.1 + 100_000
