"""What became of each test case in the plan of a sync."""

from enum import StrEnum
from typing import Final, NamedTuple

from onetest_ci.cases.sync_plan import NewCase, NewLink


class Status(StrEnum):
    """What became of a test case."""

    PLANNED = "planned"
    CREATED = "created"
    LINKED = "linked"
    FOUND = "found"
    GONE = "gone"
    REFUSED = "refused"
    LEFT = "left"


IS_DONE: Final = frozenset({Status.CREATED, Status.LINKED, Status.FOUND})


class Step(NamedTuple):
    """A test case of the plan, and what became of it.

    Attributes:
        planned: as in the plan.
        status: what became of it.
        case_id: OneTest's id. Empty if it is not known.
        why: the reason, if it is not obvious.
    """

    planned: NewCase | NewLink
    status: Status = Status.PLANNED
    case_id: str = ""
    why: str = ""
