"""Check that the settings name a destination for the results, before anything is read or sent."""

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import Refused, UsageProblem
from onetest_ci.onetest.endpoints import Endpoints
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
    Endpoints(dict(settings.endpoint))
    target_of(settings, context)
    if needs_product and not settings.product_id:
        hint = (
            f"Set it or {variable_name('product-id')} to the UUID that OneTest shows under "
            "Settings > Integrations and API Keys."
        )
        raise UsageProblem("missing-option", "--product-id is missing.", " ".join((hint, *settings.warnings)))
    if needs_key and settings.api_key is None:
        raise missing_key(settings)


def missing_key(settings: Settings) -> Refused:
    """Return the error for a run that needs the API key and does not have it."""
    hint = f"Set {variable_name('api-key')} from a secret of the CI (or name a file with --api-key-file)."
    return Refused("missing-key", "The API key is missing.", " ".join((hint, *settings.warnings)))
