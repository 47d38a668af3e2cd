"""Runs programs in processes of their own and measures them; finds the peers.

``make bench`` installs this package into ``.venv/bench``, without the developers' tools: coverage makes each
start of Python slower. The peers are in ``.venv/peers``.
"""

import math
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

COMMAND: Final = str(Path(sys.executable).with_name("onetest-ci"))
_PEERS: Final = Path(__file__).parents[1] / ".venv" / "peers"
PEERS_PYTHON: Final = str(_PEERS / "bin" / "python")
DATADOG: Final = _PEERS / "node_modules" / ".bin" / "datadog-ci"
NOT_INSTALLED: Final = 77
"""Exit code of a program that lacks its peer."""
_TIME_LIMIT: Final = 600.0
"""Seconds for one process."""


class Cost(NamedTuple):
    """What a process took. All are NaN if its program is not installed.

    Attributes:
        clock: seconds by the clock.
        processor: seconds of the processors.
        peak: its memory in MiB.
    """

    clock: float
    processor: float
    peak: float

    @property
    def is_known(self) -> bool:
        """Whether the process ran."""
        return not math.isnan(self.clock)

    @classmethod
    def of(
        cls, command: Sequence[str], cwd: Path, environ: Mapping[str, str], codes: Sequence[int] = (0,)
    ) -> Self:
        """Run a process to its end and measure it, with the processes that it has waited for."""
        if not Path(command[0]).exists():
            return cls(math.nan, math.nan, math.nan)
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=cwd, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        limit = threading.Timer(_TIME_LIMIT, child.kill)
        limit.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            # Interrupted: the process must not go on alone.
            child.kill()
            raise
        finally:
            limit.cancel()
        clock = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode == NOT_INSTALLED:
            return cls(math.nan, math.nan, math.nan)
        if child.returncode not in codes:
            sys.exit(f"{' '.join(command)[:300]} ended with {child.returncode}")
        return cls(clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def bare_environ(folder: Path) -> dict[str, str]:
    """Return an environment without the caller's CI and settings."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}


def in_turns(contenders: Mapping[str, Callable[[], Cost]], runs: int) -> dict[str, list[Cost]]:
    """Run each contender once a round, so that a busy machine slows them all."""
    rounds = [{name: contender() for name, contender in contenders.items()} for _ in range(runs)]
    return {name: [one[name] for one in rounds] for name in contenders}


def ratio(one: Sequence[Cost], base: Sequence[Cost]) -> float:
    """Return the median over the rounds of one contender's time by another's."""
    return statistics.median(mine.clock / other.clock for mine, other in zip(one, base, strict=True))


def show(costs: Mapping[str, Sequence[Cost]]) -> None:
    """Print a line for each contender: medians of the clock and the processors, and the largest peak."""
    for name, several in costs.items():
        if several[0].is_known:
            clock = statistics.median(one.clock for one in several)
            processor = statistics.median(one.processor for one in several)
            peak = max(one.peak for one in several)
            print(f"  {name:34} {clock:7.2f} s  {processor:7.2f} s of the processors  {peak:5.0f} MiB")
        else:
            print(f"  {name:34} not installed")
    sys.stdout.flush()
