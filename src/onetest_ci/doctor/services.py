"""Whether each service accepts the key and the product.

Only GETs are sent. Of the Receiver only paths are documented that write, so it is requested twice: at the
documented path, where a GET shows whether the path exists, and at ReportPortal's lookup of a launch, with an
id that no launch has (docs/onetest-api.md#endpoints, #reading-results).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final, NamedTuple
from uuid import uuid4

from onetest_ci.doctor.asking import REFUSALS, Asked, Asker, Verdict
from onetest_ci.doctor.finding import Area, Finding, note, ok, warning
from onetest_ci.doctor.import_probe import IMPORT, refused_as_incomplete
from onetest_ci.onetest.client.keys import Family, family_of
from onetest_ci.settings.connection import ConnectionSettings

LOOKUP: Final = "/api/receiver/api/v1/{product_id}/launch/uuid/{launch}"


class _Service(NamedTuple):
    """A service that delivery can do without.

    Attributes:
        code: its key, which is the finding's code too.
        name: for people.
        without: what a delivery does without it.
    """

    code: str
    name: str
    without: str


_SERVICES: Final = (
    _Service("gateway", "Gateway", "Delivery does not use this service."),
    _Service("membership", "Membership", "Delivery continues without builds and environments."),
    _Service(
        "test-management",
        "Test Management",
        "Delivery does not use this service; the commands for test cases do.",
    ),
    _Service("artifacts", "Artifacts", "Files of the run are sent as logs of the launch instead."),
)
_READING_SCOPE: Final = "autotests:read"
_MAY_WRITE: Final = "A key without this scope may still write; `onetest-ci doctor --probe-import` shows it."
_UNPROVED: Final = frozenset({Verdict.EXISTS, Verdict.MISSING})


def ask_services(asker: Asker) -> None:
    """Request one path of each service, the most important first. Without a product, only the Gateway's."""
    asker.get("gateway.tools")
    if not asker.has_product:
        return
    asked = asker.get("receiver.start_launch")
    if asked is not None and asked.verdict in _UNPROVED:
        asker.get_path("receiver.launch_by_uuid", LOOKUP, launch=str(uuid4()))
    asker.get("membership.environments")
    asker.get("test_management.test_cases", query="limit=1")
    asker.get("artifacts.create_bucket")


def services(asker: Asker, settings: ConnectionSettings) -> Iterator[Finding]:
    """Yield a finding for each service that was requested, and one for the product."""
    last = asker.asked[-1] if asker.ended else None
    asked = [one for one in asker.asked if one is not last]
    receiver = [one for one in _of_service(asked, "receiver") if _counts(one)]
    for service in _SERVICES:
        for one in _of_service(asked, service.code)[:1]:
            yield _of_other(one, service)
    if receiver:
        yield _of_receiver(receiver, asked, settings)
    elif asker.has_product and not asker.ended:
        yield warning(
            Area.SERVICES,
            "receiver-not-checked",
            "Whether the Receiver accepts the key was not checked, since --max-api-calls was reached.",
            "Allow more calls with --max-api-calls.",
        )
    if last is not None and last.probed.error is not None:
        # Every request of a delivery would end the same way.
        yield Finding.of_error(Area.SERVICES, last.probed.error)
    if any(one.verdict is Verdict.ACCEPTED and "{product_id}" in one.template for one in asked):
        yield ok(Area.SERVICES, "product", "The product exists for the key.")


def _of_service(asked: Iterable[Asked], service: str) -> list[Asked]:
    return [one for one in asked if one.endpoint.service == service]


def _counts(asked: Asked) -> bool:
    """Return whether a request shows if the Receiver accepts the key. A path may be of another handler."""
    is_import = asked.endpoint.name == IMPORT
    return not is_import or refused_as_incomplete(asked) or asked.verdict in REFUSALS


def _of_other(asked: Asked, service: _Service) -> Finding:
    """Return the finding for a service that delivery can do without."""
    name, error = service.name, asked.probed.error
    if asked.verdict is Verdict.ACCEPTED:
        text = f"{name} accepts the key ({asked.label}: {asked.probed.status})."
        return ok(Area.SERVICES, service.code, text)
    if error is None or asked.verdict is Verdict.EXISTS:
        return note(
            Area.SERVICES,
            service.code,
            f"{name} has the path of {asked.label} for another method (405): whether it accepts the key "
            "is not known.",
        )
    return Finding.of_survivable(Area.SERVICES, error, service.without)


def _of_receiver(receiver: list[Asked], asked: Sequence[Asked], settings: ConnectionSettings) -> Finding:
    """Return the finding for the Receiver, without which nothing is delivered."""
    verdicts = {one.verdict: one for one in receiver}
    accepted = verdicts.get(Verdict.ACCEPTED)
    if accepted is not None:
        return _accepted(accepted, receiver[0])
    failed = next((one for one in receiver if one.verdict not in _UNPROVED), None)
    if failed is not None and failed.probed.error is not None:
        if failed.verdict is Verdict.FORBIDDEN and _READING_SCOPE in failed.probed.error.message:
            return Finding.of_survivable(Area.SERVICES, failed.probed.error, _MAY_WRITE)
        return Finding.of_error(Area.SERVICES, failed.probed.error)
    elsewhere = _refused_elsewhere(asked, settings)
    if elsewhere is not None and elsewhere.probed.error is not None:
        found = Finding.of_error(Area.SERVICES, elsewhere.probed.error)
        return replace(found, text=f"{found.text} The Receiver has the same key and product.")
    if Verdict.EXISTS not in verdicts and receiver[0].probed.error is not None:
        return Finding.of_error(Area.SERVICES, receiver[0].probed.error)
    return warning(
        Area.SERVICES,
        "receiver",
        "The Receiver's documented path exists. Whether it accepts the key is not known, since it did not "
        "respond to a request that changes nothing.",
        "Run `onetest-ci doctor --probe-import`, which sends the Receiver an import without a file.",
    )


def _accepted(accepted: Asked, launch: Asked) -> Finding:
    """Return the finding for a Receiver that accepts the key, perhaps without a path for launches."""
    status = accepted.probed.status
    # A reader would take an error's status for a refusal of the key.
    cause = "the import has no file" if accepted.endpoint.name == IMPORT else "no launch has this id"
    expected = f", as expected, since {cause}" if status >= HTTPStatus.BAD_REQUEST else ""
    text = f"The Receiver accepts the key ({accepted.label}: {status}{expected})."
    if launch.verdict is not Verdict.MISSING:
        return ok(Area.SERVICES, "receiver", text)
    return warning(
        Area.SERVICES,
        "launch-path",
        f"{text} But {launch.label} returned {launch.probed.status}, so the path of launches may not exist.",
        "If launches fail, set --endpoint receiver.start_launch=PATH, or --mode import.",
    )


def _refused_elsewhere(asked: Sequence[Asked], settings: ConnectionSettings) -> Asked | None:
    """Return a refusal by another service that the Receiver is likely to repeat."""
    key = settings.api_key
    other_key = settings.receiver_api_key is not None or key is None or family_of(key) is Family.PRODUCT
    for one in asked:
        if one.verdict is Verdict.NO_PRODUCT or (one.verdict is Verdict.KEY_REFUSED and not other_key):
            return one
    return None
