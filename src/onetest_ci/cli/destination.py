"""Check that the settings name a destination and may be used for it, before anything is read or sent."""

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import Refused, UsageProblem
from onetest_ci.push.target import target_of
from onetest_ci.settings import Settings
from onetest_ci.settings.option import variable_name


def check_destination(
    settings: Settings, context: CIContext, *, needs_product: bool, needs_key: bool = False
) -> None:
    """Check the endpoints, the launch, the product and the key. Nothing is sent.

    Raises:
        UsageProblem: an endpoint or the launch is not valid, or the product is missing.
        Refused: the key is missing.
    """
    _check_endpoints(settings)
    target_of(settings, context)
    if needs_product and not settings.product_id:
        raise _missing_product(settings)
    if needs_key and settings.api_key is None:
        raise missing_key(settings)


def check_access(settings: Settings, *, needs_product: bool = True) -> None:
    """Check what a command needs that calls OneTest and delivers no results. Nothing is sent.

    Raises:
        UsageProblem: an endpoint is not valid, or the product is missing.
        Refused: the key is missing.
    """
    _check_endpoints(settings)
    if needs_product and not settings.product_id:
        raise _missing_product(settings)
    if settings.api_key is None:
        raise missing_key(settings)


def _check_endpoints(settings: Settings) -> None:
    if settings.endpoint:
        # Few runs have paths of their own.
        from onetest_ci.onetest.endpoints import Endpoints  # noqa: PLC0415

        Endpoints(dict(settings.endpoint))


def check_trust(context: CIContext, what: str) -> None:
    """Refuse to change anything in OneTest from a run that anybody can start.

    Args:
        context: what CI provides.
        what: the command or request, for the message.

    Raises:
        UsageProblem: ``untrusted-run``.
    """
    if context.untrusted:
        raise UsageProblem(
            "untrusted-run",
            f"{what} would change the product in OneTest, and this is a {context.untrusted}.",
            "Run it in a workflow that only members of the project can start.",
        )


def _missing_product(settings: Settings) -> UsageProblem:
    hint = (
        f"Set it or {variable_name('product-id')} to the UUID that OneTest shows under "
        "Settings > Integrations and API Keys."
    )
    return UsageProblem("missing-option", "--product-id is missing.", " ".join((hint, *settings.warnings)))


def missing_key(settings: Settings) -> Refused:
    """Return the error for a run that needs the API key and does not have it."""
    hint = f"Set {variable_name('api-key')} from a secret of the CI (or name a file with --api-key-file)."
    return Refused("missing-key", "The API key is missing.", " ".join((hint, *settings.warnings)))
