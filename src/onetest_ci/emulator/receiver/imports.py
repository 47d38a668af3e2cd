"""JUnit import: one launch per file, all cases flat STEP items (contract §8.1).

The import is done before it is answered. Reading goes on in a thread; the event loop, which owns the
database, takes what was read in batches, so that other requests go on in between.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import uuid4

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from onetest_ci.emulator.calls import Call, Endpoint, Parts
from onetest_ci.emulator.errors import Rp, TooLarge, missing, not_found
from onetest_ci.emulator.files import MAX_FILE
from onetest_ci.emulator.receiver import items, junit, launches, verdicts
from onetest_ci.emulator.store import Store, pack, unpack

# The documents name two paths and imply a third (contract §8.2).
PATH_A = "/api/receiver/api/v1/products/{product_id}/import/junit/upload"
PATH_B = "/api/v1/products/{product_id}/import/junit"
PATH_C = "/api/receiver/api/v1/products/{product_id}/import/junit"
JOBS = "/api/receiver/api/v1/products/{product_id}/import/jobs/{job_id}"

# The frame of a multipart body around its file.
_FRAME = 64 * 1024
_BATCH = 1000
_MAX_ERRORS = 100
_LAUNCH_NAME = 500

_ITEM_COLUMNS = (
    "id",
    "launch_id",
    "uuid",
    "name",
    "item_type",
    "status",
    "has_stats",
    "code_ref",
    "attributes",
    "parameters",
    "retry",
    "failure_message",
    "failure_stacktrace",
    "start_time",
    "end_time",
)
_LOG_COLUMNS = ("launch_id", "item_id", "level", "message", "time")


@dataclass(slots=True)
class Progress:
    """How far one import is; ``clock`` runs on by each case's time."""

    job_id: str
    launch_id: int
    total: int
    clock: int
    start: int
    processed: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)

    def row(self, status: str) -> dict[str, object]:
        """The job's columns."""
        return {
            "status": status,
            "total": self.total,
            "processed": self.processed,
            "successful": self.processed - self.failed,
            "failed": self.failed,
            "error_log": pack(self.errors),
        }


async def upload(call: Call) -> Response:
    """Import the multipart part ``file``."""
    async with call.form(MAX_FILE + _FRAME) as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            raise missing("file")
        if (part.size or 0) > MAX_FILE:
            raise TooLarge(MAX_FILE)
        name = PurePosixPath((part.filename or "").replace("\\", "/")).stem.strip()[:_LAUNCH_NAME]
        job_id = await _import(call, name or "JUnit import", part.file)
    return JSONResponse(_public(call.store, job_id), 201)


async def read_job(call: Call) -> Response:
    """An import's state and counters."""
    job_id = call.param("job_id").lower()
    if not call.store.value(
        "SELECT 1 FROM import_jobs WHERE id = ? AND product_id = ?", job_id, call.product
    ):
        raise not_found("Import job")
    return JSONResponse(_public(call.store, job_id))


def abandon_unfinished(store: Store) -> None:
    """Close imports that a killed server left half done."""
    with store.transaction():
        for job in store.rows("SELECT id, launch_id FROM import_jobs WHERE status = 'processing'"):
            store.update("import_jobs", job["id"], {"status": "failed"})
            end_time = store.value("SELECT start_time FROM launches WHERE id = ?", job["launch_id"])
            verdicts.settle(store, job["launch_id"], "interrupted", end_time)


async def _import(call: Call, name: str, file: IO[bytes]) -> str:
    total = await asyncio.to_thread(_check, file)
    file.seek(0)
    cases = junit.cases(file)
    batch = await asyncio.to_thread(_next, cases)
    progress = _open(call, name, total, batch)
    while batch:
        with call.store.transaction():
            _write(call.store, progress, batch)
        batch = await asyncio.to_thread(_next, cases)
    with call.store.transaction():
        verdicts.settle(call.store, progress.launch_id, None, max(progress.clock, progress.start))
        call.store.update("import_jobs", progress.job_id, progress.row("completed"))
    return progress.job_id


def _check(file: IO[bytes]) -> int:
    try:
        return junit.check(file)
    except junit.ForbiddenXml as error:
        raise Rp.XML(str(error)) from error
    except junit.BrokenReport as error:
        raise Rp.IMPORT_FILE(str(error)) from error


def _next(cases: Iterator[junit.ReportedCase]) -> list[junit.ReportedCase]:
    return list(islice(cases, _BATCH))


