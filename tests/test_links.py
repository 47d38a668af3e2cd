import pytest

from onetest_ci.links import web_link


def test_a_web_address_is_passed_on() -> None:
    assert web_link("https://tms.onetest.ai/launches/7?tab=items#top") == (
        "https://tms.onetest.ai/launches/7?tab=items#top"
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "/launches/7",
        "https://",
        "https://[x",
        "https://a b",
        "https://a\nb",
        "https://a\x1b[0m",
        "https://a/" + "x" * 2048,
    ],
)
def test_anything_else_is_no_link(value: object) -> None:
    assert web_link(value) == ""
