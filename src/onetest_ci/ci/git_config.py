"""Read one value of a git configuration file (git-config(1), "Syntax"); includes are not followed."""

import re
from typing import Final

# Both are compiled on first use.
_SECTION: Final = r'\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]'
_ENTRY: Final = r"(?s)([A-Za-z][A-Za-z0-9-]*+)\s*+=(.*)"
_ESCAPES: Final = {"n": "\n", "t": "\t", "b": "\b"}


def value(config: str, section: str, subsection: str, key: str) -> str:
    """Return the first value of ``section.subsection.key``; empty if there is none."""
    inside = False
    # A backslash at the end of a line continues it.
    for raw_line in config.replace("\r\n", "\n").replace("\\\n", "").split("\n"):
        line = raw_line.strip()
        header = re.match(_SECTION, line)
        if header is not None:
            name = re.sub(r"\\(.)", r"\1", header[2] or "")
            inside = header[1].lower() == section and name == subsection
            line = line[header.end() :].strip()
        entry = re.match(_ENTRY, line) if inside else None
        if entry is not None and entry[1].lower() == key:
            return _unquoted(entry[2])
    return ""


def _unquoted(text: str) -> str:
    """Return a value without quotes, escapes and the comment after it."""
    out: list[str] = []
    quoted = False
    characters = iter(text)
    for character in characters:
        if character == "\\":
            escaped = next(characters, "")
            out.append(_ESCAPES.get(escaped, escaped))
        elif character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            break
        else:
            out.append(character)
    return "".join(out).strip()
