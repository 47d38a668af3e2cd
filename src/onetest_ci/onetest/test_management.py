"""Interface stub; the body follows."""

from typing import ClassVar, NamedTuple

from onetest_ci.onetest.http import Http


class TestCase(NamedTuple):
    """A test case as OneTest keeps it."""

    id: str
    title: str
    automation_test_id: str


class TestManagement:
    """Test cases of one product."""

    __test__: ClassVar = False

    def __init__(self, http: Http, product_id: str) -> None:
        raise NotImplementedError
