"""JUnit import: one launch per file, all cases flat STEP items (docs/onetest-api.md#junit-import).

A file that is not a JUnit report is refused at once. Otherwise the response names a job that runs in the
background: a thread reads the file in batches, and the event loop, which owns the database, stores each
batch. So other requests are served in between.
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import uuid4

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import artifacts, times
from onetest_ci.emulator.call import Call, Services
from onetest_ci.emulator.endpoint import Endpoint, Upload
from onetest_ci.emulator.errors import RpError, TooLarge, missing, not_found
from onetest_ci.emulator.files import MAX_FILE, MAX_UPLOAD, Content
from onetest_ci.emulator.json_schema import BINARY, INTEGER, TEXT, UUID, array, enum, json_object, nullable
from onetest_ci.emulator.receiver import items, junit_xml, launches, statuses
from onetest_ci.emulator.store import Store, pack, unpack

# The documentation contains two paths and implies a third (docs/onetest-api.md#paths-of-the-import).
PATH_A = "/api/receiver/api/v1/products/{product_id}/import/junit/upload"
PATH_B = "/api/v1/products/{product_id}/import/junit"
PATH_C = "/api/receiver/api/v1/products/{product_id}/import/junit"
PATHS = frozenset({PATH_A, PATH_B, PATH_C})
NAMED_PATHS = {"a": PATH_A, "b": PATH_B, "c": PATH_C}
JOBS = "/api/receiver/api/v1/products/{product_id}/import/jobs"

STATUSES = ("pending", "processing", "completed", "failed", "cancelled")

# OneTest writes its progress every 50 items (docs/onetest-api.md#junit-import).
_BATCH = 50
_MEDIA_TYPE = "application/xml"
_MAX_ERRORS = 100
_MAX_LAUNCH_NAME = 500

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Progress:
    """The progress of one import.

    Attributes:
        job_id: the job's row.
        launch_id: the launch's row.
        total: cases in the document.
        clock: the end of the last stored case; the next one starts then.
        processed: cases that were read.
        failed: cases that could not be stored.
        errors: the reasons, at most 100.
    """

    job_id: str
    launch_id: int
    total: int
    clock: int
    processed: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)

    def columns(self, status: str) -> dict[str, object]:
        """Return the columns of the job's row."""
        return {
            "status": status,
            "total": self.total,
            "processed": self.processed,
            "successful": self.processed - self.failed,
            "failed": self.failed,
            "error_log": pack(self.errors),
        }


async def upload(call: Call) -> Response:
    """Start to import the multipart part ``file``. The response contains the job, which runs on."""
    async with call.form(MAX_UPLOAD) as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            raise missing("file")
        if (part.size or 0) > MAX_FILE:
            raise TooLarge(MAX_FILE)
        name = PurePosixPath((part.filename or "").replace("\\", "/")).stem.strip()[:_MAX_LAUNCH_NAME]
        total, started = await asyncio.to_thread(_check, part.file)
        await part.seek(0)
        content = await artifacts.keep_upload(call.services, part)
    progress = _start_job(call, name or "JUnit import", content, total, started)
    call.services.background.start(_run(call.services, call.product, progress, content.sha256))
    return JSONResponse(_public(call, progress.job_id), 202)


async def list_jobs(call: Call) -> Response:
    """List the last 100 imports, newest first."""
    rows = call.store.rows(
        "SELECT id FROM import_jobs WHERE product_id = ? ORDER BY created_at DESC, rowid DESC LIMIT 100",
        call.product,
    )
    return JSONResponse({"items": [_public(call, row["id"]) for row in rows]})


async def read_job(call: Call) -> Response:
    """Return the status and the counters of an import."""
    job_id = call.param("job_id").lower()
    if not call.store.value(
        "SELECT 1 FROM import_jobs WHERE id = ? AND product_id = ?", job_id, call.product
    ):
        raise not_found("Import job")
    return JSONResponse(_public(call, job_id))


def abandon_unfinished(store: Store) -> None:
    """Mark the imports as failed that a killed server did not finish."""
    with store.transaction():
        for job in store.rows("SELECT id FROM import_jobs WHERE status IN ('pending', 'processing')"):
            _fail(store, job["id"], "the server was stopped")


