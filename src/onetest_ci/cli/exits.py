"""The exit codes of each command, with their meaning there, for help and the reference."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import click

from onetest_ci.exit_codes import ExitCode

OK, GATE, USAGE, REPORTS = ExitCode.OK, ExitCode.GATE, ExitCode.USAGE, ExitCode.REPORTS
NOT_DELIVERED, REFUSED, BUDGET = ExitCode.NOT_DELIVERED, ExitCode.REFUSED, ExitCode.BUDGET

_NO_CALLS: Final = "more calls would be needed than `--max-api-calls` allows, or no coins are left"
_CALLING: Final = {
    USAGE: USAGE.meaning,
    NOT_DELIVERED: "OneTest cannot be reached, or did not do what was requested",
    REFUSED: REFUSED.meaning,
    BUDGET: _NO_CALLS,
}
_UNREAD: Final = "a report could not be read to its end, or none was found"
_REPORT: Final = {code: code.meaning for code in (GATE, USAGE, REPORTS, NOT_DELIVERED, REFUSED, BUDGET)} | {
    OK: "done; also a failed upload, unless `--fail-on-upload-error` is set"
}

EXITS: Final[Mapping[str, Mapping[ExitCode, str]]] = MappingProxyType(
    {
        "report": _REPORT,
        "run": _REPORT | {code: code.meaning for code in (ExitCode.NOT_EXECUTABLE, ExitCode.NOT_FOUND)},
        "collect": {
            OK: "the bundle was written",
            USAGE: USAGE.meaning,
            REPORTS: _UNREAD,
            NOT_DELIVERED: "the bundle cannot be written",
        },
        "push": {
            OK: "everything was delivered",
            USAGE: USAGE.meaning,
            NOT_DELIVERED: "not everything was delivered: run it again; or the bundle is damaged",
            REFUSED: REFUSED.meaning,
            BUDGET: BUDGET.meaning,
        },
        "launch start": {OK: "the launch was started"} | _CALLING,
        "launch finish": {
            OK: "the launch was finished",
            GATE: "with `--results`: the tests did not pass a gate",
            REPORTS: "with `--results`: a file is missing, damaged or incomplete",
        }
        | _CALLING,
        "inspect": {OK: "all reports were read", USAGE: USAGE.meaning, REPORTS: _UNREAD},
        "cases list": {OK: "the list is complete"} | _CALLING,
        "cases create": {OK: "the test case was created"} | _CALLING,
        "cases update": {OK: "the test case was changed"} | _CALLING,
        "cases match": {OK: "all reports and test cases were read", REPORTS: _UNREAD} | _CALLING,
        "cases sync": {OK: "done; without `--apply`: the plan was made", REPORTS: _UNREAD} | _CALLING,
        "api": {OK: "OneTest responded with a status below 400"} | _CALLING,
        "doctor": {
            OK: "a report would be delivered from here",
            USAGE: USAGE.meaning,
            REPORTS: _UNREAD,
            NOT_DELIVERED: "OneTest cannot be reached, or would not take a report",
            REFUSED: REFUSED.meaning,
            BUDGET: "no coins or requests are left",
        },
        "emulator": {
            OK: "it was stopped",
            USAGE: "an option is wrong, or what it names cannot be used",
        },
        "init": {
            OK: "the file was written or shown, or the lines to add were printed",
            USAGE: "an option is wrong, the CI host is not known, or the file cannot be written",
        },
        "completion": {OK: "the script was printed", USAGE: "the shell is not one of these"},
        "help": {OK: "the topic was explained", USAGE: "the topic does not exist"},
    }
)
"""The exit codes of each command, besides those of a signal."""

_ALSO: Final = {
    "report": "that of the test command, by `--test-exit-code N`",
    "run": "that of the test command, if it is not 0; 128+N after the signal N",
    "collect": "that of the test command, by `--test-exit-code N`",
}
_SIGNALS: Final = (ExitCode.INTERRUPTED, ExitCode.TERMINATED)


def exits_of(ctx: click.Context) -> list[tuple[str, str]]:
    """Return the exit codes of the context's command with their meaning, for help."""
    name = ctx.command_path.partition(" ")[2]
    rows = [(str(int(code)), text) for code, text in sorted(EXITS[name].items())]
    rows += [("other", _ALSO[name])] if name in _ALSO else []
    return rows if name == "emulator" else [*rows, *((str(int(one)), one.meaning) for one in _SIGNALS)]
