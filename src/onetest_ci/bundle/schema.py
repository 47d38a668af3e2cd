"""The schema of a bundle's JSON. An untrusted author may have written it, so each field is checked.

msgspec reads and writes it, and checks the types. The functions here check the rest.
"""

from typing import Annotated, Any, Final, Literal, TypeVar, get_type_hints

import msgspec
from msgspec import Meta
from msgspec.json import Decoder, Encoder

from onetest_ci.bundle.records import Manifest, StoredFile
from onetest_ci.model import BAD, PASSED, SKIPPED, Case, Suite

_T = TypeVar("_T")

# Limit of whole numbers that every JSON reader reads exactly (RFC 8259, section 6).
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
    """Return a struct with the fields of a record: msgspec omits the defaults of a struct."""
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
"""A suite in a line."""

CaseRow: Final = _row(Case, code_ref=(str, ""), files=(tuple[StoredFile, ...], ()))
"""A stored case in a line: the fields of its ``Case``, then those of ``StoredCase``."""

Line: Final[Any] = msgspec.defstruct(
    "Line",
    [("suite", SuiteRow | None, None), ("case", CaseRow | None, None)],
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
)
"""A line: one suite or one case."""

CaseGlance: Final[Any] = msgspec.defstruct(
    "CaseGlance",
    [
        ("ordinal", int),
        ("status", _Status, PASSED),
        ("seconds", _BOUNDED[float | None], None),
        ("retry_of", int | None, None),
        ("attempts", Any, None),
    ],
    gc=False,
)
"""What decides whether a case is read: in a third of the time of its row."""

ENCODER: Final = Encoder()
SCHEMA_DECODER: Final[Decoder[Any]] = Decoder(msgspec.defstruct("Schema", [("schema", int)]))
MANIFEST_DECODER: Final = Decoder(Manifest)
LINE_DECODER: Final[Decoder[Any]] = Decoder(Line)
GLANCE_DECODER: Final[Decoder[Any]] = Decoder(
    msgspec.defstruct("Glance", [("case", CaseGlance | None, None)], gc=False)
)


def decoded(decoder: Decoder[_T], content: bytes) -> _T:
    """Decode one JSON text.

    Args:
        decoder: for its schema.
        content: the text in UTF-8.

    Raises:
        ValueError: the text is not JSON in UTF-8, contains a lone surrogate, is nested too deep, or does not
            match the schema. The message names the place.
    """
    try:
        return decoder.decode(content)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except msgspec.MsgspecError as problem:
        raise ValueError(str(problem)[:_ERROR_SHOWN]) from None


def check_attempts(case: Case) -> None:
    """Check the attempts of a case, which msgspec reads without bounds.

    Raises:
        ValueError: a status is unknown, or a duration is out of bounds.
    """
    for attempt in case.attempts:
        if attempt.status not in _STATUSES:
            raise ValueError(f"{attempt.status[:40]!r} is not a status")
        check_bounds(attempt.seconds)


def check_bounds(value: object, depth: int = _PLAIN_DEPTH) -> None:
    """Check each number in a decoded JSON value, and its depth.

    Raises:
        ValueError: a number is not within 2**53, or lists and objects are nested too deep.
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
