"""Reports to start from, and how the suite changes them: the same inputs each time."""

import gzip
import io
import random
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from support.corpus import CORPUS, ORACLE
from support.samples import DATA, SAMPLES, sample

ALL = """<?xml version="1.0" encoding="UTF-8"?>
<!-- all that the reader knows -->
<testsuites name="all" tests="9" time="1,234.5">
 <properties><property name="of" value="root"/></properties>
 <testsuite name="outer" timestamp="2026-01-02T03:04:05+01:00" tests="9" file="a/b.py">
  <properties><property name="os" value="linux"/><property name="text">in the element</property></properties>
  <testsuite name="inner"><testcase classname="a.B" name="nested[1]" time="PT1.5S" line="7"/></testsuite>
  <testcase classname="a.B" name="repeated" time="1:02.5"><failure message="m &lt; &#x41;" type="T">trace
   [[ATTACHMENT|no.png]]</failure><system-out>[[ATTACHMENT|a b.png]]</system-out></testcase>
  <testcase classname="a.B" name="repeated" time="0,014"/>
  <testcase name="skips"><skipped message="why"/></testcase>
  <testcase name="not run" status="notrun" lineno="3"/>
  <testcase name="twice"><error type="E"><![CDATA[a ]]><![CDATA[]]]]><![CDATA[>]]></error><failure/>
  </testcase>
  <testcase name="flaky"><flakyFailure message="1"><stackTrace>st</stackTrace><system-out>o</system-out>
   </flakyFailure><flakyError type="x">own</flakyError><system-err>e</system-err></testcase>
  <testcase name="reruns"><failure>first</failure><rerunFailure>second</rerunFailure><rerunError/></testcase>
  <testcase><properties><property name="attachment1" value="c.txt"/></properties>
   <odd><testcase/></odd></testcase>
  <error message="of the suite"/><system-out>of the suite</system-out>
 </testsuite>
 <testcase name="loose" timestamp="Fri, 02 Jan 2026 03:04:05 GMT" time="NaN"/>
</testsuites>
"""
SMALL = '<t:testsuite xmlns:t="urn:x" name="s"><t:testcase name="grün"/></t:testsuite>'
HOSTILE = [
    b'<!DOCTYPE t [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>',
    b"> npm test\n\x1b[32mok\n<testsuites><testsuite><testcase name='\x1b'/></testsuite></testsuites>\nbye",
    b"\xef\xbb\xbf<testsuite><testcase name='a'>&#27;&#xFFFE;</testcase>",
    b'<?xml version="1.0" encoding="Shift_JIS"?><testsuite><testcase name="\x93\xfa"/></testsuite>',
]


def own() -> list[bytes]:
    """Small reports that touch all the reader knows, also packed and in other encodings."""
    documents = [ALL.encode(), SMALL.encode(), *HOSTILE]
    others = [SMALL.encode("utf-16"), SMALL.encode("utf-16-be"), ALL.encode("utf-16-le")]
    return [
        *documents,
        *others,
        gzip.compress(ALL.encode(), mtime=0),
        packed(*documents[:2], gzip.compress(b"x", mtime=0)),
    ]


def packed(*contents: bytes) -> bytes:
    """A zip of reports under awkward names."""
    names = ["a.xml", "../b.xml", "c/d.xml", "a.xml"]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in zip(names, contents, strict=False):
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def native() -> list[bytes]:
    """A small report of each other format."""
    result = next((DATA / "produced/allure-pytest/reports/results").glob("*-result.json"))
    return [*(sample(report_format) for report_format in SAMPLES), result.read_bytes()]


def of_formats(names: Sequence[str]) -> Iterator[bytes]:
    """The reports of some formats: the sample, and those of the rules."""
    for name in names:
        yield sample(name)
        for path in sorted((DATA / "rules" / name).iterdir()):
            if path.is_file() and path.name != "expected.json":
                yield path.read_bytes()


