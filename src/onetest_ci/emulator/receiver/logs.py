"""ReportPortal v2: log entries and their files (docs/onetest-api.md#logs)."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import artifacts
from onetest_ci.emulator.call import REPORTPORTAL, Call
from onetest_ci.emulator.endpoint import Endpoint, Upload
from onetest_ci.emulator.errors import ApiError, RpError, TooLarge, locked
from onetest_ci.emulator.json_schema import BINARY, TEXT, Schema, array, json_object, nullable
from onetest_ci.emulator.receiver import enums, items, launches
from onetest_ci.emulator.receiver.request_body import RpBody, Time
from onetest_ci.emulator.request_body import Field, Text
from onetest_ci.emulator.store import is_locked

PREFIX = f"{REPORTPORTAL}{{product_id}}/log"

# Bytes. ReportPortal's Python client fills a batch up to 62.7 MB.
_MAX_BATCH = 64 * 1024 * 1024
_JSON_PART = "json_request_part"

# The uploaded files by file name. Several files can have the same name.
Uploads = dict[str, list[UploadFile]]

_FILE = RpBody(name=Text(limit=artifacts.MAX_NAME, required=True))


@dataclass(frozen=True, kw_only=True)
class Level(Field):
    """A word or one of log4j's numbers. Any value is accepted; ``enums.log_level`` translates it."""

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "string"}, {"type": "integer"}]}


@dataclass(frozen=True, kw_only=True)
class FileName(Field):
    """The name of the uploaded file that belongs to the entry."""

    def schema(self) -> Schema:
        return _FILE.schema()


ENTRY = RpBody(
    launchUuid=Text(required=True, alias="launch_id"),
    itemUuid=Text(alias="item_id"),
    time=Time(required=True),
    message=Text(),
    level=Level(),
    file=FileName(),
)


async def save(call: Call) -> Response:
    """Save one entry (a JSON object) or several (a JSON list, or a multipart batch with files).

    The response to several is 201 and contains a result for each entry, even if an entry was not saved.
    """
    if call.request.headers.get("content-type", "").lower().startswith("multipart/"):
        async with call.form(_MAX_BATCH, max_part=_MAX_BATCH) as form:
            return await _batch(call, await _entries(form), _uploads(form))
    decoded = await call.json()
    if isinstance(decoded, list):
        return await _batch(call, decoded, {})
    return JSONResponse({"id": await _save(call, decoded, {})}, 201)


async def _batch(call: Call, entries: list[Any], uploads: Uploads) -> Response:
    responses: list[dict[str, Any]] = []
    for entry in entries:
        try:
            responses.append(await _entry_response(call, entry, uploads))
        except sqlite3.OperationalError as error:
            # If the whole batch were refused now, the client would send the saved entries again.
            if not is_locked(error) or not any("id" in response for response in responses):
                raise
            responses.append({"message": locked(reportportal=True).body["message"], "stackTrace": None})
    return JSONResponse({"responses": responses}, 201)


async def _entry_response(call: Call, entry: object, uploads: Uploads) -> dict[str, Any]:
    try:
        return {"id": await _save(call, entry, uploads)}
    except ApiError as error:
        return {"message": str(error.body.get("message", error.body)), "stackTrace": None}
    except UnicodeEncodeError:
        return {"message": "The entry holds half a character (a lone surrogate)", "stackTrace": None}


async def _save(call: Call, decoded: object, uploads: Uploads) -> str:
    entry = ENTRY.read(decoded)
    launch = launches.by_uuid(call, entry["launchUuid"])
    item = items.by_uuid(call.store, launch["id"], entry["itemUuid"]) if entry["itemUuid"] else None
    columns = {
        "launch_id": launch["id"],
        "item_id": item and item["id"],
        "level": enums.log_level(entry["level"]),
        "message": entry["message"] or "",
        "time": entry["time"],
    }
    if entry["file"] is not None:
        columns |= await _attach(call, launch, _FILE.read(entry["file"])["name"], uploads)
    return str(call.store.insert("logs", columns))


async def _attach(call: Call, launch: sqlite3.Row, name: str, uploads: Uploads) -> dict[str, Any]:
    """Store the uploaded file with this name. Return the columns of the log entry that refer to it."""
    same_name = uploads.get(name)
    if not same_name:
        raise RpError.BINARY_NOT_SAVED(f"There is no part with the file name '{name}'")
    # Files with the same name belong to the entries in their order; the last file serves all further entries.
    upload = same_name.pop(0) if len(same_name) > 1 else same_name[0]
    content_type = upload.content_type or "application/octet-stream"
    if not artifacts.is_media_type(content_type):
        raise RpError.BINARY_NOT_SAVED(f"The content type of '{name}' is not a media type, or too long")
    await upload.seek(0)
    try:
        content = await artifacts.keep_upload(call.services, upload)
    except TooLarge as error:
        raise RpError.BINARY_NOT_SAVED(f"'{name}' is larger than 10 MB") from error
    bucket_id = artifacts.attachments_bucket(call.services, call.product)
    # A new UUID and a safe name: a client cannot choose another object's key.
    key = f"test-runs/{_safe_segment(launch['uuid'])}/{uuid4()}/{_safe_segment(name)}"
    object_id = artifacts.save_object(call.services, bucket_id, key, content_type, content)
    return {"file_name": name, "object_id": object_id}


def _safe_segment(name: str) -> str:
    """Return a name as one segment of a path, without characters that have a meaning there."""
    safe = "".join(c if c.isprintable() and c not in "/\\" else "_" for c in name)
    return safe if safe.strip(".") else "_"


async def _entries(form: FormData) -> list[Any]:
    part = form.get(_JSON_PART)
    if part is None:
        raise RpError.INCORRECT_REQUEST(f"Part '{_JSON_PART}' is missing")
    text = await part.read() if isinstance(part, UploadFile) else part
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RpError.INCORRECT_REQUEST(f"Part '{_JSON_PART}' is not JSON") from error
    return decoded if isinstance(decoded, list) else [decoded]


def _uploads(form: FormData) -> Uploads:
    uploads: Uploads = {}
    for name, part in form.multi_items():
        if isinstance(part, UploadFile) and part.filename and name != _JSON_PART:
            uploads.setdefault(part.filename, []).append(part)
    return uploads


_ENTRIES = array(ENTRY.schema())
_BODY = Upload(
    {
        "application/json": {"anyOf": [ENTRY.schema(), _ENTRIES]},
        "multipart/form-data": {
            "type": "object",
            "properties": {
                _JSON_PART: {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": _ENTRIES,
                },
                "file": array(BINARY),
            },
            "required": [_JSON_PART],
        },
    }
)
_RESPONSE = {"anyOf": [json_object(id=TEXT), json_object(message=TEXT, stackTrace=nullable(TEXT))]}
_SAVED = {201: {"anyOf": [json_object(id=TEXT), json_object(responses=array(_RESPONSE))]}}

ENDPOINTS = (
    Endpoint("POST", PREFIX, save, assumed=False, body=_BODY, responses=_SAVED),
    Endpoint("POST", f"{PREFIX}/entry", save, assumed=False, body=_BODY, responses=_SAVED),
)
