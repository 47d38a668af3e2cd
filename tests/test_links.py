import pytest

from onetest_ci.links import web_link


def test_a_web_address_is_a_link() -> None:
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
def test_other_values_are_not_links(value: object) -> None:
    assert web_link(value) == ""
