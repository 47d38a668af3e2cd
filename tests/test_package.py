"""The source distribution holds what builds the package, and no test data."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "src/onetest_ci/"
BESIDE_THE_PACKAGE = {
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "PKG-INFO",
    "README.md",
    "SECURITY.md",
    "pyproject.toml",
    *(
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "docs").rglob("*.*")
        if file.parent.name != "images"
    ),
}


def build(target: str, tree: Path, place: Path) -> Path:
    """Build the tree without network; give the one file that it made."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(place)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    (built,) = place.iterdir()
    return built


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    packed = build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))
    assert packed.stat().st_size < 1_000_000
    place = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(packed) as archive:
        archive.extractall(place, filter="data")
    (tree,) = place.iterdir()
    return tree


def files(tree: Path) -> set[str]:
    return {file.relative_to(tree).as_posix() for file in tree.rglob("*") if file.is_file()}


def package() -> set[str]:
    """The package's files, as they are in the checkout."""
    found = files(ROOT / PACKAGE)
    return {name for name in found if "__pycache__" not in PurePosixPath(name).parts}


def test_the_source_distribution_holds_the_package_and_its_documents(unpacked: Path) -> None:
    assert files(unpacked) == BESIDE_THE_PACKAGE | {PACKAGE + name for name in package()}


def test_the_source_distribution_builds_the_package(unpacked: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(build("wheel", unpacked, tmp_path)) as wheel:
        built = {name.removeprefix("onetest_ci/") for name in wheel.namelist() if ".dist-info/" not in name}
    assert built == package()
