"""What a bundle's JSON may say; anyone may have written it, so each field is of its type or an error.

msgspec reads and writes it, and holds the types; what these do not tell is checked here.
"""

from typing import Annotated, Any, Final, Literal, TypeVar, get_type_hints

import msgspec
from msgspec import Meta
from msgspec.json import Decoder, Encoder

from onetest_ci.bundle.records import Manifest, StoredFile
from onetest_ci.model import BAD, PASSED, SKIPPED, Case, Suite

_T = TypeVar("_T")

# What every reader of JSON takes for a whole number (RFC 8259, section 6); far more than any count or time.
_TOO_MUCH: Final = 2**53
_PLAIN_DEPTH: Final = 4
_ERROR_SHOWN: Final = 200

_IN_BOUNDS: Final = Meta(gt=-_TOO_MUCH, lt=_TOO_MUCH)
_BOUNDED: Final[dict[Any, Any]] = {
    int: Annotated[int, _IN_BOUNDS],
    float: Annotated[float, _IN_BOUNDS],
    int | None: Annotated[int, _IN_BOUNDS] | None,
    float | None: Annotated[float, _IN_BOUNDS] | None,
}
_STATUSES: Final = BAD | {PASSED, SKIPPED}
_Status: Final[Any] = Literal[tuple(sorted(_STATUSES))]


def _row(record: type[Suite | Case], **more: tuple[Any, Any]) -> Any:
    """The fields of a record as a struct: from one, msgspec leaves out what is default."""
    fields: list[Any] = [
        (name, _Status if name == "status" else _BOUNDED.get(hint, hint), *_default(record, name))
        for name, hint in get_type_hints(record).items()
    ]
    fields += [(name, hint, default) for name, (hint, default) in more.items()]
    return msgspec.defstruct(
        record.__name__, fields, omit_defaults=True, forbid_unknown_fields=True, gc=False
    )


def _default(record: type[Suite | Case], name: str) -> tuple[Any, ...]:
    defaults = record._field_defaults
    return (defaults[name],) if name in defaults else ()


SuiteRow: Final = _row(Suite)
"""A suite, as a line has it."""

CaseRow: Final = _row(Case, code_ref=(str, ""), files=(tuple[StoredFile, ...], ()))
"""A stored case, as a line has it: the fields of its ``Case``, then what was added."""

_LINE: Final = [("suite", SuiteRow | None, None), ("case", CaseRow | None, None)]

ENCODER: Final = Encoder()
SCHEMA_DECODER: Final[Decoder[Any]] = Decoder(msgspec.defstruct("Schema", [("schema", int)]))
MANIFEST_DECODER: Final = Decoder(Manifest)
LINE_DECODER: Final[Decoder[Any]] = Decoder(msgspec.defstruct("Line", _LINE, forbid_unknown_fields=True))


def decoded(shape: Decoder[_T], content: bytes) -> _T:
    """Return what one JSON text says.

    Args:
        shape: what it may say.
        content: one text in UTF-8.

    Raises:
        ValueError: it is no JSON in UTF-8, holds half a character, is nested too deep, or is of another
            shape; the message names the place.
    """
    try:
        return shape.decode(content)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except msgspec.MsgspecError as problem:
        raise ValueError(str(problem)[:_ERROR_SHOWN]) from None


def check_attempts(case: Case) -> None:
    """Look at what is in a case's attempts, which a line holds as lists.

    Raises:
        ValueError: a status is none, or a duration is no number that can be counted with.
    """
    for attempt in case.attempts:
        if attempt.status not in _STATUSES:
            raise ValueError(f"{attempt.status[:40]!r} is no status")
        check_bounds(attempt.seconds)


def check_bounds(value: object, depth: int = _PLAIN_DEPTH) -> None:
    """Look at each number in what JSON says, and at its depth.

    Raises:
        ValueError: a number is beyond 2**53, or lists and objects are nested too deep.
    """
    kind = type(value)
    if kind is int or kind is float:
        if not -_TOO_MUCH < value < _TOO_MUCH:  # type: ignore[operator]
            raise ValueError("a number is too large")
    elif isinstance(value, (dict, list, tuple)):
        if not depth:
            raise ValueError("it is nested too deep")
        for part in value.values() if isinstance(value, dict) else value:
            check_bounds(part, depth - 1)
