"""Message, file and line of failed Go tests, read from the output that Go and gotestsum wrote."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from support.collected import Collected

PRODUCED = Path(__file__).parents[1] / "data" / "produced"


def failures(shop: Path, report: str) -> dict[str, tuple[str, str, Any]]:
    """Message, file and line of each test that failed."""
    return {
        case["name"]: (case["message"], case.get("file", ""), case.get("line"))
        for case in Collected(shop, report).cases
        if case.get("status") in {"failed", "error"}
    }


def shop_of(place: Path, tool: str, folder: str = "") -> Path:
    shutil.copytree(PRODUCED / tool / "suite", place / folder)
    for report in (PRODUCED / tool / "reports").iterdir():
        text = report.read_text(encoding="utf-8").replace("/srv/shop", str(place / folder))
        (place / folder / report.name).write_text(text, encoding="utf-8")
    return place


def test_failures_of_go_have_message_file_and_line(tmp_path: Path) -> None:
    assert failures(shop_of(tmp_path / "shop", "go-json"), "report.json") == {
        "TestTotal": ("total: got 7, want 8", "cart_test.go", 10),
        "TestPrice/for_2": ("too dear", "cart_test.go", 18),
        "TestPrice": ("failed subtests: TestPrice/for_2", "", None),
        "TestPanics": ("panic: no database [recovered]", f"{tmp_path}/shop/panics/panics_test.go", 7),
    }


@pytest.mark.parametrize("folder", ["", "services/cart"])
def test_failures_of_gotestsum_have_message_file_and_line(tmp_path: Path, folder: str) -> None:
    """In a folder of the checkout, the file is that of the module there."""
    report = f"{folder}/gotestsum.xml".strip("/")
    found = failures(shop_of(tmp_path / "shop", "go", folder), report)
    at = f"{folder}/cart_test.go".strip("/")
    assert {name: (file, line) for name, (_, file, line) in found.items() if name != "TestPanics"} == {
        "TestTotal": (at, 13),
        "TestPrice/two/deep": (at, 25),
        "TestPrice/two": ("", None),
        "TestPrice": ("", None),
    }
    assert found["TestPrice/two"][0] == "failed subtests: TestPrice/two/deep"
    assert found["TestPrice"][0] == "failed subtests: TestPrice/two"
    assert found["TestPanics"][0].startswith("panic: no database")
    assert found["TestPanics"][2] == 7


def test_the_place_of_a_failure_is_not_part_of_the_code_ref(tmp_path: Path) -> None:
    shop = shop_of(tmp_path / "shop", "go-json")
    refs = {case["name"]: case["code_ref"] for case in Collected(shop, "report.json").cases}
    assert refs["TestTotal"] == "example.com/shop.TestTotal"
    assert refs["TestAdds"] == "example.com/shop.TestAdds"
