"""Names and messages of tests that try to be more than text."""

from xml.sax.saxutils import quoteattr

HOSTILE = [
    "::error::injected",
    "::set-output name=x::y",
    "::add-mask::a",
    "  ::warning::indented",
    "##[add-mask]b",
    "###[add-mask]b",
    "####[error]b",
    "#\u200b#[add-mask]b",
    "#\u00ad##[group]b",
    "#\u2060#\u2060[set-env name=A]b",
    "line\n::error::after a line feed",
    "line\r::error::after a carriage return",
    "line\r\n::stop-commands::x",
    "line\u2028::error::x",
    "line\u0085::error::x",
    "\u00a0::error::x",
    "::error file=a.py,line=1::%0A%0D%25",
    "]]>",
    "</td></tr></table><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b || c \\| d \\",
    "`code` ``` fence",
    "| --- | --- |",
    "onetest_00000000000000000000000000000000",
    "tests<<EOF",
    "EOF",
    "\u202eright to left\u2066",
    "@everyone #1 [x](javascript:x) ![y](z) ~~s~~ **b** __i__ $x$",
    "&amp; &lt;script&gt; &#124;",
    "😀 größe \u0301",
    " ",
]
CONTROLS = ["\x1b[2J\x1b[31mred\x07", "nul\x00byte\x08\x7f", "&#xD800;surrogate", "\x9b31m"]
"""What no XML may hold; a reader that repairs reads on."""


def hostile_suite() -> tuple[str, int]:
    attributes = [quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\u0085": "&#x85;"}) for text in HOSTILE]
    attributes += [f'"{text}"' for text in CONTROLS]
    cases = "".join(
        f"<testcase classname={text} name={text} file={text}><failure type={text} message={text}/></testcase>"
        for text in attributes
    )
    return f"<testsuite name={attributes[0]}>{cases}</testsuite>", len(attributes)