def words_of(reports: Iterable[bytes]) -> list[bytes]:
    """The short strings of JSON reports: names of members, and the words that are verdicts and kinds."""
    return sorted({word for report in reports for word in re.findall(rb'"[A-Za-z_.$-]{2,24}"', report)})


def seeds() -> Iterator[bytes]:
    """The own ones, then those of the corpus of real reports where that is at hand."""
    yield from own()
    yield from native()
    if ORACLE.is_file():
        import json  # noqa: PLC0415 - here only

        files = json.loads(ORACLE.read_text(encoding="utf-8"))["files"]
        for name in files:
            yield (CORPUS / "files" / name).read_bytes()


def mutated(seed: bytes, choose: random.Random) -> bytes:
    """One to five changes: bytes flipped, pieces cut out, doubled or moved, tokens put in."""
    data = bytearray(seed)
    for _ in range(choose.randint(1, 5)):
        if not data:
            break
        at = choose.randrange(len(data))
        to = min(len(data), at + choose.choice((1, 1, 2, 8, 64, 1024)))
        match choose.randrange(7):
            case 0:
                data[at] = choose.randrange(256)
            case 1:
                del data[at:to]
            case 2:
                data[at:at] = data[at:to] * choose.randint(1, 20)
            case 3:
                del data[to:]
            case 4:
                data[at:at] = choose.choice(TOKENS)
            case 5:
                other = choose.randrange(len(data))
                data[at:to] = data[other : other + (to - at)]
            case _:
                data[at:at] = choose.choice(TOKENS) * choose.choice((1, 100, 600))
    return bytes(data)


TOKENS = [
    *(
        b"<testsuite>",
        b"</testsuite>",
        b'<testcase name="x">',
        b"</testcase>",
        b"<failure>",
        b"</failure>",
        b"<a>",
    ),
    *(
        b"</rerunFailure>",
        b"</flakyError>",
        b"</stackTrace>",
        b"<skipped/>",
        b"<error/>",
        b'encoding="Shift_JIS"',
    ),
    *(
        b'status="notrun"',
        b'time="PT1M2S"',
        b'time="1,234.5"',
        b'timestamp="2026-01-01T00:00:00"',
        b"PK\x03\x04",
    ),
    *(b"<system-out>", b"</system-out>", b"<rerunFailure>", b"<flakyError>", b"<stackTrace>", b"<property "),
    *(
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"<?xml ?>",
        b"<!DOCTYPE a [",
        b"&a;",
        b"&#0;",
        b"&#x1F600;",
        b"&lt;",
    ),
    *(
        b"\0",
        b"\x1b",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b' time="-1"',
        b' line="9"',
    ),
    *(
        b' encoding="utf-16"',
        b' encoding="cp037"',
        b"[[ATTACHMENT|",
        b"]]",
        b"=",
        b'"',
        b"<",
        b">",
        b"/>",
        b"\n" * 50,
    ),
    # Of the other formats.
    *(b"{", b"}", b"[", b"]", b": ", b", ", b"null", b"true", b"1e999", b"-1", b"NaN", b'""', b'"\\ud800"'),
    *(
        b'"status": "failed"',
        b'"steps": [',
        b'"results": [',
        b'"retry": 1',
        b'{"Action":"fail","Package":"p"}\n',
    ),
    *(
        b"not ok 1 - x\n",
        b"ok 2 # SKIP y\n",
        b"1..3\n",
        b"    ok 1\n",
        b"  ---\n",
        b"  ...\n",
        b"Bail out!\n",
    ),
    *(
        b"<TestCase>",
        b"</TestCase>",
        b"<TestSuite>",
        b"</TestSuite>",
        b"<test>",
        b"</test>",
        b'result="Fail"',
    ),
    *(
        b'outcome="Failed"',
        b"<status/>",
        b"<kw>",
        b"</kw>",
        b'status="SKIP"',
        b'is-config="true"',
        b"<failure>",
    ),
]
