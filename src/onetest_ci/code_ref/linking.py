"""Whether a test case can name a reference, and a reference that OneTest can keep."""

import hashlib
from collections.abc import Sequence
from typing import Final

from onetest_ci.code_ref.languages import TITLED
from onetest_ci.code_ref.paths import suffix_of
from onetest_ci.model import PYTEST, Suite

LONGEST: Final = 1024
"""Characters of a code_ref (docs/onetest-api.md#limits)."""

WHITE_SPACE: Final = "it holds white space, which separates references in OneTest"
"""Why a title cannot be a reference."""

_DIGEST: Final = 16


def problem_of(ref: str, suites: Sequence[Suite] = ()) -> str:
    """Return why no ``automation_test_id`` is likely to equal a reference. Empty if one may.

    See docs/onetest-api.md#spelling-of-code_ref.

    Args:
        ref: in the style ``file``, if there are suites.
        suites: those around the test.
    """
    if len(ref) > LONGEST:
        return f"it has more than the {LONGEST} characters that OneTest keeps"
    if ref and ref.split() != [ref]:
        return WHITE_SPACE
    if ":" not in ref and suites and suites[-1].producer == PYTEST:
        return (
            "its module is not in the checkout, or several files end in its path, so its file is not known; "
            "collect where the tests ran, or set pytest's junit_family to xunit1"
        )
    return ""


def is_title(ref: str) -> bool:
    """Return whether a reference begins with a file of a language whose tests have titles for names."""
    return suffix_of(ref.partition(":")[0]) in TITLED


def fitted(ref: str) -> str:
    """Return a reference of at most ``LONGEST`` characters. A longer one is cut and ends in a hash."""
    if len(ref) <= LONGEST:
        return ref
    digest = hashlib.sha256(ref.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{ref[: LONGEST - _DIGEST - 1]}~{digest}"
