"""Records from JSON that anyone may have written: each field is of its record's type, or it is an error."""

import json
from collections.abc import Callable, Hashable
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

from onetest_ci.model import BAD, PASSED, SKIPPED

_Record = TypeVar("_Record")
_Converter = Callable[[Any], Any]

# What every reader of JSON takes for a whole number (RFC 8259, section 6); far more than any count or time.
_TOO_MUCH: Final = 2**53
_PLAIN_DEPTH: Final = 4
_STATUSES: Final = BAD | {PASSED, SKIPPED}


def parse(content: bytes) -> Any:
    """Return what one JSON text says.

    Raises:
        ValueError: it is no JSON in UTF-8, holds half a character, or is nested too deep to be read.
    """
    try:
        value = json.loads(content.decode())
        if b"\\u" in content:
            # An escape can spell half a character, which nothing could send.
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a character") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return value


def record_of(record: type[_Record], row: object) -> _Record:
    """Make a record of an object's fields; those that have a default may be missing.

    Args:
        record: a NamedTuple or dataclass of texts, numbers and tuples of those or of such records.
        row: what JSON says; used up.

    Raises:
        ValueError: a field is missing, unknown or of another type; the message names it.
    """
    if type(row) is not dict:
        raise ValueError("it is no object")
    convert = _converters(record)  # type: ignore[arg-type]  # a class is hashable
    name = ""
    try:
        for name, value in row.items():
            check = convert[name]
            # Most fields are texts; a call for each would cost a tenth of reading.
            if check is not _text or type(value) is not str:
                row[name] = check(value)
    except KeyError:
        raise ValueError(f"the field {name[:40]!r} is unknown") from None
    except ValueError as problem:
        raise ValueError(f"{name}: {problem}") from None
    try:
        return record(**row)
    except TypeError:
        missing = sorted(convert.keys() - row.keys())
        raise ValueError(f"a field is missing, one of {', '.join(missing)}") from None


def number(value: object) -> float:
    """Return a number that can be counted with.

    Raises:
        ValueError: it is none, not finite, or beyond 2**53.
    """
    # Written out, since this runs for each case; a bool is no number here, and NaN fails the comparison.
    if (type(value) is float or type(value) is int) and -_TOO_MUCH < value < _TOO_MUCH:
        return value
    raise ValueError("it is no number, or too large")


def _text(value: object) -> str:
    if type(value) is not str:
        raise ValueError("it is no text")
    return value


def _status(value: object) -> str:
    if type(value) is not str or value not in _STATUSES:
        raise ValueError("it is no status")
    return value


def _whole(value: object) -> int:
    if type(value) is not int or not -_TOO_MUCH < value < _TOO_MUCH:
        raise ValueError("it is no whole number, or too large")
    return value


def _plain(value: object, depth: int = _PLAIN_DEPTH) -> Any:
    """JSON of any kind, but bounded."""
    if type(value) is int or type(value) is float:
        return number(value)
    if isinstance(value, (dict, list)):
        if not depth:
            raise ValueError("it is nested too deep")
        for part in value.values() if isinstance(value, dict) else value:
            _plain(part, depth - 1)
    return value


def _plain_object(value: object) -> dict[str, Any]:
    if type(value) is not dict:
        raise ValueError("it is no object")
    _plain(value)
    return value


_SCALARS: Final[dict[object, _Converter]] = {
    str: _text,
    int: _whole,
    float: number,
    dict[str, Any]: _plain_object,
}


@cache
def _converters(record: Hashable) -> dict[str, _Converter]:
    """For each field what checks its value and gives it the record's type."""
    hints = get_type_hints(record)
    return {name: _status if name == "status" else _converter(hint) for name, hint in hints.items()}


def _converter(hint: Any) -> _Converter:
    if hint in _SCALARS:
        return _SCALARS[hint]
    if get_origin(hint) is UnionType:
        kind, _ = get_args(hint)
        return _optional(_converter(kind))
    if get_origin(hint) is tuple:
        first, *others = get_args(hint)
        if others == [...]:
            return _many(_converter(first))
        return _row(tuple, [_converter(kind) for kind in (first, *others)])
    if is_dataclass(hint):
        record: type[Any] = hint  # type: ignore[assignment]
        return lambda value: record_of(record, value)
    # A NamedTuple inside a record is stored as a list.
    kinds = _converters(hint)
    return _row(lambda values: hint(*values), list(kinds.values()), optional=len(hint._field_defaults))


def _optional(convert: _Converter) -> _Converter:
    return lambda value: None if value is None else convert(value)


def _many(convert: _Converter) -> _Converter:
    def many(value: object) -> tuple[Any, ...]:
        return tuple([convert(part) for part in _listed(value)])

    return many


def _row(make: Callable[[list[Any]], Any], kinds: list[_Converter], *, optional: int = 0) -> _Converter:
    def row(value: object) -> Any:
        parts = _listed(value)
        if not len(kinds) - optional <= len(parts) <= len(kinds):
            raise ValueError(f"it holds a list of {len(parts)}")
        return make([convert(part) for convert, part in zip(kinds, parts, strict=False)])

    return row


def _listed(value: object) -> list[Any]:
    if type(value) is not list:
        raise ValueError("it is no list")
    return value
