"""Hooks of the documentation site.

A page links to files of the repository by relative paths, so that the links work on GitHub too. The site has
only the files below ``docs``, so there such a link leads to the repository's page of the file.
"""

import re
from pathlib import Path, PurePosixPath
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
REPOSITORY: Final = "https://github.com/onetest/report-action"

_FIRST_IN_SEARCH: Final = ("reference/settings.md",)
"""Pages that answer a search for an option."""
_CELL = re.compile(r"<td[^>]*>.*?</td>", re.DOTALL)
_LINK = re.compile(r"(?P<before>\]\(|^\[[^\]]+\]: )(?P<path>[^)\s#:]+)(?P<anchor>#[^)\s]*)?", re.MULTILINE)


def on_page_content(html: str, **_: object) -> str:
    """Replace escaped bars in tables: GitHub needs them in code, and Python-Markdown shows the backslash."""
    return _CELL.sub(lambda cell: cell[0].replace("\\|", "|"), html)


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:
    """Replace the links of a page to files outside of ``docs`` by addresses in the repository.

    MkDocs calls it for each page (https://www.mkdocs.org/dev-guide/plugins/#on_page_markdown). Its types are
    not imported, since it is not installed where the types are checked.
    """
    folder = (DOCS / page.file.src_uri).parent
    if page.file.src_uri in _FIRST_IN_SEARCH:
        # https://squidfunk.github.io/mkdocs-material/setup/setting-up-site-search/#search-boosting
        page.meta["search"] = {"boost": 2}

    def replaced(link: re.Match[str]) -> str:
        target = (folder / link["path"]).resolve()
        if target.is_relative_to(DOCS) or not target.is_relative_to(ROOT) or not target.exists():
            return link[0]
        kind = "tree" if target.is_dir() else "blob"
        path = PurePosixPath(target.relative_to(ROOT))
        return f"{link['before']}{REPOSITORY}/{kind}/main/{path}{link['anchor'] or ''}"

    return _LINK.sub(replaced, markdown)
