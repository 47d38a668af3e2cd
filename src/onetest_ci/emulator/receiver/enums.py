"""Statuses, item types, modes and log levels: ReportPortal's words, and OneTest's for them.

See docs/onetest-api.md#receiver.
"""

LAUNCH_STATUSES = frozenset({"passed", "failed", "stopped", "interrupted", "cancelled"})

# ReportPortal accepts these statuses of a launch. OneTest does not have them, so the items decide instead.
LAUNCH_STATUSES_DERIVED = frozenset({"skipped", "info", "warn"})

# The status that OneTest stores for each status that a client may send for an item.
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

# The types that ReportPortal ranks above STEP: an empty item of such a type needs no status
# (reportportal/service-api, ``TestItemTypeEnum``).
CONTAINER_TYPES = frozenset({"SUITE", "STORY", "TEST", "SCENARIO", "BEFORE_SUITE", "AFTER_SUITE"})

MODES = frozenset({"default", "debug", "ci"})

LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "UNKNOWN")

_LEVEL_NUMBERS = {5000: "TRACE", 10000: "DEBUG", 20000: "INFO", 30000: "WARN", 40000: "ERROR", 50000: "FATAL"}


def log_level(value: object) -> str:
    """Return the level to store: INFO if the entry has none, UNKNOWN if it is not one of the levels."""
    if value is None:
        return "INFO"
    text = str(value).strip()
    if text.isdecimal() and text.isascii():
        return _LEVEL_NUMBERS.get(int(text[:9]), "UNKNOWN")
    word = text.upper()
    return word if word in LEVELS else "UNKNOWN"
