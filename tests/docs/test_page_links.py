"""Links of the documentation lead to files of the repository and to headings that exist."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from support.snippets import PAGES, ROOT, slug

_OF_THE_REPOSITORY = (
    "https://github.com/onetest/report-action/blob/main/",
    "https://github.com/onetest/report-action/tree/main/",
    "https://raw.githubusercontent.com/onetest/report-action/main/",
)
_ANCHOR = re.compile(r"""<a (?:id|name)=["']([^"']+)["']""")


def tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Return the addresses of a page's links and pictures."""
    parts = [part for token in tokens(page) for part in token.children or []]
    return [str(part.attrs[name]) for part in parts for name in ("href", "src") if name in part.attrs]


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of headings, as GitHub and the site make them, that no two headings share."""
    parsed = tokens(page)
    headings = [
        slug("".join(part.content for part in following.children or []))
        for token, following in pairwise(parsed)
        if token.type == "heading_open"
    ]
    return frozenset(one for one in headings if headings.count(one) == 1) | frozenset(
        _ANCHOR.findall(page.read_text(encoding="utf-8"))
    )


def broken(page: Path, link: str, root: Path = ROOT) -> bool:
    """Return whether a link does not lead anywhere in the repository; other addresses are not requested."""
    folder = page.parent
    if link.startswith(_OF_THE_REPOSITORY):
        # The README has whole addresses, since it is shown on PyPI too.
        folder, link = root, re.sub(r"^https://[^/]+/[^/]+/[^/]+/(?:blob/|tree/)?main/", "", link)
    elif re.match(r"[a-z]+:", link):
        return False
    path, _, anchor = unquote(link).partition("#")
    target = (folder / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(root):
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


def test_links_lead_to_files_and_headings() -> None:
    wrong = [
        f"{page.relative_to(ROOT)}: {link}" for page in PAGES for link in links(page) if broken(page, link)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("link", "wrong"),
    [
        ("https://example.com/#x", False),
        ("other.md#two-words-and-code", False),
        ("#own", False),
        ("#twice", True),
        ("other.md#none", True),
        ("none.md", True),
        ("/other.md", True),
        ("https://github.com/onetest/report-action/blob/main/other.md#two-words-and-code", False),
        ("https://github.com/onetest/report-action/blob/main/other.md#none", True),
        ("https://raw.githubusercontent.com/onetest/report-action/main/none.png", True),
    ],
)
def test_a_broken_link_is_found(link: str, *, wrong: bool, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Two *words*, and `code`\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(f"# Own\n\n## Twice\n\n## Twice\n\n[a]({link})\n", encoding="utf-8")
    assert [broken(page, one, tmp_path) for one in links(page)] == [wrong]
