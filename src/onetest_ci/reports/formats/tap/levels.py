"""Documents of TAP and the subtests in them: which points they have, and which they should have.

Facts: testanything.org's specification of TAP 14: a document lacking a plan has failed, and so has one whose
points are more, or have higher numbers, than its plan says.
"""

from onetest_ci.model import FAILED
from onetest_ci.reports.formats.tap.points import Point


class Level:
    """One document, or one subtest in it.

    Args:
        name: of the subtest, as a comment announces it; may be empty.

    Attributes:
        plan: how many points it declares, None without a plan.
        next_plan: a second plan, which may be the first line of the next document.
        over: has it a plan at its end, so that the next point is that of another document?
        seen: its points.
        highest: the highest number of one.
        cases: those recorded, of its subtests too.
        bad: the failed ones among them.
        versioned: has it a line with its version?
        bailed: was it given up?
    """

    __slots__ = (
        "bad",
        "bailed",
        "cases",
        "highest",
        "name",
        "next_plan",
        "over",
        "plan",
        "seen",
        "versioned",
    )

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.plan: int | None = None
        self.next_plan: int | None = None
        self.over = self.bailed = self.versioned = False
        self.seen = self.highest = self.cases = self.bad = 0

    @property
    def misfit(self) -> str:
        """In what its points do not fit its plan; empty if they do, or without a plan."""
        if self.plan is None or (self.seen == self.plan and self.highest <= self.plan):
            return ""
        if self.seen == self.plan:
            return f"the plan says {self.plan} tests, there is one with the number {self.highest}"
        return f"the plan says {self.plan} tests, there are {self.seen}"

    def is_summed_up_by(self, point: Point) -> bool:
        """Is a point behind it its own? What only looks like a subtest has neither a name nor a plan."""
        if not self.cases or not (self.name or self.plan is not None):
            return False
        return point.status != FAILED or not self.name or _plain(self.name) == _plain(point.name)


def _plain(name: str) -> str:
    """A name without what is escaped differently in comments and points."""
    return "".join(name.replace("\\", "").split())


def document_problem(document: Level, subtest: Level | None) -> tuple[str, bool]:
    """Return in what a document does not fit its plan, and whether its end is missing.

    Args:
        document: at its end.
        subtest: the last one in it, if no point sums it up.
    """
    misfit, empty = document.misfit, not (document.seen or document.cases)
    if document.plan is None:
        if not empty:
            misfit = "there is no plan: nothing says that all tests are there"
        unfinished = document.versioned and empty
    else:
        unfinished = document.seen < document.plan
    unfinished |= subtest is not None and bool(subtest.name)
    # A second plan is that of another document, unless it only repeats the first.
    unfinished |= document.next_plan is not None and document.next_plan != document.plan
    return misfit, unfinished
