"""Untrusted text made safe for each place that it is shown in (design: text from reports is hostile)."""

import re
from typing import NewType

from onetest_ci.text.characters import UNPRINTABLE

WorkflowCommand = NewType("WorkflowCommand", str)
"""A command for the CI host, whose texts are escaped."""

_CONTROL = re.compile(f"[{UNPRINTABLE}]")
# The same but for the line breaks between the members of a document.
_JSON_CONTROL = re.compile(f"(?!\n){_CONTROL.pattern}")
# A terminal's colours, as they are and as the readers of reports make their escape visible.
_STYLE = re.compile("[\x1b\u241b]\\[[0-9;]*m")
# What a host looks for anywhere in a line: ``##[`` and ``##vso[`` (GitHub, Azure Pipelines), ``##teamcity[``,
# sections of GitLab, folds of Travis CI. Also with signs in between that a comparison by culture, as GitHub's
# runner makes it, takes for nothing at all.
_ANYWHERE = re.compile("(#|section_(?:start|end)|travis_(?:fold|time))(?=(?<=#)[^ -~]*#|(?<!#)[^ -~]*:)")
# What a host looks for where a line begins: commands of GitHub, groups of Buildkite.
_AT_THE_START = re.compile("^([^!-~]*)(:(?=[^ -~]*:)|-(?=--)|[+](?=[+][+])|~(?=~~)|\\^(?=\\^\\^))")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#!|~$@&])")


def one_line(text: str, limit: int = 300) -> str:
    """Return a text as a part of a line for people: one line, at most ``limit`` characters."""
    text = _STYLE.sub("", text[: limit * 4])
    flat = " ".join(_CONTROL.sub(" ", text).split())
    cut = flat if len(flat) <= limit else flat[: limit - 1] + "…"
    return _ANYWHERE.sub(r"\1 ", cut)


def escape_line(text: str) -> str:
    """Return a whole line that no terminal and no CI host takes for more than text.

    Control characters become spaces. What a host takes for a command is broken up by a space: ``##``, and at
    the start of the line ``::`` and ``---`` (actions/runner, ActionCommand.cs; Azure Pipelines, "Logging
    commands"; TeamCity, "Service messages"; GitLab, "Custom collapsible sections"; Buildkite, "Managing log
    output"; Travis CI, travis_fold in travis-build).
    """
    return _AT_THE_START.sub(r"\1\2 ", _ANYWHERE.sub(r"\1 ", _CONTROL.sub(" ", text)))


def escape_json(text: str) -> str:
    """Return JSON of the same meaning that no terminal and no CI host takes for more than text.

    Outside of its strings JSON has none of what is escaped here. A string never begins a line.
    """
    escaped = _JSON_CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return _ANYWHERE.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", escaped)


def escape_command_data(text: str) -> str:
    """The message of a GitHub workflow command (actions/runner, ActionCommand.cs)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_command_property(text: str) -> str:
    """A property's value of a GitHub workflow command."""
    return escape_command_data(text).replace(":", "%3A").replace(",", "%2C")


def escape_markdown(text: str, limit: int = 300) -> str:
    """One line of Markdown text that renders as it reads, also inside a table cell."""
    return (
        _MARKDOWN.sub(r"\\\1", one_line(text, limit))
        .replace("\\<", "&lt;")
        .replace("\\>", "&gt;")
        .replace("\\&", "&amp;")
        .replace("\\@", "@\u200b")
    )