def _fail(store: Store, job_id: str, reason: str) -> None:
    job = store.row("SELECT launch_id, error_log FROM import_jobs WHERE id = ?", job_id)
    if job is None or job["launch_id"] is None:
        return
    errors = pack([*unpack(job["error_log"]), reason])
    store.update("import_jobs", job_id, {"status": "failed", "error_log": errors})
    end_time = store.value("SELECT start_time FROM launches WHERE id = ?", job["launch_id"])
    statuses.close_launch(store, job["launch_id"], "interrupted", end_time)


async def _run(services: Services, product_id: str, progress: Progress, sha256: str) -> None:
    """Run one import in the background."""
    store = services.store
    try:
        is_complete = await _store_cases(services, progress, sha256)
    except Exception:  # noqa: BLE001 - a job that died must not look as if it still ran
        _log.exception("import %s", progress.job_id)
        await store.unlocked()
        with store.transaction():
            _fail(store, progress.job_id, "internal error; the server's log has more")
        return
    if is_complete:
        await store.unlocked()
        key_id = store.value("SELECT key_id FROM import_jobs WHERE id = ?", progress.job_id)
        services.meter.charge_ingestion(product_id, key_id, "junit_import", progress.processed)


async def _store_cases(services: Services, progress: Progress, sha256: str) -> bool:
    """Store all cases of the document and finish the launch.

    Returns:
        Whether that is done; ``False`` if the launch was deleted meanwhile.
    """
    store = services.store
    with services.files.path(sha256).open("rb") as file:
        cases = junit_xml.cases(file)
        while batch := await asyncio.to_thread(_next_batch, cases):
            await store.unlocked()
            with store.transaction():
                if not _is_active(store, progress.job_id):
                    return False
                _store_batch(store, progress, batch)
    await store.unlocked()
    with store.transaction():
        if not _is_active(store, progress.job_id):
            return False
        statuses.close_launch(store, progress.launch_id, None, progress.clock)
        store.update("import_jobs", progress.job_id, progress.columns("completed"))
    return True


def _is_active(store: Store, job_id: str) -> bool:
    return store.value("SELECT status FROM import_jobs WHERE id = ?", job_id) in {"pending", "processing"}


def _check(file: IO[bytes]) -> tuple[int, int | None]:
    """Read the whole document. Return the number of cases and the start of the first, if the file has one.

    Raises:
        ApiError: 400, the document is not a JUnit report.
    """
    try:
        cases = junit_xml.cases(file)
        first = next(cases, None)
        return sum(1 for _ in cases) + (first is not None), first.started if first else None
    except junit_xml.ForbiddenXml as error:
        raise RpError.XML(str(error)) from error
    except junit_xml.BrokenReport as error:
        raise RpError.IMPORT_FILE(str(error)) from error


def _next_batch(cases: Iterator[junit_xml.ReportedCase]) -> list[junit_xml.ReportedCase]:
    return list(islice(cases, _BATCH))


def _start_job(call: Call, name: str, content: Content, total: int, started: int | None) -> Progress:
    """Create the launch and its job. The document is stored with them until the launch is deleted."""
    start_time = call.services.clock() if started is None else started
    job_id = str(uuid4())
    launch = {
        "product_id": call.product,
        "uuid": str(uuid4()),
        "name": name,
        "mode": "default",
        "status": "in_progress",
        "attributes": "[]",
        "start_time": start_time,
    }
    with call.store.transaction():
        launch_id, _ = launches.insert(call.store, launch)
        progress = Progress(job_id, launch_id, total, clock=start_time)
        bucket_id = artifacts.attachments_bucket(call.services, call.product)
        key = f"imports/{job_id}.xml"
        call.store.insert(
            "import_jobs",
            {
                "id": job_id,
                "product_id": call.product,
                "launch_id": launch_id,
                "object_id": artifacts.save_object(call.services, bucket_id, key, _MEDIA_TYPE, content),
                "key_id": call.key_id,
                "created_at": call.services.clock(),
                **progress.columns("pending"),
            },
        )
    return progress


