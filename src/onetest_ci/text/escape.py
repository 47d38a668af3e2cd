"""Escape untrusted text for each place that shows it. Text from reports is hostile."""

import re
from typing import NewType

from onetest_ci.text.characters import UNPRINTABLE

WorkflowCommand = NewType("WorkflowCommand", str)
"""A command for the CI host, with escaped texts."""

# The patterns of few texts are compiled on first use.
_CONTROL = f"[{UNPRINTABLE}]"
# The same but for the line breaks between the members of a document.
_JSON_CONTROL = f"(?!\n){_CONTROL}"
# A terminal's colours, as they are and as the readers of reports make their escape visible.
_STYLE = "[\x1b\u241b]\\[[0-9;]*m"
# Commands that a host finds anywhere in a line: ``##[`` and ``##vso[`` (GitHub, Azure Pipelines),
# ``##teamcity[``, sections of GitLab, folds of Travis CI. Also with characters in between that a comparison
# by culture, as in GitHub's runner, ignores.
_ANYWHERE = re.compile("(#|section_(?:start|end)|travis_(?:fold|time))(?=(?<=#)[^ -~]*#|(?<!#)[^ -~]*:)")
_STARTS_ANYWHERE = ("#", "section_", "travis_")
# Commands that a host finds at the start of a line: those of GitHub, groups of Buildkite.
_AT_THE_START = re.compile("^([^!-~]*)(:(?=[^ -~]*:)|-(?=--)|[+](?=[+][+])|~(?=~~)|\\^(?=\\^\\^))")
_DEEPEST = 40
_MARKDOWN = r"([\\`*_{}\[\]<>#!|~$@&])"


def one_line(text: str, limit: int = 300) -> str:
    """Return a text for a part of a line, without line breaks, colours and commands of CI hosts.

    The text is cut to ``limit`` characters. Spaces that break up commands are added afterwards.
    """
    text = re.sub(_STYLE, "", text[: limit * 4])
    flat = " ".join(_without_controls(text).split())
    cut = flat if len(flat) <= limit else flat[: limit - 1] + "…"
    return _ANYWHERE.sub(r"\1 ", cut)


def indented_line(text: str, limit: int = 300) -> str:
    """Return ``one_line`` of a text with its indentation, which shows the structure of code and traces."""
    text = text.expandtabs(4)
    indentation = len(text) - len(text.lstrip(" "))
    return " " * min(indentation, _DEEPEST) + one_line(text, limit)


def escape_line(text: str) -> str:
    """Return a whole line in which no terminal and no CI host finds a command.

    Control characters become spaces. A space breaks up the start of a command: anywhere ``##``,
    ``section_start:`` and ``travis_fold:``; at the start of the line ``::``, ``---``, ``+++``, ``~~~`` and
    ``^^^`` (actions/runner, ActionCommand.cs; Azure Pipelines, "Logging
    commands"; TeamCity, "Service messages"; GitLab, "Custom collapsible sections"; Buildkite, "Managing log
    output"; Travis CI, travis_fold in travis-build).
    """
    return _AT_THE_START.sub(r"\1\2 ", _ANYWHERE.sub(r"\1 ", _without_controls(text)))


def escape_json(text: str) -> str:
    """Return equal JSON in which no terminal and no CI host finds a command.

    JSON contains the escaped characters only inside of strings, and no line begins with text of a string.
    """
    # Few documents need an expression, which takes twenty times as long as these checks.
    if not text.replace("\n", "").isprintable():
        text = re.sub(_JSON_CONTROL, lambda found: f"\\u{ord(found[0]):04x}", text)
    if not any(start in text for start in _STARTS_ANYWHERE):
        return text
    return _ANYWHERE.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", text)


def escape_command_data(text: str) -> str:
    """Escape the message of a GitHub workflow command (actions/runner, ActionCommand.cs)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_command_property(text: str) -> str:
    """Escape the value of a property of a GitHub workflow command."""
    return escape_command_data(text).replace(":", "%3A").replace(",", "%2C")


def escape_azure(text: str) -> str:
    """Escape a property or the message of a command (azure-pipelines-agent, Command.cs)."""
    escaped = (("%", "%AZP25"), (";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"))
    for character, code in escaped:
        text = text.replace(character, code)
    return text


def escape_markdown(text: str, limit: int = 300) -> str:
    """Return a text on one line that Markdown renders literally, in a cell of a table too."""
    return (
        re.sub(_MARKDOWN, r"\\\1", one_line(text, limit))
        .replace("\\<", "&lt;")
        .replace("\\>", "&gt;")
        .replace("\\&", "&amp;")
        .replace("\\@", "@\u200b")
        # GitHub makes a link of #12 in the rendered text, where the backslash is gone.
        .replace("\\#", "\\#\u200b")
        # Nor may a host make links of addresses, which hostile texts choose.
        .replace("://", ":\u200b//")
        .replace("www.", "www\u200b.")
    )


def html_code(text: str, limit: int = 300) -> str:
    """Return a text on one line as an element of HTML in which no host looks for links and mentions."""
    safe = one_line(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<code>{safe}</code>"


def code_span(text: str, limit: int = 300) -> str:
    """Return a text on one line as code in Markdown, which no host changes. Empty for an empty text."""
    flat = one_line(text, limit)
    ticks = "`" * (_longest_ticks(flat) + 1)
    # A space at each end is removed again, and keeps the text apart from the backticks.
    return f"{ticks} {flat} {ticks}" if flat[:1] == "`" or flat[-1:] == "`" else flat and ticks + flat + ticks


def code_block(text: str) -> str:
    """Return a text as a fenced block of Markdown. Each of its lines is harmless in a log as well."""
    lines = [escape_line(line).rstrip() for line in re.sub(_STYLE, "", text).splitlines()]
    fence = "`" * max(3, _longest_ticks(text) + 1)
    return "\n".join((f"{fence}text", *lines, fence))


def _longest_ticks(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _without_controls(text: str) -> str:
    """Return a text with a space in place of each control character."""
    return text if text.isprintable() else re.sub(_CONTROL, " ", text)
