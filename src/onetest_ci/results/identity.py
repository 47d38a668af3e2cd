"""Which test of an earlier run is the same test: by code_ref and parameters, else by suite path and name.

Neither the report's file nor the place of the checkout counts: a code_ref begins in the checkout.
"""

from functools import lru_cache
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from onetest_ci.code_ref.linking import fitted
from onetest_ci.code_ref.parameters import parameters_of, without_parameters
from onetest_ci.code_ref.paths import suffix_of
from onetest_ci.results.run_results import TestResult

_KEY_BYTES: Final = 16
_CONTEXT_BYTES: Final = 8
_SEPARATOR: Final = "\0"


class Identity(NamedTuple):
    """A test, recognised in another run.

    Attributes:
        key: hash of what names the test.
        context: hash of all names around it. It distinguishes tests of one run that share a key, as a test
            that runs in two browsers.
    """

    key: bytes
    context: bytes


def identity_of(test: TestResult, report: str = "") -> Identity:
    """Return the identity of a test. Long texts count as ``fitted`` cuts them: they are saved like that.

    Args:
        test: of this run or an earlier one.
        report: path of its report. A suite that stands for that file has no part in the identity.
    """
    around = _suites(test.suites, report)
    name = fitted(test.name)
    named = _named(fitted(test.code_ref), name)
    own = (*map(fitted, around), fitted(test.classname), name)
    return Identity(_hash(named or ("", *own), _KEY_BYTES), _hash(own, _CONTEXT_BYTES))


def _named(code_ref: str, name: str) -> tuple[str, ...]:
    """Return code_ref and parameters. Empty if the code_ref does not contain more than the test's name."""
    suffix = _suffix(code_ref.partition(":")[0])
    method = without_parameters(name, suffix)
    if code_ref in {"", name, method}:
        return ()
    # Where the code_ref does not end in the method, the whole name distinguishes the rows of a test.
    parameters = parameters_of(name, suffix) if code_ref.endswith(method) else name
    return code_ref, parameters


@lru_cache(maxsize=1024)
def _suffix(file: str) -> str:
    return suffix_of(file)


def _suites(suites: tuple[str, ...], report: str) -> tuple[str, ...]:
    if suites and report and suites[0] == PurePosixPath(report).name:
        return suites[1:]
    return suites


def _hash(texts: tuple[str, ...], size: int) -> bytes:
    # The lengths keep two texts apart from one that contains the separator.
    text = _SEPARATOR.join((*map(str, map(len, texts)), *texts))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