def _store_batch(store: Store, progress: Progress, batch: list[junit_xml.ReportedCase]) -> None:
    """Store a batch of cases. Row ids are chosen here: no other code writes inside this transaction."""
    next_id = (store.value("SELECT max(id) FROM items") or 0) + 1
    item_rows: list[dict[str, object]] = []
    log_rows: list[dict[str, object]] = []
    for case in batch:
        progress.processed += 1
        problem = _problem(case)
        if problem:
            progress.failed += 1
            if len(progress.errors) < _MAX_ERRORS:
                progress.errors.append(problem)
            continue
        item = _item_row(progress, case, next_id + len(item_rows))
        item_rows.append(item)
        log_rows += [
            {
                "launch_id": progress.launch_id,
                "item_id": item["id"],
                "level": level,
                "message": message,
                "time": progress.clock,
            }
            for level, message in _logs(case)
        ]
    store.insert_many("items", item_rows)
    store.insert_many("logs", log_rows)
    store.update("import_jobs", progress.job_id, progress.columns("processing"))


def _problem(case: junit_xml.ReportedCase) -> str | None:
    """Return why a case does not fit OneTest's columns; ``None`` if it fits."""
    if not case.name:
        return "a testcase has no name"
    if len(case.name) > items.MAX_NAME:
        return f"the name {case.name[:50]}... has more than {items.MAX_NAME} characters"
    if len(_code_ref(case)) > items.MAX_CODE_REF:
        return f"the code_ref of {case.name[:50]} has more than {items.MAX_CODE_REF} characters"
    return None


def _code_ref(case: junit_xml.ReportedCase) -> str:
    return f"{case.classname}.{case.name}" if case.classname else case.name


def _item_row(progress: Progress, case: junit_xml.ReportedCase, item_id: int) -> dict[str, object]:
    """Return the columns of a case's item, and move the clock from the previous item's end to this one's."""
    start = progress.clock
    progress.clock += round(case.seconds * times.SECOND)
    return {
        "id": item_id,
        "launch_id": progress.launch_id,
        "uuid": str(uuid4()),
        "name": case.name,
        "item_type": "STEP",
        "status": case.status,
        "has_stats": True,
        "code_ref": _code_ref(case),
        "attributes": "[]",
        "parameters": "[]",
        "retry": False,
        "failure_message": case.message or None,
        "failure_stacktrace": case.stack or None,
        "start_time": start,
        "end_time": progress.clock,
    }


def _logs(case: junit_xml.ReportedCase) -> Iterator[tuple[str, str]]:
    yield from case.outputs
    text = "\n".join(part for part in (case.message, case.stack) if part)
    if text:
        yield ("ERROR" if case.status == "failed" else "INFO"), text


def _public(call: Call, job_id: str) -> dict[str, Any]:
    row = call.store.row(
        "SELECT import_jobs.*, launches.uuid, launches.number FROM import_jobs"
        " LEFT JOIN launches ON launches.id = launch_id WHERE import_jobs.id = ?",
        job_id,
    )
    if row is None:
        raise not_found("Import job")
    return {
        "job_id": row["id"],
        "status": row["status"],
        "launch_id": row["uuid"],
        "launch_number": row["number"],
        "link": row["uuid"] and launches.page_url(call, row["uuid"]),
        "counters": {name: row[name] for name in ("total", "processed", "successful", "failed")},
        "error_log": unpack(row["error_log"]),
    }


_COUNTERS = json_object(total=INTEGER, processed=INTEGER, successful=INTEGER, failed=INTEGER)
_JOB = json_object(
    job_id=UUID,
    status=enum(*STATUSES),
    launch_id=nullable(UUID),
    launch_number=nullable(INTEGER),
    link=nullable(TEXT),
    counters=_COUNTERS,
    error_log=array(TEXT),
)
_BODY = Upload(
    {
        "multipart/form-data": {
            "type": "object",
            "properties": {"file": BINARY},
            "required": ["file"],
        }
    }
)


def _upload_at(path: str, *, assumed: bool = False) -> Endpoint:
    return Endpoint(
        "POST",
        path,
        upload,
        assumed=assumed,
        body=_BODY,
        responses={202: _JOB},
        errors=(400,),
        response_assumed=not assumed,
    )


ENDPOINTS = (
    _upload_at(PATH_A),
    _upload_at(PATH_B),
    _upload_at(PATH_C, assumed=True),
    Endpoint("GET", JOBS, list_jobs, responses={200: json_object(items=array(_JOB))}),
    Endpoint("GET", f"{JOBS}/{{job_id}}", read_job, responses={200: _JOB}),
)
