"""The mark that stands in a long text in place of its middle."""

import re
from typing import Final

CUT_END: Final = " characters cut …\n"
CUT: Final = re.compile(rf"\n… [0-9,]+{CUT_END}")


def joined(head: str, dropped: int, tail: str) -> str:
    """Return head and tail of a text with a mark between them."""
    return f"{head}\n… {dropped:,}{CUT_END}{tail}"
