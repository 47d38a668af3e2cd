"""No regular expression of the package needs more than linear time for any text."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

import onetest_ci
from onetest_ci.ci import credentials
from onetest_ci.ci.host_table import HOSTS
from onetest_ci.comments import inert
from onetest_ci.init import others, python
from onetest_ci.redaction.spellings import alignments
from onetest_ci.reports import globs
from onetest_ci.traces import library
from support.patterns import SEARCHES, slow

METHODS: Final = SEARCHES | {"match", "fullmatch"}
PASSED_ON: Final = frozenset({"take", "pass_all"})
"""Methods of ours that match the pattern that they get."""
MOST_LEVELS: Final = 5
PACKAGE: Final = Path(onetest_ci.__file__).parent
TREES: Final = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}
SOURCES: Final = list(TREES.values())


class Found(NamedTuple):
    """A compiled pattern: where it is, and the last name by which it is used."""

    where: str
    name: str
    pattern: re.Pattern[Any]


def found_in(value: object, where: str, name: str, level: int = 0) -> Iterator[Found]:
    """Yield the patterns that a value holds: containers, records and closures too."""
    if isinstance(value, re.Pattern):
        yield Found(where, name, value)
    owner = getattr(value, "__self__", None)
    if isinstance(owner, re.Pattern):
        yield Found(f"{where}.{value.__name__}", value.__name__, owner)  # type: ignore[attr-defined]
    if level == MOST_LEVELS:
        return
    for key, part in parts_of(value):
        yield from found_in(part, f"{where}.{key}", key if key.isidentifier() else name, level + 1)


def parts_of(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from ((f"[{place}]", part) for place, pair in enumerate(value.items()) for part in pair)
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from ((f"[{place}]", part) for place, part in enumerate(value))
    elif is_of_package(value) and hasattr(value, "__dict__"):
        yield from vars(value).items()
    closure = getattr(value, "__closure__", None) or ()
    for key, cell in zip(value.__code__.co_freevars if closure else (), closure, strict=True):  # type: ignore[attr-defined]
        yield key, cell.cell_contents


def is_of_package(value: object) -> bool:
    return (value if isinstance(value, type) else type(value)).__module__.startswith("onetest_ci")


def patterns() -> dict[str, Found]:
    """Return each pattern of the package once, by where it was found first."""
    found: dict[int, Found] = {}
    for module in pkgutil.walk_packages(onetest_ci.__path__, "onetest_ci."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                for one in found_in(value, f"{module.name}.{name}", name):
                    found.setdefault(id(one.pattern), one)
    return {one.where: one for one in found.values()}


def uses() -> dict[str, set[str]]:
    """Return the methods that are called of what bears a name."""
    result: dict[str, set[str]] = defaultdict(set)
    for node in (node for tree in SOURCES for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            result[_last_name(node.value)].add(node.attr)
        if isinstance(node, ast.Call) and _last_name(node.func) in PASSED_ON and node.args:
            result[_last_name(node.args[0])].add("match")
    return result


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


PATTERNS: Final = patterns()
USES: Final = uses()


def test_patterns_are_found() -> None:
    for where in (
        "reports.formats.tap._PLAN",
        "onetest.client.responses._PRODUCT",
        "code_ref.quirks._FIXTURE",
        "reports.engine.json_window._VALUE",
    ):
        assert f"onetest_ci.{where}" in PATTERNS
    # The rows of a table hold methods of patterns.
    assert any(where.endswith(".match") for where in PATTERNS)


@pytest.mark.parametrize("where", PATTERNS)
def test_a_pattern_takes_linear_time(where: str) -> None:
    found = PATTERNS[where]
    # What is used in no way that is seen is taken to be searched for.
    for method in USES.get(found.name) or ({found.name} & METHODS) or {"search"}:
        assert not slow(found.pattern, method), (method, found.pattern.pattern)


class Called(NamedTuple):
    """``re.method(pattern, …)``: its pattern as written, and as a text if it is one or names a constant."""

    method: str
    written: str
    text: str | bytes | None


def calls_of_re() -> list[Called]:
    """Return the calls of the functions of ``re``."""
    return [
        Called(node.func.attr, ast.unparse(node.args[0]), text_of(node.args[0], path))
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in METHODS
        and _last_name(node.func.value) == "re"
    ]


def text_of(pattern: ast.expr, path: Path) -> str | bytes | None:
    """Return a pattern that is a literal, or a constant of its module."""
    if isinstance(pattern, ast.Name):
        module = ".".join(("onetest_ci", *path.relative_to(PACKAGE).with_suffix("").parts))
        value = vars(importlib.import_module(module.removesuffix(".__init__"))).get(pattern.id)
    else:
        value = getattr(pattern, "value", None)
    return value if isinstance(value, (str, bytes)) else None


def test_patterns_in_calls_take_linear_time() -> None:
    calls = calls_of_re()
    assert "_NO_COINS" in {call.written for call in calls}
    for call in calls:
        assert call.text is None or not slow(re.compile(call.text), call.method), call.written
    # The hosts', the formats' and others are below; the emulator's are those of its forms.
    others = sorted(call.written for call in calls if call.text is None)
    assert others == sorted(
        [
            "_url_variables()",
            "f'({_ADDRESS})'",
            *("content", "pattern", "pattern", "pattern"),
            "f'(?im){before}{re.escape(package)}(?![\\\\w.-])'",
            "self.pattern",
            "self.references",
            "unmistakable",
        ]
    )


def test_the_variables_with_urls_are_found_in_linear_time() -> None:
    assert not slow(re.compile(credentials._url_variables()), "fullmatch")  # noqa: SLF001


@pytest.mark.parametrize("pattern", [library._JVM, library._DOTNET])  # noqa: SLF001 - chosen by the runtime
def test_the_names_of_libraries_are_matched_in_linear_time(pattern: str) -> None:
    assert not slow(re.compile(pattern), "match")


@pytest.mark.parametrize("pattern", [inert._ADDRESS, *(rule[0] for rule in inert._RULES)])  # noqa: SLF001 - a table
def test_the_texts_of_comments_are_searched_in_linear_time(pattern: str) -> None:
    assert not slow(re.compile(pattern), "search")


@pytest.mark.parametrize(
    "pattern",
    [
        *(row.content for row in others._ROWS if row.content),  # noqa: SLF001 - a table
        *(content for _, content in others.WHOLE.values() if content),
        *(content for _, content in python._SECTIONS if content),  # noqa: SLF001 - a table
        *(rf"(?im){before}pytest(?![\w.-])" for before in (r"^[ \t]*", "[\"']")),
    ],
)
def test_the_files_of_a_project_are_searched_in_linear_time(pattern: str) -> None:
    assert not slow(re.compile(pattern), "search")


def start_tags() -> list[str]:
    """Return the patterns of start tags in the table of formats."""
    return [
        str(keyword.value.value)
        for tree in SOURCES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "start_tag" and isinstance(keyword.value, ast.Constant)
    ]


@pytest.mark.parametrize("pattern", start_tags())
def test_start_tags_are_matched_in_linear_time(pattern: str) -> None:
    assert not slow(re.compile(pattern), "match")


@pytest.mark.parametrize("pattern", sorted({host.references for host in HOSTS if host.references}))
def test_references_of_hosts_take_linear_time(pattern: str) -> None:
    assert not slow(re.compile(pattern), "fullmatch")


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_secrets_are_found_in_linear_time(encoding: str) -> None:
    for one in alignments(["+/ü"], encoding):
        for pattern in (one.own, one.groups, one.part):
            assert not slow(re.compile(pattern), "finditer")


@pytest.mark.parametrize(
    "glob",
    [
        "*a*a*a*b",
        "[*]*a*[!b]*a?b*",
        "**/a/**/a*b*/**/b",
        "**/*a*a*b",
        "x/**/*a*a*b/c",
        "**/*{a,b*}*{b,c}",
        "{a,b}*c",
        "**",
        "**/",
        "a*/",
    ],
)
def test_patterns_of_paths_take_linear_time(glob: str) -> None:
    assert not slow(globs._exclusion(glob, Path("/r")), "fullmatch")  # noqa: SLF001
    for part in glob.split("/"):
        assert not slow(re.compile(globs._segment(part)), "fullmatch")  # noqa: SLF001


@pytest.mark.parametrize(
    ("pattern", "method", "is_slow"),
    [
        (r"\s*\s*#", "match", True),
        (r"\s+#", "search", True),
        (r"\s+#", "match", False),
        (r"\s++#", "search", True),
        (r"\s+", "sub", False),
        (r"^\s+#", "search", False),
        (r"(?m)^\s+#", "search", True),
        (r"(?m)^[^\S\n]+#", "search", False),
        (r"(?:a*)*b", "match", True),
        (r"(?:a*+)*+b", "match", False),
        (r"(?:a|ab|b)*c", "match", True),
        (r"(?:a{1,200}){1,200}b", "match", True),
        (r"a.*b", "search", True),
        (r"<[^<>]*>", "sub", False),
        (r" +(.*)", "match", False),
        (r" +(.*)$", "match", True),
        (r" ++(.*)$", "match", False),
        (r"(?:(?>a))*a*b", "match", True),
        (r"\d*,?\d*", "fullmatch", True),
        (r"\d+,\d+", "fullmatch", False),
        (r"(?=.*x)y", "search", True),
        (r'"(?:[^"\\]|\\.)*"', "match", False),
        (r'"(?:[^"\\]+|\\.)*"', "match", True),
        (r"x(?:[^\n\[]|\[(?!\[))*y", "match", False),
        (r"(?i)\b(?:product)\b.*\bnot found", "search", True),
    ],
)
def test_what_counts_as_slow(pattern: str, method: str, *, is_slow: bool) -> None:
    assert bool(slow(re.compile(pattern), method)) is is_slow
