"""Each fault at each kind of call: nothing is lost, nothing arrives twice, nothing leaks.

A push meets the fault and prints what is missing and why. A push after the fault is mended sends the rest.
The full matrix is marked ``full``; without, a sample runs in which each fault and each kind of call occurs.
"""

import re
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest

from faults.calls import CALLS, Call
from faults.faults import FAULTS, Front
from faults.matrix import LASTING, MATRIX, ONCE, SAMPLE, Cell
from faults.onetest_state import State
from faults.rig import CommandResult, Rig, Strike
from support.onetest import LocalOneTest


def _params() -> list[object]:
    full = pytest.mark.full
    return [pytest.param(cell, id=cell.name, marks=() if cell.is_sampled else (full,)) for cell in MATRIX]


_UNANSWERED_LOG = re.compile(r"POST \S+/log \([^)]*\): (?!\d)")
"""The line of ``--debug`` for a batch of logs without a response; a number is a response's status."""

DEADLINES = (3, 15, 75, 375)
"""Seconds that a push has whose call never comes to its end; more where it did not get there in time."""


@pytest.fixture(scope="session")
def untroubled(
    onetest: LocalOneTest, collected: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, State]:
    """What OneTest holds by mode when nothing goes wrong."""
    states = {}
    for call in (CALLS[0], CALLS[-1]):
        rig = Rig(tmp_path_factory.mktemp(call.mode), onetest)
        name = f"untroubled {call.mode}"
        rig.take_bundle(collected, name)
        result = rig.push(call)
        rig.close()
        rig.nothing_leaked()
        assert (result.code, result.status) == (0, "delivered"), result.text
        states[call.mode] = rig.state(name, call)
    launch = states["launch"]
    assert (launch.launches, launch.linked) == (("failed",), (True, True, True))
    assert len(launch.items) == launch.items.total() == 8
    assert len(launch.files) == launch.files.total() == 3
    assert any(attached for *_, attached in launch.logs)
    return states


@pytest.mark.parametrize("cell", _params())
def test_a_fault(
    cell: Cell, onetest: LocalOneTest, collected: Path, untroubled: dict[str, State], tmp_path: Path
) -> None:
    fault, call, scope = cell
    name = f"{cell.name} {uuid4()}"
    rig = Rig(tmp_path, onetest, fault.front)
    try:
        strike = Strike(rig, call, fault, lasting=scope == LASTING)
        rig.proxy.rule = strike
        if fault.read_only:
            result = rig.report_read_only(name, call)
        else:
            rig.take_bundle(collected, name)
            result = push_until_hit(rig, call, strike) if fault.slow else rig.push(call)
        assert strike.hits, result.text
        rig.mend(strike.over())
        check = Check(strike, untroubled[call.mode], rig, name)
        check.after_the_fault(result)
        if rig.bundle.exists():
            check.after_mending(result, rig.push(call))
    finally:
        rig.close()
    rig.nothing_leaked()


def push_until_hit(rig: Rig, call: Call, strike: Strike) -> CommandResult:
    """Push with a deadline that the fault will meet."""
    for deadline in DEADLINES:
        result = rig.push(call, "--timeout", str(deadline))
        if strike.hits:
            return result
        assert result.error.get("code") == "deadline-exceeded", result.text
    raise AssertionError("the call was never made")


