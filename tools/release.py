"""What a release needs of the tree; the workflow ``release`` calls it.

python tools/release.py check 1.4.2                            the version is the one that is to be released
python tools/release.py pin ghcr.io/onetest/report-action@sha256:...   name this image everywhere
python tools/release.py notes 1.4.2                            print this version's part of the changelog
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

# Where the image is named for users who pin a commit: then the commit has to fix the image too.
_NAMED_IN: Final = ("templates/report/template.yml", "vars/onetestReport.groovy")


def check(root: Path, version: str) -> None:
    """Refuse a version that the tree does not say.

    Raises:
        ValueError: the message says what is wrong.
    """
    if not _VERSION.fullmatch(version):
        raise ValueError(f"{version} is no version such as 1.4.2")
    code = (root / "src" / "onetest_ci" / "__init__.py").read_text(encoding="utf-8")
    if f'"{version}"' not in code:
        raise ValueError(f"src/onetest_ci/__init__.py does not say {version}")
    notes(root, version)


def pin(root: Path, image: str) -> None:
    """Name an image by its digest in place of the Dockerfile and of the moving tag.

    Raises:
        ValueError: the image is not named by its digest, or a file does not name one.
    """
    if not _BY_DIGEST.fullmatch(image):
        raise ValueError(f"{image} is not ghcr.io/onetest/report-action@sha256:...")
    _replace(root / "action.yml", re.compile(r"(?m)^  image: Dockerfile$"), f"  image: docker://{image}")
    for name in _NAMED_IN:
        _replace(root / name, _BY_TAG, image)


def notes(root: Path, version: str) -> str:
    """The changelog's part of a version.

    Raises:
        ValueError: there is none.
    """
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    part = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not part or not part[1].strip():
        raise ValueError(f"CHANGELOG.md has nothing under [{version}]")
    return part[1].strip()


def _replace(file: Path, what: re.Pattern[str], by: str) -> None:
    text, count = what.subn(by, file.read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"{file.name} names the image {count} times, once is wanted")
    file.write_text(text, encoding="utf-8")


def main() -> int:
    """Run one command; returns the exit code."""
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
