"""The body of the comment: what fits, what is left out, and that no text of a report is more than text."""

import re
from typing import Final
from xml.sax.saxutils import quoteattr

import pytest

from comments.conftest import Jobs
from onetest_ci.comments.inert import inert
from onetest_ci.comments.sections import LIMIT, Section, compose, is_ours, sections_of, size
from onetest_ci.text.escape import escape_markdown
from support.hostile import HOSTILE

MARK: Final = "<!-- onetest-ci:section 0123456789abcdef 1 9 9 0123456789abcdef 0 0 -->"
TEXTS: Final = [
    *HOSTILE,
    *(MARK, f"x\n{MARK}\nall is well\n<!-- onetest-ci:end -->", "<!-- onetest-ci:comment:1 -->"),
    *("@octocat", "mail me@example.com", "@acme/team", "(@octocat)", "](@octocat)", "`@octocat`"),
    *("#123", "fixes #1", "acme/shop#7", "GH-12", "!77", "$3", "~5", "%4", "&6", "[#5](x)"),
    *("https://github.com/acme/shop/issues/1", "www.example.com", "http://x/@a"),
    *("/close", " /merge", "a\n/approve\nb", "a\r/assign @me", "--> /label ~x", "</details>", "<script>"),
]
REFERENCES: Final = (
    r"@\w",
    r"(?<!&)[#!$~%][0-9]",
    r"(?i)\bgh-[0-9]",
    r"(?i)https?://",
    r"(?m)^\s*/\S",
    "<!--",
    "(?i)<script",
)


def section(number: int, *, details: int = 0, bad: bool = False, head: int = 40) -> Section:
    lines = "detail\n" * (details // 7)
    name = "h" * head
    return Section(
        f"{number:016x}", 1, 5, 1, f"{number:016x}", int(bad), bad, f"{name} {number}", lines.strip()
    )


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("way", ["escaped", "raw"])
def test_a_text_is_only_text(text: str, way: str) -> None:
    shown = inert(escape_markdown(text) if way == "escaped" else text)
    left = [pattern for pattern in REFERENCES if re.search(pattern, _without_addresses(shown))]
    # Raw HTML is the renderer's, which escapes texts.
    assert [one for one in left if way == "escaped" or one != "(?i)<script"] == []
    assert sections_of(shown) == []


def _without_addresses(text: str) -> str:
    return re.sub(r"(?<!\\)\]\(<https?://[^<>\s]*>\)", "", text)


def test_the_address_of_a_link_stays() -> None:
    link = "[launch](<https://onetest.example/@a/#1>) and [line](<https://h/x/y.py#L3>) &#39;"
    assert inert(link) == link


def test_hostile_names_make_one_section_of_text(jobs: Jobs) -> None:
    cases = "".join(
        f"<testcase classname={quoted} name={quoted}><failure message={quoted}>x</failure></testcase>"
        for quoted in (quoteattr(text, {"\n": "&#10;", "\r": "&#13;"}) for text in TEXTS[-40:])
        if "\0" not in quoted
    )
    job = "j <!-- @octocat"
    done = jobs.run(cases=cases, env={"GITHUB_JOB": job, "CI_JOB_NAME": job})
    assert done.returncode == 0, done.stderr
    body = jobs.body()
    (found,) = sections_of(body)
    assert found.failed == len(TEXTS[-40:])
    text = f"{found.head}\n{found.details}"
    assert "octocat" in found.head
    assert "all is well" in text
    # A trace is in a block of code, where elements are text.
    patterns = [pattern for pattern in REFERENCES if "script" not in pattern]
    assert [pattern for pattern in patterns if re.search(pattern, _without_addresses(text))] == []
    assert body.count("<!-- onetest-ci:section") == 1


def test_a_body_is_read_as_it_was_written() -> None:
    sections = [section(1, details=70, bad=True), section(2), section(3, details=700)]
    body = compose(sections)
    assert is_ours(body)
    assert sections_of(body) == sections
    assert sections_of(body.replace("\n", "\r\n")) == sections
    assert compose(sections_of(body)) == body


@pytest.mark.parametrize(
    "body",
    ["", "x", MARK, f"{MARK}\nhead", "<!-- onetest-ci:end -->", f"{MARK} \nhead\n<!-- onetest-ci:end -->"],
)
def test_a_damaged_body_has_no_sections(body: str) -> None:
    assert sections_of(body) == []


def test_details_of_good_jobs_are_left_out_first_and_then_the_longest() -> None:
    left_out = "The details are left out, since the comment is full."
    one, other = section(1, details=30_000, bad=True), section(2, details=40_000, bad=True)
    body = compose([one, section(3, details=20_000), section(4, details=10_000)])
    assert [bool(kept.details) for kept in sections_of(body)] == [True, True, True]
    sections = [one, section(3, details=20_000), section(4, details=16_000)]
    body = compose(sections)
    assert [bool(kept.details) for kept in sections_of(body)] == [True, False, True]
    assert (body.count(left_out), body.count("not shown")) == (1, 0)
    sections = [one, other, section(3, details=20_000)]
    body = compose(sections)
    assert size(body) <= LIMIT
    assert [bool(kept.details) for kept in sections_of(body)] == [True, False, False]
    assert body.count(f"{left_out} 1 failed test not shown.") == 1
    assert sections_of(compose(sections_of(body))) == sections_of(body)


def test_heads_of_good_jobs_are_left_out_first_and_no_job_is_forgotten() -> None:
    sections = [section(number, bad=number % 10 == 0, head=300) for number in range(300)]
    body = compose(sections)
    assert size(body) <= LIMIT
    found = sections_of(body)
    assert [one.place for one in found] == [one.place for one in sections]
    hidden = [one for one in found if not one.head]
    assert f"{len(hidden):,} more; something failed in 0 of them." in body
    assert all(one.head for one in found if one.bad)
    assert "❌ Something failed in 30 of 300 jobs." in body
    assert compose(found) == body


def test_failed_jobs_that_do_not_fit_are_counted() -> None:
    sections = [section(number, bad=True, head=400) for number in range(300)]
    body = compose(sections)
    hidden = [one for one in sections_of(body) if not one.head]
    assert 0 < len(hidden) < 300
    assert f"{len(hidden):,} more; something failed in {len(hidden):,} of them." in body


def test_more_jobs_than_marks_fit_are_an_error() -> None:
    with pytest.raises(ValueError, match="too many"):
        compose([section(number) for number in range(800)])


def test_large_summaries_share_the_comment(jobs: Jobs) -> None:
    cases = "".join(
        f"<testcase name='{'n' * 200}{number}'><failure message='{'m' * 250}{number}'>t</failure></testcase>"
        for number in range(3000)
    )
    for job in ("unit", "e2e", "lint"):
        assert "omment" not in jobs.run(job, "--mode", "import", cases=cases).stderr
    body = jobs.body()
    assert size(body) <= LIMIT
    assert [one.failed for one in sections_of(body)] == [3000] * 3
    assert body.count("3,000 failed") >= 3
