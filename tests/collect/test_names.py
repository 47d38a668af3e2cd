"""Names of suites and tests that tools spell as absolute paths: no name depends on the machine."""

import shutil
from pathlib import Path

import pytest

from onetest_ci.code_ref.paths import named_in_checkout
from support.collected import Collected

PRODUCED = Path(__file__).parents[1] / "data" / "produced"
SHOP = "/srv/shop"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return tmp_path / "shop"


@pytest.mark.parametrize(
    ("report", "suite"),
    [
        ("mocha-json/reports/report.json", "test/cart.test.js"),
        ("phpunit/reports/report.xml", "tests"),
    ],
)
def test_suites_named_by_paths_become_relative(shop: Path, report: str, suite: str) -> None:
    shutil.copytree((PRODUCED / report).parents[1] / "suite", shop)
    text = (PRODUCED / report).read_text(encoding="utf-8").replace(SHOP, str(shop))
    (shop / "r").write_text(text, encoding="utf-8")
    rows = Collected(shop, "r").rows()
    names = [row["suite"]["name"] for row in rows if "suite" in row]
    told = [row["case"] for row in rows if "case" in row]
    names += [case.get(key, "") for case in told for key in ("name", "classname", "code_ref")]
    assert suite in names
    assert [name for name in names if str(shop) in name] == []


def test_no_name_of_a_test_contains_a_path_of_the_machine(shop: Path) -> None:
    for report in PRODUCED.glob("*/reports/*"):
        if report.is_file() and SHOP.encode() in report.read_bytes():
            copy = shop / report.relative_to(PRODUCED)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(report.read_bytes().replace(SHOP.encode(), str(shop).encode()))
    rows = [row.get("suite") or row["case"] for row in Collected(shop, ".").rows()]
    assert len(rows) > 100
    assert [row for row in rows if str(shop) in row["name"] + row.get("classname", "")] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/srv/shop/test/a.js", "test/a.js"),
        ("/srv/shop", "."),
        ("/srv/shop/", "."),
        ("/srv/shopping/a.js", "/srv/shopping/a.js"),
        ("/", "/"),
        ("/health answers", "/health answers"),
        ("D:\\a\\shop\\shop\\test\\a.js", "test/a.js"),
        ("test/a.js", "test/a.js"),
        ("", ""),
    ],
)
def test_only_paths_inside_the_checkout_become_relative(name: str, shown: str) -> None:
    windows = "D:\\a\\shop\\shop"

    def translate(path: str) -> str:
        return path.replace(windows, "/srv/shop").replace("\\", "/") if path.startswith(windows) else path

    assert named_in_checkout(name, (Path("/srv/shop"),), translate) == shown
