"""The steps of a delivery: their keys in the log, the data they carry, and the set of acknowledged ones."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple, Self

from onetest_ci.links import web_link

_LONGEST_ID: Final = 255
_BITS: Final = 512
"""Numbers in one word: few enough that a hostile log of scattered numbers does not swell in memory."""


class Kind(StrEnum):
    """The kinds of step."""

    PLAN = "plan"
    """Choose how the bundle is delivered. The first step, recorded before the first call."""
    MEMBERSHIP = "membership"
    DEPLOYMENT = "deployment"
    LAUNCH = "launch"
    LAUNCH_FINISH = "launch-finish"
    SUITE = "suite"
    SUITE_FINISH = "suite-finish"
    SHIFT = "shift"
    """Move a suite's times, since its launch began later than its tests."""
    CASE = "case"
    LOG = "log"
    IMPORT_SENT = "import-sent"
    IMPORT = "import"
    ARTIFACT = "artifact"
    ARTIFACTS_ITEM = "artifacts-item"
    ARTIFACTS_ITEM_FINISH = "artifacts-item-finish"
    DELIVERED = "delivered"
    """The last step: nothing is left to send."""


class Step(NamedTuple):
    """One step of a delivery.

    Attributes:
        kind: the kind of the step.
        ordinal: the number of the suite, case or document.
        entry: the number of the log entry of a case.
        part: the number of the launch in its series, from 1.
        name: the artifact's name.
    """

    kind: Kind
    ordinal: int | None = None
    entry: int | None = None
    part: int = 1
    name: str = ""

    @property
    def key(self) -> str:
        """The step as the log spells it: ``case/17``, ``case@2/17``, ``log/17/2``, ``artifact/trace.zip``."""
        kind, ordinal, entry, part, name = self
        if kind is Kind.ARTIFACT:
            return f"{kind.value}/{name}"
        head = kind.value if part == 1 else f"{kind.value}@{part}"
        if ordinal is None:
            return head
        return f"{head}/{ordinal}" if entry is None else f"{head}/{ordinal}/{entry}"

    @classmethod
    def parse(cls, key: str) -> Self:
        """Return the step of a key.

        Raises:
            ValueError: no step has this key.
        """
        head, _, tail = key.partition("/")
        kind, _, part = head.partition("@")
        if kind == Kind.ARTIFACT:
            step = cls(Kind.ARTIFACT, name=tail)
        else:
            ordinal, _, entry = tail.partition("/")
            step = cls(
                Kind(kind),
                int(ordinal) if ordinal else None,
                int(entry) if entry else None,
                int(part) if part else 1,
            )
        if step.key != key:
            raise ValueError("not the key of a step")
        return step


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_ID and value.isprintable()


def _is_link(value: object) -> bool:
    return value == "" or bool(web_link(value))


def _is_mode(value: object) -> bool:
    return value in {"launch", "import"}


def _is_number(value: object) -> bool:
    return type(value) is int


def _is_number_or_none(value: object) -> bool:
    return value is None or type(value) is int


def _is_flag(value: object) -> bool:
    return type(value) is bool


_Checks = dict[str, Callable[[object], bool]]
_LINKS: Final[_Checks] = {"environment_id": _is_id, "build_id": _is_id}
_REQUIRED: Final[dict[Kind, _Checks]] = {
    Kind.PLAN: {"mode": _is_mode},
    Kind.LAUNCH: {"id": _is_id, "number": _is_number_or_none},
    Kind.LAUNCH_FINISH: {"link": _is_link},
    Kind.SHIFT: {"ms": _is_number},
    Kind.IMPORT_SENT: {"open": _is_flag},
    Kind.IMPORT: {"id": _is_id, "url": _is_link},
}
"""The data that a step must carry, and a check of each."""
_OPTIONAL: Final[dict[Kind, _Checks]] = {
    Kind.PLAN: {"product_id": _is_id, "launch": _is_id},
    Kind.LAUNCH: _LINKS,
    Kind.MEMBERSHIP: _LINKS,
}


def is_complete(step: Step, data: Mapping[str, object]) -> bool:
    """Return whether a step carries all data that its readers need, in the right types."""
    for name, check in _REQUIRED.get(step.kind, {}).items():
        if name not in data or not check(data[name]):
            return False
    return all(check(data[name]) for name, check in _OPTIONAL.get(step.kind, {}).items() if name in data)


class BitSet:
    """A set of whole numbers that mostly follow one another: a bit for each."""

    def __init__(self) -> None:
        self._words: dict[int, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        return bool(self._words.get(number // _BITS, 0) >> number % _BITS & 1)

    def add(self, number: int) -> None:
        """Add a number, which may be negative."""
        if number not in self:
            word = number // _BITS
            self._words[word] = self._words.get(word, 0) | 1 << number % _BITS
            self._count += 1


class StepSet:
    """Acknowledged steps with their data, in little memory: a launch of 50,000 cases has as many, and more.

    Steps that carry nothing but their ordinal are kept as bits.
    """

    def __init__(self) -> None:
        self._data: dict[Step, dict[str, Any]] = {}
        self._ordinals: dict[tuple[Kind, int, int | None], BitSet] = {}

    def add(self, step: Step, data: dict[str, Any]) -> None:
        """Add a step. Its data replace those that it carried before."""
        if data or step.ordinal is None:
            self._data[step] = data
        else:
            self._ordinals.setdefault((step.kind, step.part, step.entry), BitSet()).add(step.ordinal)

    def __contains__(self, step: Step) -> bool:
        if step in self._data:
            return True
        return step.ordinal is not None and step.ordinal in self._ordinals.get(
            (step.kind, step.part, step.entry), ()
        )

    def get(self, step: Step) -> dict[str, Any]:
        """Return the step's data. Empty if it carries none or is not in the set."""
        return self._data.get(step, {})

    def count(self, kind: Kind, part: int) -> int:
        """Return the number of steps of a kind in one launch of the series."""
        with_data = sum((step.kind, step.part) == (kind, part) for step in self._data)
        return with_data + sum(len(found) for key, found in self._ordinals.items() if key[:2] == (kind, part))
