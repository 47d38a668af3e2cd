"""What the command's exit codes mean; they are part of the interface and never renumbered."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of ``onetest-ci``. 2 is click's own code for a usage error."""

    OK = 0
    GATE = 1
    USAGE = 2
    REPORTS = 3
    NOT_DELIVERED = 4
    REFUSED = 5
    BUDGET = 6
    NOT_EXECUTABLE = 126
    NOT_FOUND = 127
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """One line for the table in the README and in ``--help``."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "done; also an upload that failed in `report`, unless `--fail-on-upload-error` is given",
    ExitCode.GATE: "tests failed and `--fail-on any` is given",
    ExitCode.USAGE: "an option or setting is wrong or missing",
    ExitCode.REPORTS: "a report could not be read to its end, or none was found; with `run`, also a report "
    "that is older than the test command",
    ExitCode.NOT_DELIVERED: "not all was delivered; the bundle is kept and `onetest-ci push` sends the rest",
    ExitCode.REFUSED: "the API key is missing or refused, or the product is unknown",
    ExitCode.BUDGET: "delivery would take more calls than `--max-api-calls` allows (nothing was sent), "
    "or no coins are left",
    ExitCode.NOT_EXECUTABLE: "`run`: the test command cannot be executed",
    ExitCode.NOT_FOUND: "`run`: the test command was not found",
    ExitCode.INTERRUPTED: "interrupted (SIGINT)",
    ExitCode.TERMINATED: "terminated (SIGTERM, SIGHUP)",
}
