"""Prepare the tree for a release; the workflow ``release`` calls it.

python tools/release.py check 1.4.2     check that the tree has this version
python tools/release.py pin IMAGE       write ghcr.io/onetest/report-action@sha256:... into all wrappers
python tools/release.py notes 1.4.2     print this version's part of the changelog
"""

import re
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

_IMAGE: Final = r"ghcr\.io/onetest/report-action"
_BY_DIGEST: Final = re.compile(_IMAGE + r"@sha256:[0-9a-f]{64}")
_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_BY_TAG: Final = re.compile(_IMAGE + r":[0-9]+\b")

# These files name the image. Users pin a commit, which must fix the image too.
_NAMED_IN: Final = ("templates/report/template.yml", "vars/onetestReport.groovy")


def check(root: Path, version: str) -> None:
    """Check that the code and the changelog have this version.

    Raises:
        ValueError: one of them has not; the message names it.
    """
    if not _VERSION.fullmatch(version):
        raise ValueError(f"{version} is not a version such as 1.4.2")
    code = (root / "src" / "onetest_ci" / "__init__.py").read_text(encoding="utf-8")
    if f'"{version}"' not in code:
        raise ValueError(f"src/onetest_ci/__init__.py does not contain {version}")
    notes(root, version)


def pin(root: Path, image: str) -> None:
    """Replace the Dockerfile and the moving tag by an image with its digest.

    Raises:
        ValueError: the image has no digest, or a file does not name the image once.
    """
    if not _BY_DIGEST.fullmatch(image):
        raise ValueError(f"{image} is not ghcr.io/onetest/report-action@sha256:...")
    _replace(root / "action.yml", re.compile(r"(?m)^  image: Dockerfile$"), f"  image: docker://{image}")
    for name in _NAMED_IN:
        _replace(root / name, _BY_TAG, image)


def notes(root: Path, version: str) -> str:
    """Return a version's part of the changelog.

    Raises:
        ValueError: the changelog has no such part, or it is empty.
    """
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    part = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not part or not part[1].strip():
        raise ValueError(f"CHANGELOG.md has nothing under [{version}]")
    return part[1].strip()


def _replace(file: Path, what: re.Pattern[str], by: str) -> None:
    text, count = what.subn(by, file.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{file.name} must name the image once, and names it {count} times")
    file.write_text(text, encoding="utf-8")


def main() -> int:
    """Run one command and return the exit code."""
    try:
        match sys.argv[1:]:
            case ["check", version]:
                check(ROOT, version)
            case ["pin", image]:
                pin(ROOT, image)
            case ["notes", version]:
                print(notes(ROOT, version))
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except ValueError as problem:
        print(f"release.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
