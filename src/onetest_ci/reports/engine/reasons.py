"""Reasons of failures: the parts of a text that a report does not have apart, and shared messages."""

from typing import Final

DID_NOT_END: Final = "the test did not end"
"""The message of a test that began and has no result."""

_KINDS = ("Error", "Exception")


def kind_and_message(text: str) -> tuple[str, str]:
    """Return the type of a JavaScript error and its message. The type is empty if the text has none."""
    kind, colon, rest = text.partition(": ")
    if colon and kind.isidentifier() and kind.endswith(_KINDS):
        return kind, rest.strip()
    return "", text.strip()


def before_trace(text: str) -> str:
    """Return the text of a JavaScript error without its stack trace."""
    return text.split("\n    at ", 1)[0]
