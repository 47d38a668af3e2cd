"""Interface stub; the body follows."""

from pathlib import Path

from onetest_ci.onetest.http import Http


class Artifacts:
    """Buckets and objects of one product."""

    def __init__(self, http: Http, product_id: str) -> None:
        raise NotImplementedError

    def ensure_bucket(self, name: str) -> None:
        """Create the bucket unless it exists."""
        raise NotImplementedError

    def put(self, bucket: str, key: str, path: Path, content_type: str) -> str | None:
        """Upload one file; returns its URL when the service answers one."""
        raise NotImplementedError