class Check:
    """What must be true of one run."""

    def __init__(self, strike: Strike, expected: State, rig: Rig, name: str) -> None:
        self._strike, self._fault, self._call = strike, strike.fault, strike.call
        self._expected, self._rig, self._name = expected, rig, name

    def after_the_fault(self, result: CommandResult) -> None:
        """All is there, or the command printed what is missing, why, and what to do."""
        if result.status == "delivered":
            assert result.code == 0
            assert self._rig.bundle.exists() != self._fault.read_only
            self._complete(result.warnings)
            return
        assert result.code in ({0, 4, 5, 6} if self._fault.read_only else {4, 5, 6}), result.text
        if result.outcome:
            delivery = result.outcome["delivery"]
            assert delivery["error"] or delivery["lost"], result.text
        else:
            # Nowhere to write it to: the error stands on standard error alone.
            assert self._fault.name == "disk-full"
        assert "error[" in result.stderr or "Not accepted" in result.stdout
        assert "onetest-ci push" in result.text

    def after_mending(self, first: CommandResult, again: CommandResult) -> None:
        """A second push leaves nothing to be done, and nothing twice."""
        printed = first.text + again.text
        if again.error.get("code") == "unanswered-import":
            # It is unknown whether it arrived, so the command asks for a look at OneTest.
            assert again.code == 4
            assert first.status != "delivered"
            arrived = bool(self._rig.state(self._name, self._call).launches)
            again = self._rig.push(self._call, "--unanswered-import", "arrived" if arrived else "repeat")
        lost = first.lost + again.lost
        # The launch was finished without what was refused for itself: that goes into another, or is named.
        assert (again.code, again.status) == (0, "delivered") or (again.code == 4 and again.lost), printed
        self._complete(first.warnings + again.warnings, lost)

    def _complete(self, warnings: str, lost: str = "") -> None:
        state, expected = self._rig.state(self._name, self._call), self._expected
        continued = len(state.launches) > 1
        assert state.launches == expected.launches or (
            continued and set(state.launches) <= {"passed", "failed"}
        )
        self._all_items(state, lost, continued=continued)
        # A batch of logs whose response was lost is sent again, since entries have no id
        # (docs/onetest-api.md#retrying-a-request). An error that ends a push may cut off such a response too.
        spoilt = self._fault.acts and self._strike.hit_log
        repeated = spoilt or _UNANSWERED_LOG.search(self._rig.printed)
        assert set(state.logs) <= set(expected.logs)
        assert repeated or state.logs <= expected.logs
        assert all(item in lost for item, *_ in expected.logs - state.logs), (state.logs, lost)
        # Collected anew, the archive of the reports has another time in it.
        named = self._fault.read_only
        assert (_names(state.files) if named else state.files) == (
            _names(expected.files) if named else expected.files
        )
        for linked, wanted, said in zip(
            state.linked, expected.linked, ("build", "environment", "deployment"), strict=True
        ):
            assert linked or not wanted or said in warnings, f"no {said}, and no warning of it: {warnings}"

    def _all_items(self, state: State, lost: str, *, continued: bool) -> None:
        """Each item once and as it should be, but for those that were named."""
        if not (lost or continued):
            assert state.items == self._expected.items
            return
        # Where a suite was refused, its cases stand beside it; a further launch has the suites of its cases.
        expected, found = _verdicts(self._expected), _verdicts(state)
        assert all(name in lost for name, _ in expected - found), (expected, found, lost)
        # Whatever is lacking, no case is there twice.
        assert _cases(found) <= _cases(expected)


def _verdicts(state: State) -> Counter[tuple[str, str]]:
    """Name and status of the cases, and the names of the suites, which the service gives their status."""
    result = Counter[tuple[str, str]]()
    for (_, name, kind, status, *_), count in state.items.items():
        result[name, "" if kind == "SUITE" else status] += count
    return result


def _cases(verdicts: Counter[tuple[str, str]]) -> Counter[str]:
    return Counter(name for name, status in verdicts.elements() if status)


def _names(files: Counter[tuple[str, str]]) -> list[str]:
    return sorted(name for name, _ in files.elements())


def test_the_sample_has_each_fault_and_each_call() -> None:
    assert [cell.fault for cell in SAMPLE] == list(FAULTS)
    assert {cell.call.name for cell in SAMPLE} == {call.name for call in CALLS}
    assert {cell.scope for cell in SAMPLE} == {ONCE, LASTING}
    assert {cell.fault.front for cell in SAMPLE} == set(Front)
