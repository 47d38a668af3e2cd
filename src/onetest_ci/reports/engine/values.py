"""Counts, durations and timestamps as reports spell them.

Seen in real reports: ``1.5``, ``1,234.5`` (Surefire), ``0,014`` (a decimal comma), ``0:12.5`` and ``1:02:03``
(minutes and seconds), ``1.02:03:04.5`` (days before the hours, as .NET's ``TimeSpan`` writes), ``1 day,
2:03:04`` (Python's ``timedelta``), ``PT1M2.5S`` (ISO 8601), ``15 ms``, ``1m2.5s`` (Go's ``Duration``) and
``2sec`` (bats); timestamps as ISO 8601, as ``20260102 03:04:05.678`` (Robot Framework before version 7), with
the zone's name in TestNG 7, or as in a mail's header.
"""

import re
from datetime import UTC, datetime

LONGEST = 10 * 365 * 86400.0
"""Maximum duration in seconds. A longer one is a timestamp or garbage."""

# Most durations are plain numbers, so the patterns of the others are compiled on first use.
_GROUPED = r"(?a)[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"
_DECIMAL_COMMA = r"(?a)\d+,\d+"
_CLOCK = r"(?a)(?:(?:(\d{1,4})(?:\.| days?, ))?(\d{1,4}):)?(\d{1,4}):(\d{1,2}(?:[.,]\d+)?)"
_ISO = r"(?ai)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?"
_UNITS = {
    "d": 86400.0,
    "h": 3600.0,
    "m": 60.0,
    "min": 60.0,
    **dict.fromkeys(("s", "sec", "secs", "seconds"), 1.0),
    "ms": 1e-3,
    **dict.fromkeys(("us", "µs", "μs"), 1e-6),
    "ns": 1e-9,
}
_WITH_UNIT = rf"([0-9]+(?:\.[0-9]+)?)\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})\s*"
_UTC = (" UTC", " GMT", " Z")
_MAX_TEXT = 64
_MOST_DIGITS = 12
_DAY = 86400.0


def duration(text: str) -> float | None:
    """Return seconds. None for other texts, and for negative, infinite, NaN or too long durations."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        spelled = _spelled(text.strip()) if len(text) <= _MAX_TEXT else None
        if spelled is None:
            return None
        value = spelled
    return plausible_duration(value)


def plausible_duration(seconds: float | None) -> float | None:
    """Return a duration in seconds; None if it is negative, infinite, NaN or absurdly long."""
    return seconds if seconds is not None and 0.0 <= seconds <= LONGEST else None


def _spelled(text: str) -> float | None:
    if ":" in text:
        return _of_clock(text)
    if re.fullmatch(_GROUPED, text):
        return float(text.replace(",", ""))
    if re.fullmatch(_DECIMAL_COMMA, text):
        return float(text.replace(",", "."))
    if (match := re.fullmatch(_ISO, text)) and any(match.groups()):
        days, hours, minutes, seconds = match.groups()
        return int(days or 0) * 86400 + int(hours or 0) * 3600 + int(minutes or 0) * 60 + _number(seconds)
    return _of_units(text.lower())


def _of_clock(text: str) -> float | None:
    match = re.fullmatch(_CLOCK, text)
    if match is None:
        return None
    days, hours, minutes, seconds = match.groups()
    return int(days or 0) * 86400 + int(hours or 0) * 3600 + int(minutes) * 60 + _number(seconds)


def _of_units(text: str) -> float | None:
    """Return seconds for numbers with units, the largest unit first."""
    with_unit = re.compile(_WITH_UNIT)
    seconds, at, last = 0.0, 0, float("inf")
    while at < len(text):
        match = with_unit.match(text, at)
        if match is None or _UNITS[match[2]] >= last:
            return None
        last = _UNITS[match[2]]
        seconds += float(match[1]) * last
        at = match.end()
    return seconds if text else None


def _number(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0


def timestamp(text: str) -> float | None:
    """Return epoch seconds, None for a text that is not a date. A time without a zone is read as UTC."""
    text = text.strip()
    if not text or len(text) > _MAX_TEXT:
        return None
    try:
        moment = datetime.fromisoformat(f"{text.rpartition(' ')[0]}Z" if text.endswith(_UTC) else text)
    except ValueError:
        try:
            # Few reports spell it so, and the import takes longer than reading a small report.
            from email.utils import parsedate_to_datetime  # noqa: PLC0415

            moment = parsedate_to_datetime(text)
        except (ValueError, IndexError, TypeError):
            return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def start_time(text: str) -> float | None:
    """Return when a test began, in epoch seconds. One that did not run began at the zero of a clock: None."""
    start = timestamp(text)
    return start if start is not None and start > _DAY else None


def whole_number(text: str | None) -> int | None:
    """Return a count or a line number; None for any other text."""
    digits = "" if text is None else text.strip().replace(",", "")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= _MOST_DIGITS else None
