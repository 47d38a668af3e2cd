"""Exit codes and their meaning. They are part of the interface and keep their numbers."""

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
        """One line for the README's table."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "done; also a failed upload in `report`, unless `--fail-on-upload-error` is set",
    ExitCode.GATE: "the tests did not pass a gate, such as `--fail-on any`",
    ExitCode.USAGE: "an option or setting is wrong or missing",
    ExitCode.REPORTS: "a report could not be read to its end, or none was found; in `run` also: a "
    "report is older than the test command",
    ExitCode.NOT_DELIVERED: "not everything was delivered; the bundle is kept and `onetest-ci push` "
    "sends the rest",
    ExitCode.REFUSED: "the API key is missing or refused, or the product is unknown",
    ExitCode.BUDGET: "delivery would need more calls than `--max-api-calls` allows (nothing was sent), "
    "or no coins are left",
    ExitCode.NOT_EXECUTABLE: "`run`: the test command cannot be executed",
    ExitCode.NOT_FOUND: "`run`: the test command was not found",
    ExitCode.INTERRUPTED: "interrupted (SIGINT)",
    ExitCode.TERMINATED: "terminated (SIGTERM, SIGHUP)",
}
