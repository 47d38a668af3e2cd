"""The summary as a host renders it: folded, bounded, complete, without structure from texts of reports."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from onetest_ci.bundle.records import TOTALS, Manifest
from onetest_ci.ci.context import CIContext
from onetest_ci.errors import OnetestError
from onetest_ci.notices import Notice
from onetest_ci.outcome import Delivery, Gate, Outcome, UploadStatus, Verdict
from onetest_ci.outputs import markdown
from onetest_ci.outputs.source_pages import source_page
from onetest_ci.results.run_results import Held, Listed, RunResults, ShownTest
from onetest_ci.text.durations import duration
from onetest_ci.traces.place import Place
from support.command import run
from support.hostile import HOSTILE

AZURE_LINE: Final = "&line=3&lineEnd=3&lineStartColumn=1&lineEndColumn=999&_a=contents"
ENOUGH: Final = 16 * 1024
"""Bytes that every summary fits into, whatever the texts."""
COMMIT: Final = "0123456789abcdef" * 2 + "01234567"
CONTEXT: Final = CIContext(host="github", repository_url="https://github.com/shop/cart", commit=COMMIT)
FENCES: Final = [
    "```",
    "~~~~",
    "`" * 50,
    "</details>",
    "<details><summary>",
    "- 7 more",
    "#### New failures (9)",
    "-->",
]

TEXTS = st.one_of(
    st.sampled_from([*HOSTILE, *FENCES]),
    st.text(max_size=60),
    st.lists(st.sampled_from([*HOSTILE, *FENCES, "at shop.Cart.add(Cart.java:7)"]), max_size=60).map(
        "\n".join
    ),
)
PLACES = st.one_of(
    st.none(), st.builds(Place, TEXTS.filter(bool), st.one_of(st.none(), st.integers(1, 9**9)))
)
TESTS = st.builds(
    ShownTest,
    name=TEXTS,
    suite=TEXTS,
    status=st.sampled_from(["failed", "error"]),
    seconds=st.floats(0, 1e5),
    message=TEXTS,
    trace=TEXTS,
    place=PLACES,
    attempts=st.sampled_from([(), ("failed", "error")]),
    quarantine=st.builds(Held, TEXTS, TEXTS, st.sampled_from(["", "2026-12-31"])),
)


@st.composite
def listed(draw: st.DrawFn) -> Listed:
    """A list with more entries than are generated one by one."""
    tests = tuple(draw(st.lists(TESTS, max_size=4))) * draw(st.sampled_from([1, 1, 30]))
    return Listed(tests, len(tests) + draw(st.sampled_from([0, 0, 2000])))


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    lists: dict[str, Any] = {
        name: draw(listed())
        for name in (
            "new_failures",
            "still_failing",
            "quarantined",
            "flaky",
            "skipped",
            "slowest",
            "vanished",
        )
    }
    bad = sum(lists[name].total for name in ("new_failures", "still_failing", "quarantined"))
    text = draw(TEXTS)
    error = OnetestError(text[:50] or "x", text, text)
    return Outcome(
        manifest=Manifest(
            launch_uuid="u",
            launch_name=text,
            start_ms=0,
            end_ms=0,
            totals=TOTALS | {"tests": bad, "failures": bad},
            notices=(Notice("status", draw(TEXTS)), Notice("status", draw(TEXTS))),
        ),
        delivery=Delivery(error=draw(st.sampled_from([None, error])), lost=[text]),
        gate=Gate("any", (Verdict("--fail-on any", passed=False, text=f"{bad} tests failed"),)),
        results=RunResults(**lists, compared=draw(st.booleans())),
        notes=[text],
    )


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or [token]


@settings(max_examples=60, deadline=None)
@given(outcomes(), st.sampled_from([ENOUGH, 20_000, 65_536, markdown.STEP_SUMMARY]))
def test_no_text_changes_the_structure(outcome: Outcome, budget: int) -> None:
    text = markdown.summary(outcome, budget=budget, page_of=lambda place: source_page(CONTEXT, place))
    assert len(text.encode()) <= budget
    tokens = parsed(text)
    html = "".join(token.content for token in inline(tokens) if token.type in {"html_block", "html_inline"})
    tags = re.findall("<[^>]*>", html)
    assert set(tags) <= {
        f"<{slash}{tag}>" for tag in ("details", "summary", "code") for slash in ("", "/")
    } | {"<br>"}
    depth = 0
    for tag in tags:
        depth += {"<details>": 1, "</details>": -1}.get(tag, 0)
        assert depth in {0, 1}
    assert depth == 0
    assert tags.count("<summary>") == tags.count("</summary>") == tags.count("<details>")
    assert [token for token in inline(tokens) if token.type in {"image", "table_open", "hr"}] == []
    links = {str(token.attrs["href"]) for token in inline(tokens) if token.type == "link_open"}
    assert all(link.startswith(f"https://github.com/shop/cart/blob/{COMMIT}/") for link in links)
    levels = [token.tag for token in tokens if token.type == "heading_open"]
    assert levels[0] == "h3"
    assert set(levels[1:]) <= {"h4"}


@settings(max_examples=40, deadline=None)
@given(outcomes(), st.sampled_from([ENOUGH, 20_000, 65_536, markdown.STEP_SUMMARY]))
def test_each_failure_is_shown_or_counted(outcome: Outcome, budget: int) -> None:
    assert outcome.results is not None
    text = markdown.summary(outcome, budget=budget)
    tokens = parsed(text)
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"][1:]
    totals = {
        "New failures" if outcome.results.compared else "Failed tests": outcome.results.new_failures.total,
        "Still failing": outcome.results.still_failing.total,
    }
    assert headings == [f"{title} ({total:,})" for title, total in totals.items() if total]
    assert f"{outcome.manifest.totals['tests']:,} tests" in text or outcome.manifest.totals["tests"] == 1
    for total, shown in zip(filter(None, totals.values()), _entries(tokens), strict=True):
        assert shown == total


def _entries(tokens: list[Token]) -> Iterator[int]:
    """Yield how many failures each heading has below it: folded ones, lines, and those that are counted."""
    starts = [at for at, token in enumerate(tokens) if token.type == "heading_open"][1:]
    # After the last failure comes what became of the delivery.
    end = next(at for at, token in enumerate(tokens) if token.content.startswith("⚪ OneTest"))
    for start, stop in pairwise([*starts, end]):
        count = 0
        for token in tokens[start + 3 : stop]:
            if token.type == "html_block":
                folded = re.match("<details><summary>(.*)", token.content)
                if folded and not folded[1].startswith("<code>"):
                    break
                count += bool(folded)
            elif token.type == "inline":
                found = re.fullmatch(
                    r"([0-9,]+) more(?: failed tests?; the reports contain them)", token.content
                )
                count += (
                    int(found[1].replace(",", "")) if found else token.level > 1 and token.content[:1] == "`"
                )
        yield count


def outcome_of(tests: int, **changes: Any) -> Outcome:
    entries = tuple(
        ShownTest(name=f"test {number}", status="failed", message="expected 1", trace="at x\n" * 30)
        for number in range(min(tests, 1000))
    )
    outcome = Outcome(
        manifest=Manifest(
            launch_uuid="u",
            launch_name="Nightly",
            start_ms=0,
            end_ms=0,
            totals=TOTALS | {"tests": tests + 1, "failures": tests, "passed": 1, "seconds": 3661.2},
        ),
        delivery=Delivery(status=UploadStatus.DELIVERED),
        gate=Gate("never"),
        results=RunResults(new_failures=Listed(entries, tests)),
    )
    return outcome._replace(**changes)


def test_many_failures_are_shown_in_full_then_in_a_line_then_as_a_number() -> None:
    text = markdown.summary(outcome_of(3000), budget=65_536)
    folded, lines = text.count("<details>"), len(re.findall("^- `test", text, re.MULTILINE))
    assert folded > 50
    assert lines > 300
    assert f"- {3000 - folded - lines:,} more failed tests; the reports contain them\n" in text
    assert "**3,000 of 3,001 tests failed**" in text
    assert "in 1 h 1 min" in text


def test_the_verdict_is_there_without_any_room() -> None:
    error = OnetestError("x", "OneTest refused the key", "Make another one.")
    verdict = Verdict("--fail-on any", passed=False, text="3 of 4 tests failed")
    outcome = outcome_of(
        3, gate=Gate("any", (verdict,)), delivery=Delivery(status=UploadStatus.REFUSED, error=error)
    )
    text = markdown.summary(outcome, budget=0)
    assert "**3 of 4 tests failed**" in text
    assert "Failed: 3 of 4 tests failed (--fail-on any)." in text
    assert "> OneTest refused the key. Make another one." in text
    assert text.count("OneTest: **refused**") == 1
    assert "- 3 more failed tests; the reports contain them\n" in text


def test_results_that_could_not_be_read_hide_no_failure() -> None:
    text = markdown.summary(outcome_of(3, results=None))
    assert text.startswith("### ❌ Nightly\n\n**3 of 4 tests failed**")
    assert "- 3 more failed tests; the reports contain them\n" in text


def test_failures_in_quarantine_are_apart_and_not_green() -> None:
    quarantined = ShownTest(
        name="slow", status="failed", message="late", place=Place("a.py", 3), quarantine=Held("known")
    )
    text = markdown.summary(outcome_of(1, results=RunResults(quarantined=Listed((quarantined,), 1))))
    assert text.startswith("### ⚠️ Nightly\n\n**1 of 2 tests failed, all of them in quarantine**")
    assert "<details><summary>1 failed test in quarantine</summary>\n\n- `slow`: `late` (`a.py:3`)" in text
    assert "####" not in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.35, "350 ms"),
        (0.9996, "1.0 s"),
        (2.345, "2.3 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min"),
        (65, "1 min 5 s"),
        (3599.6, "1 h"),
        (3660, "1 h 1 min"),
        (90_061, "25 h 1 min"),
    ],
)
def test_a_duration_as_people_write_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("host", "url", "page"),
    [
        ("github", "https://github.com/a/b", f"https://github.com/a/b/blob/{COMMIT}/x%20%28y%29.py#L3"),
        ("", "git@github.com:a/b.git", f"https://github.com/a/b/blob/{COMMIT}/x%20%28y%29.py#L3"),
        ("gitlab", "https://code.example/g/b", f"https://code.example/g/b/-/blob/{COMMIT}/x%20%28y%29.py#L3"),
        (
            "",
            "ssh://git@gitlab.example:2222/g/b.git",
            f"https://gitlab.example/g/b/-/blob/{COMMIT}/x%20%28y%29.py#L3",
        ),
        (
            "bitbucket",
            "https://bitbucket.org/a/b",
            f"https://bitbucket.org/a/b/src/{COMMIT}/x%20%28y%29.py#lines-3",
        ),
        (
            "drone",
            "https://gitea.example/a/b.git",
            f"https://gitea.example/a/b/src/commit/{COMMIT}/x%20%28y%29.py#L3",
        ),
        (
            "azure",
            "git@ssh.dev.azure.com:v3/o/p/r",
            f"https://dev.azure.com/o/p/_git/r?path=/x%20%28y%29.py&version=GC{COMMIT}{AZURE_LINE}",
        ),
        ("jenkins", "https://code.example/a/b", ""),
        ("jenkins", "/srv/git/a", ""),
    ],
)
def test_the_page_of_a_line(host: str, url: str, page: str) -> None:
    context = CIContext(host=host, repository_url=url, commit=COMMIT)
    assert source_page(context, Place("x (y).py", 3)) == page
    assert source_page(context._replace(commit=""), Place("x (y).py", 3)) == ""


def test_addresses_in_texts_of_reports_are_not_links(tmp_path: Path) -> None:
    hostile = "see https://evil.example/a www.evil.example [x](https://evil.example)"
    cases = "".join(
        f'<testcase classname="{hostile}" name="{hostile} {number}">{body}</testcase>'
        for number, body in enumerate(
            (f'<failure message="{hostile}"/>', f'<skipped message="{hostile}"/>', "<failure/>", "")
        )
    )
    twice = f'<testcase classname="{hostile}" name="{hostile} 2"/>'
    text = f'<testsuite name="{hostile}" tests="99" timestamp="{hostile}">{cases}{twice}</testsuite>'
    (tmp_path / "r.xml").write_text(text, encoding="utf-8")
    run("report", "--dry-run", "r.xml", "--summary", "s.md", "--launch-name", hostile, cwd=tmp_path)
    summary = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert "1 test merged by name" in summary
    code = r"(?s)```.*?```|`[^`]*`|<code>.*?</code>"
    assert not re.search(r"(?:://|www\.)evil", re.sub(code, "", summary))
