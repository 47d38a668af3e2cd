"""Make Markdown that contains texts of reports harmless in a comment.

A comment does more than the summary of a step. It notifies people, links issues and commits, and on GitLab a
line that begins with a slash is a command (GitLab's documentation, "Quick actions"). Both hosts search the
rendered text, so an escape of Markdown does not prevent it. A character without width between the parts does.
"""

import re
from typing import Final

_GAP: Final = "\u200b"
# The address of a link is not searched, and our links have this form. Where a text of a report has it, it is
# escaped, or it is in code, which hosts do not search either.
_ADDRESS: Final = r"(?<!\\)\]\(<https?://[^<>\s]*>\)"
_RULES: Final = (
    # A comment of HTML: the sections of the comment are between such marks.
    ("<!--", f"<!{_GAP}--"),
    # People and teams.
    (r"@(?=[A-Za-z0-9_])", f"@{_GAP}"),
    # Issues, merge requests, snippets, labels and milestones by number; not an entity of HTML.
    (r"(?<!&)([#!$%~])(?=[0-9])", rf"\1{_GAP}"),
    (r"&amp;(?=[0-9])", f"&amp;{_GAP}"),
    (r"(?i)\b(GH)-(?=[0-9])", rf"\1{_GAP}-"),
    # The address of an issue links it too.
    (r"(?i)\b(https?|ftp)(?=://)", rf"\1{_GAP}"),
    (r"(?i)\bwww(?=\.)", f"www{_GAP}"),
)
_COMMAND: Final = r"(?m)^([^\S\n]*)/(?=\S)"


def inert(markdown: str) -> str:
    """Return Markdown that notifies no person, links no issue, runs no command and contains no HTML comment.

    Args:
        markdown: rendered, with escaped texts. The addresses of its links stay as they are.
    """
    parts = re.split(f"({_ADDRESS})", markdown.replace("\r\n", "\n").replace("\r", "\n"))
    # The odd parts are the addresses.
    parts[::2] = map(_without_references, parts[::2])
    return re.sub(_COMMAND, rf"\1{_GAP}/", "".join(parts))


def _without_references(text: str) -> str:
    for pattern, replacement in _RULES:
        text = re.sub(pattern, replacement, text)
    return text
