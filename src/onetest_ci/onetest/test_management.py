"""The Test Management service: test cases, which results are linked to.

See docs/onetest-api.md#test-management.

A reporter creates no runs or executions here: OneTest itself shows the Receiver's results beside them.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from onetest_ci.limits import clean
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.ids import usable_id
from onetest_ci.onetest.listing import list_all


@dataclass(frozen=True, slots=True)
class TestCase:
    """A test case.

    Attributes:
        id: OneTest's id.
        title: for people.
        automation_test_id: the code references of its results, separated by spaces.
    """

    __test__: ClassVar = False  # not a test of pytest

    id: str
    title: str
    automation_test_id: str


class TestManagement:
    """Test cases of one product.

    Every method raises ``ServiceError`` as ``Http.send`` does.

    Args:
        http: makes the calls.
        product_id: the product's UUID.
    """

    __test__: ClassVar = False

    def __init__(self, http: Http, product_id: str) -> None:
        self._http = http
        self._values = {"product_id": product_id}

    def test_cases(self) -> list[TestCase]:
        """Return all test cases."""
        return [
            _test_case(entry)
            for entry in list_all(self._http, "test_management.test_cases", "test_cases", self._values)
        ]

    def create_test_case(
        self,
        title: str,
        *,
        priority: str | None = None,
        execution_type: str | None = None,
        test_category: str | None = None,
        automation_test_id: str | None = None,
    ) -> TestCase:
        """Create a test case.

        Args:
            title: for people.
            priority: sent unchanged; OneTest's own spellings differ (docs/onetest-api.md#contradictions).
            execution_type: ``manual``, ``automated`` or a value that the product is configured for.
            test_category: a value that the product is configured for.
            automation_test_id: the code reference of its results.
        """
        fields = {
            "title": title,
            "priority": priority,
            "execution_type": execution_type,
            "test_category": test_category,
            "automation_test_id": automation_test_id,
        }
        body = {name: clean(value) for name, value in fields.items() if value is not None}
        entry = self._http.send("test_management.create_test_case", values=self._values, json=body).body
        created = _test_case(entry if isinstance(entry, dict) else {})
        return replace(created, title=created.title or title)

    def update_test_case(self, test_case_id: str, **fields: str) -> None:
        """Change fields of a test case. Each change makes a new version of it.

        Args:
            test_case_id: the test case's id.
            fields: names and values as in ``create_test_case``.
        """
        values = self._values | {"test_case_id": test_case_id}
        body = {name: clean(value) for name, value in fields.items()}
        self._http.send("test_management.update_test_case", values=values, json=body)


def _test_case(entry: dict[str, Any]) -> TestCase:
    title, reference = entry.get("title"), entry.get("automation_test_id")
    return TestCase(
        usable_id(entry.get("id")),
        title if isinstance(title, str) else "",
        reference if isinstance(reference, str) else "",
    )
