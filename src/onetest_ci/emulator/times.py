"""Times: whole microseconds since 1970 in UTC in the database, other forms in requests and responses."""

import email.utils
import time
from datetime import UTC, datetime, timedelta

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The end of the year 9999, the last that a datetime can hold.
_LIMIT = 253_402_300_799 * SECOND
LAST_MILLI = _LIMIT // 1000


def now() -> int:
    """Return the current time."""
    return time.time_ns() // 1000


def parse(value: object) -> int:
    """Read a time as ReportPortal and OneTest accept it (docs/onetest-api.md#rules-of-all-requests).

    Accepted are epoch milliseconds as int, float or string; ISO-8601; RFC 1123; ``yyyy-MM-dd HH:mm:ss``.
    A time without a zone is UTC.

    Raises:
        ValueError: the value has none of these forms, or is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("not a time")  # noqa: TRY004 - one kind of error for every wrong value
    micros = _from_text(value.strip()) if isinstance(value, str) else _from_millis(value)
    if not 0 <= micros <= _LIMIT:
        raise ValueError("time out of range")
    return micros


def iso(micros: int | None) -> str | None:
    """Return a time for JSON: ISO-8601 in UTC."""
    if micros is None:
        return None
    return (_EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")


def _from_millis(value: float) -> int:
    try:
        return round(value * 1000)
    except OverflowError as error:
        raise ValueError("time out of range") from error


def _from_text(text: str) -> int:
    try:
        return _from_millis(int(text) if text.isdecimal() else float(text))
    except ValueError:
        return _from_calendar(text)


def _from_calendar(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = email.utils.parsedate_to_datetime(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1)
