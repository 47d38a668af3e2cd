"""The Receiver's ReportPortal v2 API: launches, items, logs with files (docs/onetest-api.md#receiver).

Every object has an id made by the client, so that a request that may have arrived can be retried. Times are
epoch milliseconds, sent as text, which every variant of the API accepts. Texts are truncated to the limits.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from onetest_ci.errors import NotOneTest
from onetest_ci.limits import (
    ATTRIBUTE,
    ATTRIBUTES,
    BUILD_VERSION,
    CODE_REF,
    ISSUE_COMMENT,
    ITEM_DESCRIPTION,
    ITEM_NAME,
    LAUNCH_DESCRIPTION,
    LAUNCH_NAME,
    PARAMETER,
    cut,
)
from onetest_ci.links import web_link
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.client.responses import Response
from onetest_ci.onetest.ids import usable_id
from onetest_ci.onetest.logs import LogEntry, LogFile, batches, send_batch

__all__ = [
    "NOT_ISSUE",
    "TO_INVESTIGATE",
    "Issue",
    "LogEntry",
    "LogFile",
    "Receiver",
    "StartedLaunch",
    "batches",
]

TO_INVESTIGATE: Final = "ti001"
NOT_ISSUE: Final = "NOT_ISSUE"
"""For a skipped item that needs no analysis."""


class StartedLaunch(NamedTuple):
    """A started launch.

    Attributes:
        id: the id for later calls; normally the client's own UUID.
        number: the launch's number among those of its name, if the response contains it.
    """

    id: str
    number: int | None


class Issue(NamedTuple):
    """The reason why an item did not pass.

    Attributes:
        type: ``TO_INVESTIGATE`` or ``NOT_ISSUE``, or another locator of ReportPortal's.
        comment: OneTest shows it as the failure message (docs/onetest-api.md#finish-an-item).
    """

    type: str
    comment: str = ""


class Receiver:
    """Launches, items and logs of one product.

    Every method raises ``ServiceError`` as ``Http.send`` does.

    Args:
        http: makes the calls.
        product_id: the product's UUID.
        resumed: an earlier run may have sent calls, so "exists already" is success.
    """

    def __init__(self, http: Http, product_id: str, *, resumed: bool = False) -> None:
        self._http = http
        self._values = {"product_id": product_id}
        self._resumed = resumed

    def start_launch(
        self,
        *,
        uuid: str,
        name: str,
        start_ms: int,
        description: str = "",
        attributes: Sequence[tuple[str, str]] = (),
        build_id: str | None = None,
        environment_id: str | None = None,
        release_id: str | None = None,
        sprint_id: str | None = None,
        build_version: str | None = None,
        may_exist: bool = False,
        must_be_new: bool = False,
    ) -> StartedLaunch:
        """Start a launch.

        Args:
            uuid: made by the client.
            name: up to 256 characters.
            start_ms: no item may start earlier.
            description: up to 2048 characters.
            attributes: key and value, 128 characters each, at most 256; no pair with a blank value is sent.
            build_id: the tested build.
            environment_id: the place of the test.
            release_id: the build's release.
            sprint_id: the build's sprint.
            build_version: lets the service find or create the build; only without ``build_id``.
            may_exist: another job may have started the launch; then this one joins it.
            must_be_new: an existing launch of this UUID is an error, unless this call started it.
        """
        body = {
            "uuid": uuid,
            "name": cut(name, LAUNCH_NAME) or "Launch",
            "startTime": str(start_ms),
            "mode": "DEFAULT",
            "description": cut(description, LAUNCH_DESCRIPTION),
            "attributes": _attributes(attributes),
            "release_id": release_id,
            "sprint_id": sprint_id,
            "build_id": build_id,
            "environment_id": environment_id,
            "build_version": cut(build_version or "", BUILD_VERSION),
        }
        response = self._send(
            "receiver.start_launch", self._values, body, sent_before=may_exist, first_run=must_be_new
        )
        started = self._started(response, "a launch")
        number = started.get("number")
        return StartedLaunch(_id(started) or uuid, number if isinstance(number, int) else None)

    def start_item(
        self,
        *,
        launch_uuid: str,
        uuid: str,
        parent_uuid: str | None,
        name: str,
        type: str,  # noqa: A002 - the API's word
        start_ms: int,
        code_ref: str = "",
        description: str = "",
        attributes: Sequence[tuple[str, str]] = (),
        parameters: Sequence[tuple[str, str]] = (),
        has_stats: bool = True,
    ) -> None:
        """Start an item, in the launch or in another item.

        Args:
            launch_uuid: its launch.
            uuid: made by the client.
            parent_uuid: the parent item; None at the top.
            name: up to 500 characters; a longer one is repeated in the description, if that is empty.
            type: ``SUITE`` for a container, ``STEP`` or ``TEST`` for an item with a verdict
                (docs/onetest-api.md#start-an-item).
            start_ms: not before the launch's.
            code_ref: links the item to a test case; up to 1024 characters.
            description: up to 65,536 characters.
            attributes: as for ``start_launch``.
            parameters: names and values of a parametrised test.
            has_stats: whether the item counts in statistics.
        """
        body = {
            "launchUuid": launch_uuid,
            "uuid": uuid,
            "name": cut(name, ITEM_NAME) or "Item",
            "type": type,
            "startTime": str(start_ms),
            "codeRef": cut(code_ref, CODE_REF, mark=""),
            "description": cut(description or (name if len(name) > ITEM_NAME else ""), ITEM_DESCRIPTION),
            "attributes": _attributes(attributes),
            "parameters": [
                {"key": cut(key, PARAMETER), "value": cut(value, PARAMETER)} for key, value in parameters
            ],
            "hasStats": None if has_stats else False,
        }
        if parent_uuid is None:
            response = self._send("receiver.start_item", self._values, body)
        else:
            response = self._send(
                "receiver.start_child_item", self._values | {"parent_uuid": parent_uuid}, body
            )
        self._started(response, "an item")

    def finish_item(
        self,
        *,
        launch_uuid: str,
        uuid: str,
        end_ms: int,
        status: str | None = None,
        issue: Issue | None = None,
    ) -> None:
        """Finish an item.

        Args:
            launch_uuid: its launch.
            uuid: the item.
            end_ms: not before its start.
            status: ``passed``, ``failed`` or ``skipped``; None for a container, whose status is derived.
            issue: the reason why it did not pass.
        """
        body: dict[str, Any] = {"launchUuid": launch_uuid, "endTime": str(end_ms), "status": status}
        if issue is not None:
            body["issue"] = {"issueType": issue.type} | _filled(
                {"comment": cut(issue.comment, ISSUE_COMMENT)}
            )
        self._send("receiver.finish_item", self._values | {"item_uuid": uuid}, body)

    def log_batch(self, entries: Sequence[LogEntry]) -> list[str | None]:
        """Send one batch of log entries, as ``batches`` groups them.

        A file that is unreadable or larger than 10 MB is left out; its entry is sent without it.

        Returns:
            For each entry None, or why it or its file was not accepted.
        """
        return send_batch(self._http, self._values, entries)

    def finish_launch(
        self, *, uuid: str, end_ms: int, status: str | None = None, may_be_finished: bool = False
    ) -> str:
        """Finish a launch. OneTest then computes its statistics and its status.

        Args:
            uuid: the launch.
            end_ms: not before its start.
            status: ``passed``, ``failed``, ``stopped``, ``interrupted``, ``cancelled``; None to derive it.
            may_be_finished: another job may have finished it.

        Returns:
            The launch's address; empty if the response contains none.
        """
        finished = self._send(
            "receiver.finish_launch",
            self._values | {"launch_uuid": uuid},
            {"endTime": str(end_ms), "status": status},
            sent_before=may_be_finished,
        ).body
        return web_link(finished.get("link")) if isinstance(finished, dict) else ""

    def _send(
        self,
        name: str,
        values: dict[str, str],
        body: dict[str, Any],
        *,
        sent_before: bool = False,
        first_run: bool = False,
    ) -> Response:
        sent_before = sent_before or self._resumed
        return self._http.send(
            name, values=values, json=_filled(body), sent_before=sent_before, first_run=first_run
        )

    def _started(self, response: Response, what: str) -> dict[str, Any]:
        """Return the body of the response to a start, which must contain an id.

        See docs/onetest-api.md#start-a-launch, #start-an-item.

        A server that returns 2xx without an id is not OneTest: results sent there would be lost. Only the
        response to a duplicate, which an earlier push has started, contains no id.

        Raises:
            NotOneTest: ``unexpected-answer``.
        """
        body = response.body if isinstance(response.body, dict) else {}
        if response.status < HTTPStatus.BAD_REQUEST and not body.get("id"):
            raise NotOneTest(
                "unexpected-answer",
                f"{self._http.address} returned no id for {what} that was to be started, but status "
                f"{response.status}; OneTest always returns an id",
                "Check the base URL (--base-url, ONETEST_BASE_URL): it must be OneTest's address.",
                status=response.status,
            )
        return body


def _filled(body: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that are not empty: a stricter model than ReportPortal's might refuse the others."""
    return {name: value for name, value in body.items() if value not in (None, "", [])}


def _attributes(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    cleaned = [(cut(key.strip(), ATTRIBUTE), cut(value.strip(), ATTRIBUTE)) for key, value in pairs]
    return [{"key": key, "value": value} if key else {"value": value} for key, value in cleaned if value][
        :ATTRIBUTES
    ]


def _id(body: dict[str, Any]) -> str:
    value = body.get("id")
    return usable_id(value) if isinstance(value, str) else ""