def _open(call: Call, name: str, total: int, first: list[junit.ReportedCase]) -> Progress:
    """The launch and its job, both in progress."""
    start = first[0].started if first else None
    start_time = call.parts.clock() if start is None else start
    uuid, job_id = str(uuid4()), str(uuid4())
    with call.store.transaction():
        _insert_launch(call.parts, call.product, uuid, name, start_time)
        launch_id = call.store.value(
            "SELECT id FROM launches WHERE product_id = ? AND uuid = ?", call.product, uuid
        )
        progress = Progress(job_id, launch_id, total, start_time, start_time)
        call.store.insert(
            "import_jobs",
            {
                "id": job_id,
                "product_id": call.product,
                "launch_id": launch_id,
                "created_at": call.parts.clock(),
                **progress.row("processing"),
            },
        )
    return progress


def _insert_launch(parts: Parts, product_id: str, uuid: str, name: str, start_time: int) -> None:
    launches.insert(
        parts,
        {
            "product_id": product_id,
            "uuid": uuid,
            "name": name,
            "mode": "default",
            "status": "in_progress",
            "attributes": "[]",
            "start_time": start_time,
        },
    )


def _write(store: Store, progress: Progress, batch: list[junit.ReportedCase]) -> None:
    """One batch of cases. Ids are taken here: nobody else writes inside this transaction."""
    next_id = (store.value("SELECT max(id) FROM items") or 0) + 1
    item_rows: list[tuple[object, ...]] = []
    log_rows: list[tuple[object, ...]] = []
    for case in batch:
        progress.processed += 1
        problem = _problem(case)
        if problem:
            progress.failed += 1
            progress.errors += [problem][: _MAX_ERRORS - len(progress.errors)]
            continue
        item_id = next_id + len(item_rows)
        start = progress.clock
        progress.clock += round(case.seconds * 1_000_000)
        item_rows.append(_item_row(progress, case, item_id, start))
        log_rows += [(progress.launch_id, item_id, *log, progress.clock) for log in _logs(case)]
    store.insert_many("items", _ITEM_COLUMNS, item_rows)
    store.insert_many("logs", _LOG_COLUMNS, log_rows)
    store.update("import_jobs", progress.job_id, progress.row("processing"))


def _problem(case: junit.ReportedCase) -> str | None:
    """Why a case does not fit OneTest's columns."""
    if not case.name:
        return "a testcase has no name"
    if len(case.name) > items.NAME:
        return f"the name {case.name[:50]}... has more than {items.NAME} characters"
    if len(_code_ref(case)) > items.CODE_REF:
        return f"the code_ref of {case.name[:50]} has more than {items.CODE_REF} characters"
    return None


def _code_ref(case: junit.ReportedCase) -> str:
    return f"{case.classname}.{case.name}" if case.classname else case.name


def _item_row(progress: Progress, case: junit.ReportedCase, item_id: int, start: int) -> tuple[object, ...]:
    return (
        item_id,
        progress.launch_id,
        str(uuid4()),
        case.name,
        "STEP",
        case.status,
        True,
        _code_ref(case),
        "[]",
        "[]",
        False,
        case.message or None,
        case.stack or None,
        start,
        progress.clock,
    )


def _logs(case: junit.ReportedCase) -> Iterator[tuple[str, str]]:
    yield from case.outputs
    text = "\n".join(part for part in (case.message, case.stack) if part)
    if text:
        yield ("ERROR" if case.status == "failed" else "INFO"), text


def _public(store: Store, job_id: str) -> dict[str, Any]:
    row = store.row(
        "SELECT import_jobs.*, launches.uuid, launches.number FROM import_jobs"
        " JOIN launches ON launches.id = launch_id WHERE import_jobs.id = ?",
        job_id,
    )
    if row is None:
        raise not_found("Import job")
    return {
        "job_id": row["id"],
        "status": row["status"],
        "launch_id": row["uuid"],
        "launch_number": row["number"],
        "counters": {name: row[name] for name in ("total", "processed", "successful", "failed")},
        "error_log": unpack(row["error_log"]),
    }


ENDPOINTS = (
    Endpoint("POST", PATH_A, upload),
    Endpoint("POST", PATH_B, upload),
    Endpoint("POST", PATH_C, upload, assumed=True),
    Endpoint("GET", JOBS, read_job, assumed=True),
)
