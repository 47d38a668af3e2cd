"""One tree of errors. Each holds what happened, why, and what to do next."""

# OnetestError
# ├── UsageProblem      an option or setting is wrong            exit 2
# ├── ReportError       a report cannot be read to its end       exit 3
# ├── BundleError       a bundle cannot be written or read       exit 4
# ├── Interrupted       a signal stopped the run                 exit 130, 143
# └── ServiceError      OneTest did not do what was requested    exit 4
#     ├── Unreachable       no response
#     ├── NotOneTest        a response that is not OneTest's (HTML, wrong JSON)
#     ├── Refused           key or product not accepted          exit 5
#     └── BudgetExhausted   429/402: no coins left               exit 6

import errno
from collections.abc import Callable
from typing import Final, Self

from onetest_ci.exit_codes import ExitCode


class OnetestError(Exception):
    """An error for a person to read.

    Args:
        code: short kebab-case name, stable, for programs and searches (``broken-xml``).
        message: what happened and why, in sentences. A missing capital or full stop is added.
        hint: what to do next, likewise; empty if the message is enough.
    """

    exit_code = ExitCode.NOT_DELIVERED

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        self.code = code
        self.message = _sentence(message)
        self.hint = _sentence(hint)
        super().__init__(self.message)

    def redacted(self, redact: Callable[[str], str]) -> Self:
        """Return the same error without secrets in its texts."""
        kind = type(self)
        clean = kind.__new__(kind)
        clean.__dict__.update(self.__dict__)
        clean.message, clean.hint = redact(self.message), redact(self.hint)
        clean.args = (clean.message,)
        return clean

    def as_dict(self) -> dict[str, str]:
        """Return the error as JSON output shows it: code, message, hint."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class UsageProblem(OnetestError):
    """An option or a setting is wrong or missing."""

    exit_code = ExitCode.USAGE


class ReportError(OnetestError):
    """A report cannot be read to its end, or there is none."""

    exit_code = ExitCode.REPORTS

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        """Keep all three texts when another process returns the error, and not the message alone."""
        return type(self), (self.code, self.message, self.hint)


class BundleError(OnetestError):
    """A bundle cannot be written, read or trusted."""


class JournalError(OnetestError):
    """The journal of a sync of test cases cannot be written, read or trusted."""


class Interrupted(OnetestError):
    """A signal stopped the run.

    Args:
        exit_code: what the process exits with.
        message: as for ``OnetestError``.
        hint: as for ``OnetestError``.
    """

    def __init__(self, exit_code: ExitCode, message: str, hint: str = "") -> None:
        super().__init__("interrupted", message, hint)
        self.exit_code = exit_code


class ServiceError(OnetestError):
    """OneTest did not do what was requested.

    Args:
        code: as for ``OnetestError``.
        message: as for ``OnetestError``.
        hint: as for ``OnetestError``.
        status: the HTTP status, or 0 without a response.
    """

    def __init__(self, code: str, message: str, hint: str = "", *, status: int = 0) -> None:
        super().__init__(code, message, hint)
        self.status = status


class Unreachable(ServiceError):
    """OneTest did not respond: no server, a time-out, a broken connection."""


class NotOneTest(ServiceError):
    """The response is not OneTest's: HTML, or JSON of another schema."""


class Refused(ServiceError):
    """The key or the product is not accepted. A retry cannot help."""

    exit_code = ExitCode.REFUSED


class BudgetExhausted(ServiceError):
    """No coins are left (429 or 402), or no more calls are allowed. A retry cannot help."""

    exit_code = ExitCode.BUDGET


def bundle_not_written(directory: object, problem: OSError) -> BundleError:
    """Return the error for a bundle that cannot be written."""
    return BundleError(
        "bundle-not-written",
        f"The bundle cannot be written to {directory}: {problem.strerror or problem}.",
        _where_to_write(
            problem,
            "Set --bundle (ONETEST_BUNDLE) to a directory that can be written; for `push`, copy the bundle "
            "to such a directory.",
        ),
    )


def no_temporary_directory(tried: str, instead: str) -> BundleError:
    """Return the error for a machine without a directory for temporary files.

    Args:
        tried: the directories that cannot be written.
        instead: a setting that avoids it.
    """
    return BundleError(
        "no-temporary-directory",
        f"There is no directory for temporary files: {tried} cannot be written.",
        f"Set TMPDIR to a directory that can be written, or {instead}. {_MOUNT}",
    )


def output_not_written(path: object, problem: OSError) -> UsageProblem:
    """Return the error for a file that the settings name and that cannot be written."""
    return UsageProblem(
        "output-not-written",
        f"The file {path} cannot be written: {problem.strerror or problem}.",
        _where_to_write(problem, "Name a path that can be written."),
    )


_MOUNT = (
    "In a container, mount one: `docker run --tmpfs /tmp` for temporary files, "
    "`--volume DIRECTORY:DIRECTORY` for files to keep."
)
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
_NOT_WRITABLE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def _where_to_write(problem: OSError, instead: str) -> str:
    """Return what to set or mount, for the reason in the problem."""
    if problem.errno in _FULL:
        return f"Free some space there. {instead}"
    return f"{instead} {_MOUNT}" if problem.errno in _NOT_WRITABLE else instead


_ENDS: Final = (".", "!", "?", ":", "…")


def _sentence(text: str) -> str:
    """Return a text with a full stop, and a capital unless it begins with a name or an address."""
    first = text.split(" ", 1)[0]
    if first.isalpha() and first.islower():
        text = text[0].upper() + text[1:]
    # A command after a colon gets no full stop either, so that it can be copied.
    # The full stop inside of a file's name ends no sentence.
    is_whole = text.endswith(_ENDS) or ": " in text.rpartition(". ")[2]
    return text if not text or is_whole else f"{text}."
