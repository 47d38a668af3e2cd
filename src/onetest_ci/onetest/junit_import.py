"""Interface stub; the body follows."""

from pathlib import Path
from typing import NamedTuple

from onetest_ci.onetest.http import Http


class ImportResult(NamedTuple):
    """What is known after an import; the service may work on it for a while."""

    job_id: str
    launch_id: str
    launch_url: str
    status: str
    path_used: str


class JUnitImport:
    """The JUnit side of the Receiver; remembers the path that works."""

    def __init__(self, http: Http, product_id: str) -> None:
        raise NotImplementedError

    def import_junit(self, path: Path, filename: str) -> ImportResult:
        """Upload one JUnit document of at most 10 MB."""
        raise NotImplementedError
