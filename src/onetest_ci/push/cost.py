"""What delivery will cost: the most calls that each mode takes, and the choice between them.

Each call may cost a coin of the product's weekly budget (contract §2.4, the dearer reading).
"""

import math
from dataclasses import dataclass
from typing import Final

from onetest_ci.bundle import ITEMS, Bundle, Manifest
from onetest_ci.errors import BudgetExhausted
from onetest_ci.onetest.limits import LOG_BATCH, LOG_BATCH_BYTES, MAX_DOCUMENT_BYTES

_ENVIRONMENT_CALLS: Final = 2  # list, create
_BUILD_CALLS: Final = 9  # releases; sprints, find-or-create, list, create on either of two paths
_ARTIFACT_FALLBACK_CALLS: Final = 3  # a refused log, an item that holds the files
_IMPORT_PROBES: Final = 2  # paths that may turn out not to be the one (contract §8.2)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a bundle will be delivered.

    Attributes:
        mode: ``launch`` or ``import``.
        estimate: most calls it takes when nothing has to be repeated.
        why: for people: why this mode and what it loses; empty when there is nothing to say.
    """

    mode: str
    estimate: int
    why: str = ""


def plan(bundle: Bundle, mode: str, max_calls: int, *, deployment: bool = False) -> Plan:
    """Choose the mode.

    Args:
        bundle: what is to be delivered.
        mode: ``auto``, ``launch`` or ``import``.
        max_calls: most calls that the run may make.
        deployment: whether a deployment is to be recorded.

    Raises:
        BudgetExhausted: what was asked for would take more calls than allowed; nothing was sent.
    """
    launch = launch_calls(bundle.manifest, deployment=deployment)
    imported = import_calls(bundle)
    if mode == "launch" or (mode == "auto" and launch <= max_calls):
        _check("launch", launch, max_calls)
        return Plan("launch", launch)
    _check("import", imported, max_calls)
    why = ""
    if mode == "auto":
        why = (
            f"import mode, since launch mode may take {launch:,} calls and --max-api-calls is {max_calls:,}; "
            "an import carries no build, environment, suites or attachments of tests"
        )
    return Plan("import", imported, why)


def launch_calls(manifest: Manifest, *, deployment: bool = False) -> int:
    """Most calls of launch mode."""
    items = manifest.suites + manifest.cases
    by_count = math.ceil(manifest.log_entries / LOG_BATCH)
    by_size = math.ceil(2 * manifest.attachment_bytes / LOG_BATCH_BYTES)
    setup = _ENVIRONMENT_CALLS * bool(manifest.environment) + _BUILD_CALLS * bool(manifest.build_version)
    artifacts = artifact_calls(manifest) + _ARTIFACT_FALLBACK_CALLS * bool(manifest.artifacts)
    return 2 + 2 * items + by_count + by_size + setup + 2 * deployment + artifacts


def import_calls(bundle: Bundle) -> int:
    """Most calls of import mode; the size of the items bounds that of the documents."""
    size = (bundle.directory / ITEMS).stat().st_size
    return max(1, math.ceil(size / MAX_DOCUMENT_BYTES)) + _IMPORT_PROBES + artifact_calls(bundle.manifest)


def artifact_calls(manifest: Manifest) -> int:
    """Most calls that the files of the run take: one a file, and two more where the bucket is missing."""
    return 2 + len(manifest.artifacts) if manifest.artifacts else 0


def _check(mode: str, calls: int, max_calls: int) -> None:
    if calls > max_calls:
        raise BudgetExhausted(
            "over-max-api-calls",
            f"Delivery in {mode} mode may take {calls:,} API calls; --max-api-calls allows {max_calls:,}. "
            "Nothing was sent.",
            "Raise --max-api-calls" + (", or choose --mode import or auto." if mode == "launch" else "."),
        )
