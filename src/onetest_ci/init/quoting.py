"""Quote texts for YAML, shells and Groovy."""

import json
import re
from typing import Final

_PLAIN: Final = r"[A-Za-z_./][A-Za-z0-9_./@+=-]*(?: [A-Za-z0-9_./@+=-]+)*"
_WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def yaml_text(text: str) -> str:
    """Return a text as a scalar of YAML, without quotes where none are needed."""
    if re.fullmatch(_PLAIN, text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def yaml_block(commands: tuple[str, ...], indent: str) -> list[str]:
    """Return commands as the lines of a YAML text, which begin with the one after its key."""
    return [f"{indent}{line}" for command in commands for line in command.split("\n")]


def groovy_text(text: str) -> str:
    """Return a text as a string of Groovy, in which nothing is evaluated."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def groovy_script(commands: tuple[str, ...], indent: str) -> list[str]:
    """Return the lines of a shell script as a string of Groovy, in which nothing is evaluated."""
    lines = [line for command in commands for line in command.split("\n")]
    if len(lines) == 1:
        return [groovy_text(lines[0])]
    escaped = [line.replace("\\", "\\\\").replace("'''", "\\'\\'\\'") for line in lines]
    return ["'''", *(f"{indent}    {line}" for line in escaped), f"{indent}'''"]
