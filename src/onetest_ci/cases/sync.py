"""Carry out the plan of a sync: link test cases, create the missing ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from onetest_ci.case_links import ManagedCase
from onetest_ci.cases.journal import Journal
from onetest_ci.cases.lookup import Lookup, most_calls
from onetest_ci.cases.sync_plan import NewCase, NewLink, SyncPlan
from onetest_ci.cases.sync_steps import IS_DONE, Status, Step
from onetest_ci.errors import BudgetExhausted, OnetestError, Refused, ServiceError
from onetest_ci.onetest.test_management import TestManagement

_CONFLICT: Final = 409
_REFUSALS: Final = frozenset({400, _CONFLICT, 413, 422})
"""Statuses that concern one test case and not the others (docs/onetest-api.md#errors)."""

MOST_REFUSED: Final = 5
"""Test cases that are refused one after the other before the run stops: the others would be refused too."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields of all new test cases. None is not sent.

    Attributes:
        priority: as the product spells it.
        execution_type: ``manual``, ``automated`` or a value of the product's own.
        test_category: as the product spells it.
    """

    priority: str | None = None
    execution_type: str | None = None
    test_category: str | None = None


def estimate(plan: SyncPlan, pages: int) -> int:
    """Return the maximum number of requests of a plan without retries, with those of the list before it.

    Args:
        plan: to carry out.
        pages: of the list of test cases.
    """
    creations = len(plan.creations)
    return pages + len(plan.links) + creations + most_calls(creations, pages)


class Sync:
    """Carries out a plan. Each case is recorded in the journal before the request that creates it.

    Args:
        management: of the product.
        lookup: knows all test cases of the plan.
        journal: of the product, open.
        fields: of all new test cases.
        progress: called with the number of done steps and of all steps.
    """

    def __init__(
        self,
        management: TestManagement,
        lookup: Lookup,
        journal: Journal,
        fields: Fields,
        progress: Callable[[int, int], None],
    ) -> None:
        self._management = management
        self._lookup = lookup
        self._journal = journal
        self._fields = fields
        self._progress = progress
        self._titles: Counter[str] = Counter()

    def carry_out(self, plan: SyncPlan) -> tuple[list[Step], OnetestError | None]:
        """Carry out a plan, links first. Return a step for each part, and the error that stopped it.

        A case that OneTest refuses, or that was deleted, does not stop it.
        """
        parts = plan.parts
        self._titles = Counter(new.title for new in plan.creations)
        steps: list[Step] = []
        error: OnetestError | None = None
        for part in parts:
            try:
                steps.append(self._link(part) if isinstance(part, NewLink) else self._create(part))
                if all(step.status is Status.REFUSED for step in steps[-MOST_REFUSED:]):
                    _check_refusals(steps)
            except OnetestError as problem:
                error = problem
                break
            self._progress(len(steps), len(parts))
        steps += [Step(part, Status.LEFT) for part in parts[len(steps) :]]
        if all(step.status in IS_DONE for step in steps):
            try:
                self._journal.complete()
            except OnetestError as problem:
                error = error or problem
        return steps, error

    def _link(self, link: NewLink) -> Step:
        try:
            self._management.update_test_case(link.case.id, automation_test_id=link.reference)
        except ServiceError as error:
            if error.code == "not-found":
                return Step(link, Status.GONE, link.case.id, "the test case was deleted meanwhile")
            return Step(link, Status.REFUSED, link.case.id, _refusal(error))
        return Step(link, Status.LINKED, link.case.id)

    def _create(self, new: NewCase) -> Step:
        earlier = self._journal.earlier.get(new.reference)
        if earlier is not None and earlier.case_id:
            return Step(new, Status.FOUND, earlier.case_id, "an earlier run created it; it is not listed yet")
        self._lookup.refresh()
        if holders := self._lookup.index.with_reference(new.reference):
            return Step(new, Status.FOUND, holders[0].id, "another run created it meanwhile")
        if unlinked := self._lookup.added_unlinked(new.title):
            return self._take_over(new, unlinked)
        self._journal.intend(new.reference, new.title)
        try:
            case = self._send(new)
        except ServiceError as error:
            return self._after(error, new)
        self._journal.record(new.reference, case.id)
        return Step(new, Status.CREATED, case.id)

    def _send(self, new: NewCase) -> ManagedCase:
        """Create a case, and return it once it has its reference."""
        case = self._management.create_test_case(
            new.title,
            priority=self._fields.priority,
            execution_type=self._fields.execution_type,
            test_category=self._fields.test_category,
            automation_test_id=new.reference,
        )
        if new.reference not in case.references:
            # Only the request of an update is documented to set it (docs/onetest-api.md#test-management).
            self._management.update_test_case(case.id, automation_test_id=new.reference)
            case = case._replace(automation_test_id=new.reference)
        self._lookup.add(case)
        return case

    def _take_over(self, new: NewCase, unlinked: Sequence[ManagedCase]) -> Step:
        """Link a case of the title that appeared since the list was read."""
        if len(unlinked) > 1 or self._titles[new.title] > 1 or not unlinked[0].id:
            return Step(new, Status.LEFT, "", "a test case of this title appeared meanwhile")
        step = self._link(NewLink(new.reference, unlinked[0]))
        return step._replace(planned=new, why=step.why or "it appeared meanwhile")

    def _after(self, error: ServiceError, new: NewCase) -> Step:
        """Return what became of a creation without a success. The case may exist all the same.

        Raises:
            ServiceError: nothing further can be done in this run.
        """
        if isinstance(error, (Refused, BudgetExhausted)) or error.code in {"unknown-endpoint", "not-found"}:
            raise error
        if error.status in _REFUSALS - {_CONFLICT}:
            return Step(new, Status.REFUSED, "", error.message)
        try:
            self._lookup.refresh()
        except ServiceError:
            raise error from None
        holders = self._lookup.index.with_reference(new.reference)
        if not holders:
            return Step(new, Status.REFUSED, "", _refusal(error))
        self._journal.record(new.reference, holders[0].id)
        return Step(new, Status.CREATED, holders[0].id, "OneTest created it and its response was lost")


def _refusal(error: ServiceError) -> str:
    """Return the reason why one test case was refused.

    Raises:
        ServiceError: the error concerns the other test cases too.
    """
    if error.status not in _REFUSALS:
        raise error
    return error.message


def _check_refusals(steps: Sequence[Step]) -> None:
    """Stop after several refusals in a row.

    Raises:
        ServiceError: ``rejected``.
    """
    if len(steps) >= MOST_REFUSED:
        raise ServiceError(
            "rejected",
            f"OneTest refused {MOST_REFUSED} test cases one after the other; the others were not sent: "
            f"{steps[-1].why}",
            "Check --priority, --test-category, --execution-type and --title.",
        )
