"""Settings that only some commands need, and the errors for a run that lacks them."""

from onetest_ci.errors import Refused, UsageProblem
from onetest_ci.settings import Settings
from onetest_ci.settings.texts import variable_name


def need_product(settings: Settings) -> None:
    """Check that the product is set.

    Raises:
        UsageProblem: it is not.
    """
    if not settings.product_id:
        hint = (
            f"Set it or {variable_name('product-id')} to the UUID that OneTest shows under "
            "Settings > Integrations and API Keys."
        )
        raise UsageProblem(
            "missing-option", "--product-id is not given.", " ".join((hint, *settings.warnings))
        )


def missing_key(settings: Settings) -> Refused:
    """Return the error for a run that needs the API key and does not have it."""
    hint = f"Set {variable_name('api-key')} from a secret of the CI (or name a file: --api-key-file)."
    return Refused("missing-key", "No API key is given.", " ".join((hint, *settings.warnings)))
