"""Quote texts for YAML, shells and Groovy."""

import json
import re
from typing import Final

# A letter, or a dot or underscore before one, begins neither a number nor anything else of YAML.
_PLAIN: Final = r"[._]?[A-Za-z/].*"
_NOT_PLAIN: Final = r": | #|[: ]\Z"
_WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", ".inf", ".nan"})


def yaml_text(text: str) -> str:
    """Return a text as a scalar of YAML in block style, without quotes where none are needed."""
    plain = text.isprintable() and re.fullmatch(_PLAIN, text) and not re.search(_NOT_PLAIN, text)
    return text if plain and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


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
