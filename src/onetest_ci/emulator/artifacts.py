"""Artifacts: buckets and objects. The data model is documented, the paths are assumed.

See docs/onetest-api.md#artifacts.
"""

import asyncio
import re
import sqlite3
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.call import Call, Services
from onetest_ci.emulator.endpoint import Access, Endpoint, Upload
from onetest_ci.emulator.errors import detail, invalid, missing, not_found
from onetest_ci.emulator.files import MAX_FILE, MAX_UPLOAD, Content
from onetest_ci.emulator.json_schema import (
    ANY_MEDIA_TYPE,
    BINARY,
    INTEGER,
    TEXT,
    TIME,
    json_object,
    list_schema,
    nullable,
)
from onetest_ci.emulator.request_body import JsonBody, PositiveInteger, Text

PREFIX = "/api/artifacts/api/v1/products/{product_id}/buckets"

ATTACHMENTS = "attachments"
MAX_NAME = 255
_MAX_CONTENT_TYPE = 100
_BUCKET = r"[a-z0-9][a-z0-9._-]{0,62}"
# type/subtype of tokens, then parameters (RFC 9110, sections 5.6.2 and 8.3.1); a download returns it.
_MEDIA_TYPE = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+( *;[ -~]*)?", re.ASCII)
_MAX_KEY = 1024
_CHUNK = 64 * 1024

# A browser must not show an uploaded file as a page of this server.
_DOWNLOAD_HEADERS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
}


# --- buckets


async def list_buckets(call: Call) -> Response:
    """List the product's buckets."""
    rows = call.store.rows(
        "SELECT name, retention_days, created_at FROM buckets WHERE product_id = ? ORDER BY id", call.product
    )
    return JSONResponse({"items": [dict(row) | {"created_at": times.iso(row["created_at"])} for row in rows]})


async def add_bucket(call: Call) -> Response:
    """Create a bucket. A second one with the same name is a conflict."""
    name, days = call.values["name"], call.values["retention_days"]
    with call.store.transaction():
        if _bucket_id(call.services, call.product, name):
            raise detail(409, f"Bucket {name} already exists")
        call.store.insert(
            "buckets",
            {
                "product_id": call.product,
                "name": name,
                "retention_days": days,
                "created_at": call.services.clock(),
            },
        )
    return JSONResponse({"name": name, "retention_days": days}, 201)


# --- objects


async def list_objects(call: Call) -> Response:
    """List the objects of a bucket, ordered by key."""
    rows = call.store.rows(
        "SELECT key, content_type, size, sha256, created_at FROM objects WHERE bucket_id = ? ORDER BY key",
        _bucket(call),
    )
    return JSONResponse(
        {
            "items": [
                {
                    "key": row["key"],
                    "content_type": row["content_type"],
                    "size_bytes": row["size"],
                    "etag": row["sha256"],
                    "created_at": times.iso(row["created_at"]),
                }
                for row in rows
            ]
        }
    )


async def put_object(call: Call) -> Response:
    """Store the body with the key in the path. A repeated request does no harm."""
    bucket_id = _bucket(call)
    key = _checked_key(call.param("key"))
    content_type = _checked_type(call.request.headers.get("content-type"))
    with call.services.files.incoming() as incoming:
        async for chunk in call.stream(MAX_FILE):
            incoming.write(chunk)
        content = incoming.keep()
    save_object(call.services, bucket_id, key, content_type, content)
    return JSONResponse(_stored(call, key, content))


async def post_object(call: Call) -> Response:
    """Store the multipart ``file`` with the form's ``key``."""
    bucket_id = _bucket(call)
    async with call.form(MAX_UPLOAD) as form:
        upload, key, content_type = form.get("file"), form.get("key"), form.get("content_type")
        if not isinstance(upload, UploadFile):
            raise missing("file")
        if not isinstance(key, str):
            raise missing("key")
        checked = _checked_key(key)
        mime = _checked_type(content_type if isinstance(content_type, str) else upload.content_type)
        content = await keep_upload(call.services, upload)
    save_object(call.services, bucket_id, checked, mime, content)
    return JSONResponse(_stored(call, checked, content), 201)


async def read_object(call: Call) -> Response:
    """Return the object's content."""
    return _download(call, _object(call))


async def presign(call: Call) -> Response:
    """Return a URL with which anybody can read the object for an hour."""
    url, expires = call.services.signer.sign(f"/files/{_object(call)['id']}")
    return JSONResponse({"url": call.url(url), "expires_at": times.iso(expires)})


async def presigned_download(call: Call) -> Response:
    """Return the content of a presigned URL."""
    object_id = call.param("object_id")
    if not call.services.signer.accepts(
        f"/files/{object_id}", call.query("expires"), call.query("signature")
    ):
        raise detail(403, "The address is not signed, or has expired")
    row = call.store.row("SELECT * FROM objects WHERE id = ?", call.row_id("object_id"))
    if row is None:
        raise not_found("Object")
    return _download(call, row)


# --- also for the Receiver's attachments


def attachments_bucket(services: Services, product_id: str) -> int:
    """Return the bucket for files of log entries, created if it does not exist."""
    bucket_id = _bucket_id(services, product_id, ATTACHMENTS)
    return bucket_id or services.store.insert(
        "buckets", {"product_id": product_id, "name": ATTACHMENTS, "created_at": services.clock()}
    )


async def keep_upload(services: Services, upload: UploadFile) -> Content:
    """Store the content of an uploaded file.

    Raises:
        TooLarge: the file is over the limit.
    """

    def copy() -> Content:
        with services.files.incoming() as incoming:
            while chunk := upload.file.read(_CHUNK):
                incoming.write(chunk)
            return incoming.keep()

    # A small file is copied faster than a thread is started.
    return copy() if (upload.size or 0) <= _CHUNK else await asyncio.to_thread(copy)


