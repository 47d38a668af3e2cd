"""Split the text of a variable, an action input or a plugin setting into the values of an option."""

from onetest_ci.settings.option import Option


def split(text: str, option: Option) -> tuple[str, ...]:
    """Return the values in a text: its lines if the option has several. Empty values are left out."""
    values = text.splitlines() if option.multiple else [text]
    return tuple(value.strip() for value in values if value.strip())


def split_plugin_text(text: str, option: Option) -> tuple[str, ...]:
    """Return the values of a plugin step's setting, as Woodpecker and Drone put it into a variable.

    Both hosts keep a text, join a list of texts with commas, and write a mapping, or a list that contains
    one, as JSON (woodpecker: settings/params.go; so do the runners of Drone). So a comma separates values
    only in one line that is not JSON, and outside of the braces of a pattern.
    """
    if not option.multiple:
        return split(text, option)
    found = _json_values(text) if text.lstrip()[:1] in {"{", "["} else None
    if found is not None:
        return tuple(value for value in found if value.strip())
    if "\n" in text.strip():
        return split(text, option)
    return split(_break_at_commas(text) if option.is_path else text.replace(",", "\n"), option)


def _break_at_commas(text: str) -> str:
    """Return a line of patterns with a line break in place of each comma outside of braces."""
    depth = 0
    found = []
    for at, character in enumerate(text):
        if character == "{":
            depth += "}" in text[at:]
        elif character == "}":
            depth = max(0, depth - 1)
        found.append("\n" if character == "," and not depth else character)
    return "".join(found)


def _json_values(text: str) -> list[str] | None:
    """Return the values of a JSON mapping or list; None for anything else, such as a pattern in brackets."""
    import json  # noqa: PLC0415 - only plugin steps need it

    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    entries = document if isinstance(document, list) else [document]
    values = []
    for entry in entries:
        if isinstance(entry, dict):
            values += [f"{key}={_scalar(value)}" for key, value in entry.items()]
        else:
            values.append(_scalar(entry))
    return values


def _scalar(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
