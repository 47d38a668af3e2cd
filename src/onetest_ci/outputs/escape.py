"""Untrusted text made safe for each place that it is shown in (design: text from reports is hostile)."""

import re

# C0 and C1 controls, line separators, and the marks that turn the direction of text around.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# A terminal's colours, as they are and as the readers of reports make their escape visible.
_STYLE = re.compile("[\x1b\u241b]\\[[0-9;]*m")
# Also with signs in between that a comparison by culture, as the runner makes it, takes for nothing at all.
_DOUBLE_HASH = re.compile("#(?=[^ -~]*#)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#!|~$@&])")


def line(text: str, limit: int = 300) -> str:
    """One line for a terminal or a CI log, at most ``limit`` characters.

    Control characters become spaces. ``##`` is broken up: GitHub and Azure look for ``##[`` and ``##vso[``
    anywhere in a line (actions/runner, ActionCommand.cs), TeamCity for ``##teamcity[``. A line that begins
    with ``::`` must have something before it; every caller puts a label there.
    """
    text = _STYLE.sub("", text[: limit * 4])
    flat = " ".join(_CONTROL.sub(" ", text).split())
    cut = flat if len(flat) <= limit else flat[: limit - 1] + "…"
    return _DOUBLE_HASH.sub("# ", cut)


def command_data(text: str) -> str:
    """The message of a GitHub workflow command (actions/runner, ActionCommand.cs)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property's value of a GitHub workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str, limit: int = 300) -> str:
    """One line of Markdown text that renders as it reads, also inside a table cell."""
    return (
        _MARKDOWN.sub(r"\\\1", line(text, limit))
        .replace("\\<", "&lt;")
        .replace("\\>", "&gt;")
        .replace("\\&", "&amp;")
        .replace("\\@", "@\u200b")
    )
