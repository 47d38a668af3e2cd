"""The Artifacts service, which stores files of a run. Its calls are assumed, since none is published.

See docs/onetest-api.md#paths-of-artifacts.
"""

from pathlib import Path
from typing import Final

from onetest_ci.errors import ServiceError
from onetest_ci.links import web_link
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.files import check_size, media_type

_CONFLICT: Final = 409


class Artifacts:
    """Buckets and objects of one product.

    Every method raises ``ServiceError`` as ``Http.send`` does.

    Args:
        http: makes the calls.
        product_id: the product's UUID.
    """

    def __init__(self, http: Http, product_id: str) -> None:
        self._http = http
        self._values = {"product_id": product_id}

    def ensure_bucket(self, name: str) -> None:
        """Create a bucket unless it exists.

        Args:
            name: up to 63 characters.
        """
        try:
            self._http.send("artifacts.create_bucket", values=self._values, json={"name": name})
        except ServiceError as error:
            if error.status != _CONFLICT:
                raise

    def put(self, bucket: str, key: str, path: Path, content_type: str) -> str | None:
        """Upload one file, streamed. A second upload with the same key replaces the object.

        Args:
            bucket: an existing bucket.
            key: the object's name; ``/`` makes folders.
            path: the file, at most 10 MB.
            content_type: its MIME type.

        Returns:
            The object's address, if the response contains one.

        Raises:
            ServiceError: ``too-large`` and ``unreadable-file``, before anything is sent.
        """
        check_size(path)
        response = self._http.send(
            "artifacts.put_object",
            values=self._values | {"bucket": bucket, "key": key},
            content=path,
            content_type=media_type(content_type),
        )
        body = response.body if isinstance(response.body, dict) else {}
        return web_link(body.get("url")) or None
