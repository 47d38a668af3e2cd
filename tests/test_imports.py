"""Imports point one way: each part of the package imports only parts of lower rows."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import onetest_ci

ROWS: Final = (
    ("__main__",),
    ("cli",),
    ("foreground",),
    ("cases", "collect", "comments", "doctor", "init", "outputs", "push"),
    ("connection", "excuse"),
    ("gate",),
    ("outcome",),
    ("results",),
    ("settings",),
    ("traces",),
    ("bundle", "ci", "emulator", "onetest", "reports"),
)
"""From top to bottom. All parts that are not listed are in one row below, and may import each other."""

PACKAGE: Final = Path(onetest_ci.__file__).parent


def rank(part: str) -> int:
    return next((number for number, row in enumerate(ROWS) if part in row), len(ROWS))


def imports() -> Iterator[tuple[str, str]]:
    """Yield importing module and imported part, for each import from another part of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{module} has a relative import"
                names = [f"{node.module}.{name.name}" for name in node.names]
            for name in names:
                package, _, rest = name.partition(".")
                part = rest.partition(".")[0]
                if package == "onetest_ci" and part and part != module.partition(".")[0]:
                    yield module, part


def test_imports_point_one_way() -> None:
    found = set(imports())
    assert ("cli.push", "bundle") in found
    upward = [
        (module, part)
        for module, part in sorted(found)
        if rank(part) <= rank(module.partition(".")[0]) and rank(part) < len(ROWS)
    ]
    assert upward == []


def test_only_its_command_imports_the_emulator() -> None:
    assert {module for module, part in imports() if part == "emulator"} == {"cli.emulator"}
