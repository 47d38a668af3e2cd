"""The matrix: every fault at every kind of call, once and lasting."""

from itertools import product
from typing import NamedTuple

from faults.calls import CALLS, Call
from faults.faults import FAULTS, Fault

ONCE, LASTING = "once", "lasting"


class Cell(NamedTuple):
    """A fault at a kind of call, once or from there on."""

    fault: Fault
    call: Call
    scope: str

    @property
    def name(self) -> str:
        return f"{self.fault.name}-at-{self.call.name}-{self.scope}"

    @property
    def is_sampled(self) -> bool:
        """One call for each fault, another for the next, and so round; in turn once and lasting."""
        at = FAULTS.index(self.fault)
        return self.call is CALLS[at * 7 % len(CALLS)] and self.scope == (ONCE, LASTING)[at % 2]


MATRIX = [Cell(*cell) for cell in product(FAULTS, CALLS, (ONCE, LASTING))]
SAMPLE = [cell for cell in MATRIX if cell.is_sampled]
