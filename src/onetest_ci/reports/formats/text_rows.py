"""The formats of text. A new one is a module in this folder and a row here."""

import re
from typing import Final

from onetest_ci.reports.engine.format import Format, Lines, text_format

_TAP: Final = Lines(
    certain=re.compile(rb"TAP version \d"),
    # A plan on a line of its own; a test point if a plan follows, or a failure.
    likely=re.compile(
        rb"\A(?:1\.\.\d+[ \t\r]*(?:#[^\n]*)?$|not ok \d+|ok \d.*^(?:1\.\.\d|not ok\b)|Bail out!)",
        re.MULTILINE | re.DOTALL,
    ),
    possible=re.compile(rb"1\.\.\d+\b|ok(?: \d+| - |[ \t\r]*$)|not ok\b|Bail out!", re.MULTILINE),
    within=re.compile(rb"\A.*?^TAP version \d+[ \t\r]*$", re.MULTILINE | re.DOTALL),
)

_EXUNIT_WITHIN: Final = re.compile(
    # The first line, the end of a test, the line behind the last one, and tests that do not compile.
    rb"\A.*?(?:^Running ExUnit with seed: \d|\[L#\d{1,9}\][\r\x1b]"
    rb"|^Finished in \d{1,9}\.\d{1,9} seconds \(\d{1,9}\.\d{1,9}s (?:on load|async), "
    rb"|^== Compilation error in file test/)",
    re.MULTILINE | re.DOTALL,
)

_EXUNIT: Final = Lines(
    certain=re.compile(rb"Running ExUnit with seed: \d+, max_cases: \d"),
    likely=_EXUNIT_WITHIN,
    possible=_EXUNIT_WITHIN,
    within=_EXUNIT_WITHIN,
)

TEXT_FORMATS: Final[tuple[Format, ...]] = (
    text_format("exunit", "ExUnit text", _EXUNIT, "exunit"),
    text_format("tap", "TAP", _TAP, "tap"),
)
