"""One finding of `doctor`: a sign, a sentence and what to do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode


class Sign(StrEnum):
    """Whether a person has to do something."""

    OK = "ok"
    NOTE = "note"
    """Nothing to do, or nothing that this machine can show."""
    WARNING = "warning"
    """A report is delivered, but something is missing from it or will fail later."""
    ERROR = "error"
    """A report is not delivered."""


class Area(StrEnum):
    """What a finding is about, in the order in which people see them."""

    MACHINE = "machine"
    SETTINGS = "settings"
    CI = "ci"
    KEYS = "keys"
    CONNECTION = "connection"
    SERVICES = "services"
    PATHS = "paths"
    LIMITS = "limits"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check.

    Attributes:
        area: what it is about.
        code: short kebab-case name for programs; an error's own code if there is one.
        sign: how much it matters.
        text: what was found, in sentences.
        hint: what to do. Empty if there is nothing to do.
        exit_code: of a command that an error makes fail; 0 unless the sign is ``error``.
    """

    area: Area
    code: str
    sign: Sign
    text: str
    hint: str = ""
    exit_code: ExitCode = ExitCode.OK

    @classmethod
    def of_error(cls, area: Area, error: OnetestError) -> Self:
        """Return the finding for an error that ends a report."""
        return cls(
            area=area,
            code=error.code,
            sign=Sign.ERROR,
            text=error.message,
            hint=error.hint,
            exit_code=error.exit_code,
        )

    @classmethod
    def of_survivable(cls, area: Area, error: OnetestError, consequence: str) -> Self:
        """Return the warning for an error that a delivery survives, with what the delivery loses."""
        return cls(
            area=area,
            code=error.code,
            sign=Sign.WARNING,
            text=f"{error.message} {consequence}".strip(),
            hint=error.hint,
        )

    def redacted(self, redact: Callable[[str], str]) -> Self:
        """Return the finding without secrets."""
        return replace(self, text=redact(self.text), hint=redact(self.hint))

    def as_dict(self) -> dict[str, str]:
        """Return the finding as the JSON document holds it."""
        return {
            "area": self.area.value,
            "code": self.code,
            "sign": self.sign.value,
            "text": self.text,
            "hint": self.hint,
        }


def ok(area: Area, code: str, text: str) -> Finding:
    """Return a finding with nothing to do."""
    return Finding(area=area, code=code, sign=Sign.OK, text=text)


def note(area: Area, code: str, text: str, hint: str = "") -> Finding:
    """Return a finding that a person may want to read."""
    return Finding(area=area, code=code, sign=Sign.NOTE, text=text, hint=hint)


def warning(area: Area, code: str, text: str, hint: str) -> Finding:
    """Return a finding that does not keep a report from being delivered."""
    return Finding(area=area, code=code, sign=Sign.WARNING, text=text, hint=hint)
