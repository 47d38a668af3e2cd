"""What a browser sees: the page of a launch.

Nobody signs in for it: whoever has the address has the launch's random UUID.
"""

import sqlite3
from html import escape

from starlette.responses import HTMLResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.calls import Access, Call, Endpoint
from onetest_ci.emulator.errors import not_found
from onetest_ci.emulator.receiver.reading import counts
from onetest_ci.emulator.store import unpack

_SHOWN = 500

_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
ul { list-style: none; padding: 0; }
li { border-top: 1px solid #8884; padding: .3rem 0; overflow-wrap: anywhere; }
pre { margin: .3rem 0; overflow-x: auto; white-space: pre-wrap; font-size: .85rem; opacity: .85; }
b { display: inline-block; min-width: 6.5rem; }
.passed { color: light-dark(#17692f, #6fd08c); }
.failed, .interrupted { color: light-dark(#b3181d, #ff8f8f); }
.skipped, .cancelled, .in_progress { color: light-dark(#7a5b00, #e4c45a); }
"""


async def home(_call: Call) -> Response:
    """What this server is."""
    return _html(
        "OneTest emulator", "<p>A local OneTest is running here. A launch's link leads to its page.</p>"
    )


async def launch(call: Call) -> Response:
    """A launch: status, totals, where it belongs, and its items."""
    row = call.store.row(
        "SELECT launches.*, builds.version, environments.name AS environment FROM launches"
        " LEFT JOIN builds ON builds.id = build_id LEFT JOIN environments ON environments.id = environment_id"
        " WHERE launches.product_id = ? AND uuid = ?",
        call.product,
        call.param("launch"),
    )
    if row is None:
        raise not_found("Launch")
    items = call.store.rows(
        "SELECT id, parent_id, name, status, failure_message FROM items WHERE launch_id = ?"
        " ORDER BY id LIMIT ?",
        row["id"],
        _SHOWN + 1,
    )
    title = f"{row['name']} #{row['number']}"
    return _html(title, _facts(call, row) + _tree(items))


def _facts(call: Call, row: sqlite3.Row) -> str:
    totals = ", ".join(f"{count} {name}" for name, count in counts(call.store, row).items() if count)
    attributes = ", ".join(
        f"{entry['key']}: {entry['value']}" if entry["key"] else entry["value"]
        for entry in unpack(row["attributes"])
        if not entry.get("system")
    )
    facts = {
        "Totals": totals or "no tests",
        "Build": row["version"],
        "Environment": row["environment"],
        "Attributes": attributes,
        "Description": row["description"],
        "Started": times.iso(row["start_time"]),
        "Finished": times.iso(row["end_time"]),
        "UUID": row["uuid"],
    }
    shown = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value)
    return f"<dl><dt>Status</dt><dd>{_status(row['status'])}</dd>{shown}</dl>"


def _tree(items: list[sqlite3.Row]) -> str:
    depths: dict[int, int] = {}
    lines = []
    for item in items[:_SHOWN]:
        depth = depths.get(item["parent_id"], -1) + 1
        depths[item["id"]] = depth
        message = f"<pre>{escape(item['failure_message'])}</pre>" if item["failure_message"] else ""
        lines.append(
            f'<li style="padding-left: {min(depth, 8)}rem">'
            f"{_status(item['status'])} {escape(item['name'])}{message}"
        )
    more = f"<p>The first {_SHOWN} items are shown.</p>" if len(items) > _SHOWN else ""
    return f"<ul>{''.join(lines)}</ul>{more}"


def _status(status: str) -> str:
    return f'<b class="{escape(status)}">{escape(status.replace("_", " "))}</b>'


def _html(title: str, body: str) -> Response:
    safe = escape(title)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{safe}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{safe}</h1>{body}</body></html>",
        headers=_HEADERS,
    )


ENDPOINTS = (
    Endpoint("GET", "/", home, Access.OPEN, assumed=True),
    Endpoint("GET", "/launches/{product_id}/{launch}", launch, Access.OPEN, assumed=True),
)
