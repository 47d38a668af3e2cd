"""The launch's header: what a bundle and `launch start` send about the launch itself."""

from onetest_ci.bundle.records import Manifest
from onetest_ci.ci.context import CIContext
from onetest_ci.limits import ATTRIBUTE, ATTRIBUTES
from onetest_ci.redaction import Redactor
from onetest_ci.settings.collection import CollectSettings


def launch_header(
    settings: CollectSettings, context: CIContext, redact: Redactor, *, uuid: str, start_ms: int, end_ms: int
) -> Manifest:
    """Return a manifest that holds the launch's name, attributes, environment and build, without results.

    Its attributes are redacted before they are cut; redact its other texts with ``Manifest.redacted``.
    """
    return Manifest(
        launch_uuid=uuid,
        launch_name=settings.launch_name or "Test run",
        launch_description=settings.launch_description,
        attributes=_attributes(settings, context, redact),
        start_ms=start_ms,
        end_ms=end_ms,
        environment=settings.environment,
        environment_url=settings.environment_url,
        build_version=settings.build_version,
        commit=context.commit,
    )


def _attributes(
    settings: CollectSettings, context: CIContext, redact: Redactor
) -> tuple[tuple[str, str], ...]:
    """Return the user's attributes, then CI's, within OneTest's limits (docs/onetest-api.md#limits)."""
    pairs = [*settings.attribute, *context.attributes()]
    if settings.environment:
        pairs.append(("env", settings.environment))
    unique = dict.fromkeys((redact(key)[:ATTRIBUTE], redact(value)[:ATTRIBUTE]) for key, value in pairs)
    return tuple(unique)[:ATTRIBUTES]
