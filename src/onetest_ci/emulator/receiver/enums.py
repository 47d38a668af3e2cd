"""ReportPortal's words and what OneTest stores of them (docs/onetest-api.md#receiver)."""

LAUNCH_STATUSES = frozenset({"passed", "failed", "stopped", "interrupted", "cancelled"})

# ReportPortal takes these for a launch, OneTest has no such status: it is derived from the items instead.
LAUNCH_STATUSES_DERIVED = frozenset({"skipped", "info", "warn"})

# From what a client may say of an item to what OneTest stores.
ITEM_STATUSES = {
    "passed": "passed",
    "failed": "failed",
    "skipped": "skipped",
    "interrupted": "interrupted",
    "cancelled": "cancelled",
    "stopped": "interrupted",
    "info": "passed",
    "warn": "passed",
}

ITEM_TYPES = frozenset(
    {
        "SUITE",
        "STORY",
        "TEST",
        "SCENARIO",
        "STEP",
        "BEFORE_CLASS",
        "BEFORE_METHOD",
        "BEFORE_SUITE",
        "BEFORE_TEST",
        "AFTER_CLASS",
        "AFTER_METHOD",
        "AFTER_SUITE",
        "AFTER_TEST",
    }
)

# The types that ReportPortal ranks above STEP: an empty item of these needs no status
# (reportportal/service-api, ``TestItemTypeEnum``).
CONTAINER_TYPES = frozenset({"SUITE", "STORY", "TEST", "SCENARIO", "BEFORE_SUITE", "AFTER_SUITE"})

MODES = frozenset({"default", "debug", "ci"})

LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "UNKNOWN")

_LEVEL_NUMBERS = {5000: "TRACE", 10000: "DEBUG", 20000: "INFO", 30000: "WARN", 40000: "ERROR", 50000: "FATAL"}


def level(value: object) -> str:
    """The stored level: INFO when none is given, UNKNOWN for a word or number that is none of the seven."""
    if value is None:
        return "INFO"
    text = str(value).strip()
    if text.isdecimal() and text.isascii():
        return _LEVEL_NUMBERS.get(int(text[:9]), "UNKNOWN")
    word = text.upper()
    return word if word in LEVELS else "UNKNOWN"
