"""The Test Management service: test cases, which results are linked to.

See docs/onetest-api.md#test-management.

A reporter creates no runs or executions here: OneTest itself shows the Receiver's results beside them.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final, NamedTuple

from onetest_ci.case_links import ManagedCase
from onetest_ci.errors import NotOneTest
from onetest_ci.limits import clean
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.ids import usable_id
from onetest_ci.onetest.listing import MAX_PAGES, Listed, list_added, list_whole
from onetest_ci.text.characters import replace_lone_surrogates

_LIST: Final = "test_management.test_cases"
_PLURAL: Final = "test_cases"


class ListedCases(NamedTuple):
    """The test cases of consecutive pages of the list.

    Attributes:
        cases: each id once.
        last_page: the query of the last page.
        pages: number of pages, which is the number of requests.
    """

    cases: list[ManagedCase]
    last_page: Mapping[str, str]
    pages: int


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

    @property
    def calls(self) -> int:
        """Requests sent so far."""
        return self._http.total_calls

    def test_cases(
        self, *, max_calls: int | None = None, planned: Callable[[int, int], None] | None = None
    ) -> list[ManagedCase]:
        """Return all test cases, as ``listed`` does."""
        return self.listed(max_calls=max_calls, planned=planned).cases

    def listed(
        self, *, max_calls: int | None = None, planned: Callable[[int, int], None] | None = None
    ) -> ListedCases:
        """Return all test cases. Without the whole list, no statement about a missing case would be true.

        Args:
            max_calls: maximum number of requests. If the first page shows that more are needed, it is the
                only request.
            planned: called with the number of test cases and of requests, once the first page shows them.

        Raises:
            NotOneTest: ``endless-list``, ``incomplete-list``, ``bad-json``.
            BudgetExhausted: ``over-max-api-calls``.
        """
        return _listed(
            list_whole(self._http, _LIST, _PLURAL, self._values, max_calls=max_calls, planned=planned)
        )

    def added(self, page: Mapping[str, str], *, max_pages: int = MAX_PAGES) -> ListedCases:
        """Return the test cases of one page of the list, and of the pages that follow it now.

        Args:
            page: the query of the page, as in ``ListedCases``; an empty one is that of the first page.
            max_pages: maximum number of requests.
        """
        return _listed(list_added(self._http, _LIST, _PLURAL, self._values, page, max_pages=max_pages))

    def create_test_case(
        self,
        title: str,
        *,
        priority: str | None = None,
        execution_type: str | None = None,
        test_category: str | None = None,
        automation_test_id: str | None = None,
    ) -> ManagedCase:
        """Create a test case.

        Args:
            title: for people.
            priority: sent unchanged; OneTest's own spellings differ (docs/onetest-api.md#contradictions).
            execution_type: ``manual``, ``automated`` or a value that the product is configured for.
            test_category: a value that the product is configured for.
            automation_test_id: the references of its results, separated by spaces.

        Raises:
            NotOneTest: ``bad-json``, if the response contains no id.
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
        created = _managed_case(entry if isinstance(entry, dict) else {})
        if not created.id:
            raise NotOneTest(
                "bad-json",
                f"{self._http.address} responded to test_management.create_test_case without an id",
                "The test case may exist: check it in OneTest before you create it again.",
            )
        return created._replace(title=created.title or title)

    def update_test_case(self, test_case_id: str, **fields: str) -> None:
        """Change fields of a test case. Each change makes a new version of it.

        Args:
            test_case_id: the test case's id.
            fields: names and values as in ``create_test_case``.
        """
        values = self._values | {"test_case_id": test_case_id}
        body = {name: clean(value) for name, value in fields.items()}
        self._http.send("test_management.update_test_case", values=values, json=body)


def _managed_case(entry: dict[str, Any]) -> ManagedCase:
    texts = (entry.get(name) for name in ManagedCase._fields[1:])
    # JSON can spell a lone surrogate, and a later reader of the list could not decode it.
    return ManagedCase(
        usable_id(entry.get("id")),
        *(replace_lone_surrogates(text) if isinstance(text, str) else "" for text in texts),
    )


def _listed(found: Listed) -> ListedCases:
    return ListedCases(list(map(_managed_case, found.entries)), found.last_page, found.pages)
