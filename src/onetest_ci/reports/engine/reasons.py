"""Takes the parts of a failure out of one text, where a report does not have them apart."""

_KINDS = ("Error", "Exception")


def kind_and_message(text: str) -> tuple[str, str]:
    """Return the type of a JavaScript error and its message. The type is empty if the text has none."""
    kind, colon, rest = text.partition(": ")
    if colon and kind.isidentifier() and kind.endswith(_KINDS):
        return kind, rest.strip()
    return "", text.strip()
