"""All checks that need the network, in the order of their worth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import httpx

from onetest_ci.doctor.asking import Asked, Asker
from onetest_ci.doctor.connection import way
from onetest_ci.doctor.finding import Area, Finding, note
from onetest_ci.doctor.import_probe import ask_import, import_path, imports, refused_as_incomplete
from onetest_ci.doctor.limits import limits
from onetest_ci.doctor.paths import ask_paths, found_paths, paths
from onetest_ci.doctor.questions import for_issue
from onetest_ci.doctor.records import FoundPath, RequestRow
from onetest_ci.doctor.services import ask_services, services
from onetest_ci.errors import UsageProblem
from onetest_ci.onetest.client.probe import Probe
from onetest_ci.onetest.client.route import route_to
from onetest_ci.redaction import Redactor
from onetest_ci.settings import Settings

_LONGEST: Final = 120
"""Seconds for all requests together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The results of the checks.

    Attributes:
        findings: in the order of their areas.
        requests: those that were made.
        paths: those of OneTest that exist and are not documented.
        calls: number of requests that may have arrived.
        for_issue: answers to open questions about OneTest's API, in Markdown. Empty without requests.
    """

    findings: tuple[Finding, ...]
    requests: tuple[RequestRow, ...] = ()
    paths: tuple[FoundPath, ...] = ()
    calls: int = 0
    for_issue: str = ""


def examine(
    settings: Settings,
    redact: Redactor,
    *,
    max_calls: int,
    probe_import: bool,
    debug: Callable[[str], None] | None,
    clock: Callable[[], float],
) -> Network:
    """Check the way to OneTest, the services and their paths. Nothing is changed there.

    Args:
        settings: of `report`.
        redact: removes the run's secrets.
        max_calls: maximum number of requests.
        probe_import: send an import without a file as well.
        debug: prints a line for each request and response.
        clock: epoch seconds.
    """
    try:
        route = route_to(httpx.URL(settings.base_url), settings.ca_bundle)
    except UsageProblem as problem:
        return Network(findings=(Finding.of_error(Area.CONNECTION, problem),))
    findings = list(way(settings.base_url, route, clock()))
    if settings.api_key is None:
        text = "No request was made, since there is no key."
        return Network(findings=(*findings, note(Area.SERVICES, "no-requests", text)))
    with Probe(
        settings.base_url,
        settings.api_key,
        receiver_key=settings.receiver_api_key,
        redact=redact,
        ca_bundle=settings.ca_bundle,
        seconds=min(settings.timeout, _LONGEST),
        max_calls=max_calls,
        debug=debug,
        clock=clock,
    ) as probe:
        asker = Asker(probe, settings, settings.product_id)
        ask_services(asker)
        if probe_import and asker.has_product:
            ask_import(asker)
        if asker.has_product:
            ask_paths(asker)
    of_import = tuple(import_path(one) for one in asker.asked if refused_as_incomplete(one))
    found = found_paths(asker.asked)
    return Network(
        findings=(*findings, *_of_requests(asker, found, settings)),
        requests=tuple(map(_row, asker.asked)),
        for_issue=for_issue(asker.asked, settings, redact),
        paths=(*of_import, *found),
        calls=asker.calls,
    )


def _of_requests(asker: Asker, found: tuple[FoundPath, ...], settings: Settings) -> Iterator[Finding]:
    yield from services(asker, settings)
    yield from imports(asker.asked)
    yield from paths(asker.asked, found, asker.left_out)
    yield from limits(asker.asked)


def _row(asked: Asked) -> RequestRow:
    return RequestRow(
        endpoint=asked.endpoint.name,
        method=asked.endpoint.method,
        path=asked.template,
        status=asked.probed.status,
        result=asked.verdict.value,
    )
