"""What a GitHub runner makes of a step's log and of its file commands, by its source.

actions/runner: ActionCommand.cs (commands in the log), FileCommandManager.cs (outputs),
CreateStepSummaryCommand (1 MiB). The rules are copied, not the code.
"""

import re
from typing import NamedTuple

SUMMARY_LIMIT = 1024 * 1024
REGISTERED = frozenset(
    {
        "add-mask",
        "add-matcher",
        "add-path",
        "debug",
        "echo",
        "endgroup",
        "error",
        "group",
        "internal-set-repo-path",
        "notice",
        "remove-matcher",
        "save-state",
        "set-env",
        "set-output",
        "stop-commands",
        "warning",
    }
)
# .NET compares by culture there, which takes these for nothing at all.
_IGNORED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)


class Command(NamedTuple):
    """A command that the runner acts on."""

    name: str
    properties: dict[str, str]
    data: str


def commands(log: str) -> list[Command]:
    """The commands in a log, both as it stands and with the characters that comparisons overlook left out."""
    found = []
    for line in re.split(r"\r\n|\n|\r", log):
        readings = dict.fromkeys((line, _IGNORED.sub("", line)))
        found += [
            command for reading in readings for command in [_modern(reading) or _legacy(reading)] if command
        ]
    return list({str(command): command for command in found}.values())


def _modern(line: str) -> Command | None:
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        return None
    info, _, data = line[2:].partition("::")
    name, _, properties = info.partition(" ")
    if name.lower() not in REGISTERED:
        return None
    pairs = [pair.split("=", 1) for pair in properties.strip().split(",") if "=" in pair]
    return Command(name, {key: _unescaped(value) for key, value in pairs}, _unescaped(data))


def _legacy(line: str) -> Command | None:
    _, prefix, rest = line.partition("##[")
    info, bracket, data = rest.partition("]")
    name = info.partition(" ")[0]
    return Command(name, {}, data) if prefix and bracket and name.lower() in REGISTERED else None


def _unescaped(text: str) -> str:
    for replacement, token in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(replacement, token)
    return text


def outputs(text: str) -> dict[str, str]:
    """The outputs in a GITHUB_OUTPUT file; what the runner would fail the step for fails here."""
    found: dict[str, str] = {}
    lines = text.split("\n")
    assert lines.pop() == "", "the last line has no end"
    waiting = iter(lines)
    for line in waiting:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, value = line.partition("=")
        else:
            assert heredoc >= 0, f"invalid format {line!r}"
            name, _, delimiter = line.partition("<<")
            assert name
            assert delimiter
            value_lines = []
            for value_line in waiting:
                if value_line == delimiter:
                    break
                value_lines.append(value_line)
            else:
                raise AssertionError(f"delimiter {delimiter!r} not found")
            value = "\n".join(value_lines)
        found[name] = value
    return found