def save_object(services: Services, bucket_id: int, key: str, content_type: str, content: Content) -> int:
    """Store an object, replacing one with the same key. Return its id."""
    old_content = services.store.value(
        "SELECT sha256 FROM objects WHERE bucket_id = ? AND key = ?", bucket_id, key
    )
    object_id: int = services.store.value(
        "INSERT INTO objects (bucket_id, key, content_type, size, sha256, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (bucket_id, key) DO UPDATE SET"
        " content_type = excluded.content_type, size = excluded.size, sha256 = excluded.sha256 RETURNING id",
        bucket_id,
        key,
        content_type,
        content.size,
        content.sha256,
        services.clock(),
    )
    if old_content:
        delete_unused(services, [old_content])
    return object_id


def delete_unused(services: Services, contents: Iterable[str]) -> None:
    """Delete those of the contents that no object has any more."""
    for sha256 in set(contents):
        if not services.store.value("SELECT 1 FROM objects WHERE sha256 = ?", sha256):
            services.files.path(sha256).unlink(missing_ok=True)


def _checked_key(key: str) -> str:
    """Return the key if it is a plain relative path.

    Raises:
        ApiError: 422 otherwise.
    """
    segments = key.split("/")
    if (
        not 0 < len(key) <= _MAX_KEY
        or any(part in {"", ".", ".."} for part in segments)
        or any(ord(character) < ord(" ") or character == "\\" for character in key)
    ):
        raise invalid("path.key", "an object key is a relative path of at most 1024 characters, without '..'")
    return key


def is_media_type(content_type: str) -> bool:
    """Return whether a content type is short enough to be stored and safe in a response's header."""
    return len(content_type) <= _MAX_CONTENT_TYPE and _MEDIA_TYPE.fullmatch(content_type) is not None


def _checked_type(content_type: str | None) -> str:
    mime = content_type or "application/octet-stream"
    if not is_media_type(mime):
        raise invalid(
            "header.content-type",
            f"a content type is a media type like text/plain of at most {_MAX_CONTENT_TYPE} characters",
        )
    return mime


def _bucket_id(services: Services, product_id: str, name: str) -> int | None:
    found: int | None = services.store.value(
        "SELECT id FROM buckets WHERE product_id = ? AND name = ?", product_id, name
    )
    return found


def _bucket(call: Call) -> int:
    bucket_id = _bucket_id(call.services, call.product, call.param("bucket"))
    if bucket_id is None:
        raise not_found("Bucket")
    return bucket_id


def _object(call: Call) -> sqlite3.Row:
    row = call.store.row(
        "SELECT * FROM objects WHERE bucket_id = ? AND key = ?", _bucket(call), call.param("key")
    )
    if row is None:
        raise not_found("Object")
    return row


def _download(call: Call, stored: sqlite3.Row) -> Response:
    return FileResponse(
        call.services.files.path(stored["sha256"]),
        media_type=stored["content_type"],
        filename=stored["key"].rpartition("/")[2],
        headers=_DOWNLOAD_HEADERS,
    )


def _stored(call: Call, key: str, content: Content) -> dict[str, Any]:
    return {
        "bucket": call.param("bucket"),
        "key": key,
        "size_bytes": content.size,
        "etag": content.sha256,
    }


NEW_BUCKET = JsonBody(name=Text(limit=63, required=True, pattern=_BUCKET), retention_days=PositiveInteger())
_BUCKET_PROPERTIES = {"name": TEXT, "retention_days": nullable(INTEGER)}
_STORED_OBJECT = json_object(bucket=TEXT, key=TEXT, size_bytes=INTEGER, etag=TEXT)
_LISTED_OBJECT = json_object(key=TEXT, content_type=TEXT, size_bytes=INTEGER, etag=TEXT, created_at=TIME)
_MULTIPART = Upload(
    {
        "multipart/form-data": {
            "type": "object",
            "properties": {"file": BINARY, "key": TEXT, "content_type": TEXT},
            "required": ["file", "key"],
        }
    }
)
_RAW = Upload({"application/octet-stream": BINARY, ANY_MEDIA_TYPE: BINARY})
_ONE_OBJECT = f"{PREFIX}/{{bucket}}/objects/{{key:path}}"

ENDPOINTS = (
    Endpoint(
        "GET",
        PREFIX,
        list_buckets,
        responses={200: list_schema(json_object(**_BUCKET_PROPERTIES, created_at=TIME))},
    ),
    Endpoint(
        "POST",
        PREFIX,
        add_bucket,
        body=NEW_BUCKET,
        responses={201: json_object(**_BUCKET_PROPERTIES)},
        errors=(409,),
    ),
    Endpoint(
        "GET", f"{PREFIX}/{{bucket}}/objects", list_objects, responses={200: list_schema(_LISTED_OBJECT)}
    ),
    Endpoint(
        "POST",
        f"{PREFIX}/{{bucket}}/objects",
        post_object,
        body=_MULTIPART,
        responses={201: _STORED_OBJECT},
        errors=(400,),
    ),
    Endpoint("PUT", _ONE_OBJECT, put_object, body=_RAW, responses={200: _STORED_OBJECT}),
    Endpoint(
        "GET",
        f"{_ONE_OBJECT}/presigned-url",
        presign,
        responses={200: json_object(url=TEXT, expires_at=TIME)},
    ),
    Endpoint("GET", _ONE_OBJECT, read_object, responses={200: ANY_MEDIA_TYPE}),
    Endpoint("GET", "/files/{object_id}", presigned_download, Access.OPEN),
)
