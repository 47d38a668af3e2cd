"""Documents of TAP and the subtests in them: their points and their plans.

Facts: testanything.org's specification of TAP 14: a document lacking a plan has failed, and so has one with
more points, or higher numbers, than its plan.
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
        over: whether its plan is at its end, so that the next point is that of another document.
        seen: its points.
        highest: the highest number of one.
        cases: those recorded, of its subtests too.
        bad: the failed ones among them.
        versioned: whether it has a line with its version.
        bailed: whether it was given up.
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
        """How its points differ from its plan. Empty if they do not, or without a plan."""
        if self.plan is None or (self.seen == self.plan and self.highest <= self.plan):
            return ""
        if self.seen == self.plan:
            return f"the plan is for {self.plan} tests, there is one with the number {self.highest}"
        return f"the plan is for {self.plan} tests, there are {self.seen}"

    def is_summed_up_by(self, point: Point) -> bool:
        """Return whether a point sums up this subtest. Text like a subtest has neither a name nor a plan."""
        if not self.cases or not (self.name or self.plan is not None):
            return False
        return point.status != FAILED or not self.name or _plain(self.name) == _plain(point.name)


def _plain(name: str) -> str:
    """Return a name without the characters that comments and points escape differently."""
    return "".join(name.replace("\\", "").split())


def document_problem(document: Level, subtest: Level | None) -> tuple[str, bool]:
    """Return how a document differs from its plan, and whether its end is missing.

    Args:
        document: at its end.
        subtest: the last one in it, if no point sums it up.
    """
    misfit, empty = document.misfit, not (document.seen or document.cases)
    if document.plan is None:
        if not empty:
            misfit = "there is no plan: nothing shows that all tests are there"
        unfinished = document.versioned and empty
    else:
        unfinished = document.seen < document.plan
    unfinished |= subtest is not None and bool(subtest.name)
    # A second plan is that of another document, unless it only repeats the first.
    unfinished |= document.next_plan is not None and document.next_plan != document.plan
    return misfit, unfinished
