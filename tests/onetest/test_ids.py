import pytest

from onetest_ci.onetest.ids import usable_id


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a-1", "a-1"),
        (7, "7"),
        ("x" * 255, "x" * 255),
        ("x" * 256, ""),
        (10**4300 - 1, ""),
        ("a\nb", ""),
        ("\ud800", ""),
        (True, ""),
        (None, ""),
        (["a"], ""),
    ],
)
def test_only_a_value_that_a_request_can_contain_is_an_id(value: object, found: str) -> None:
    assert usable_id(value) == found
