"""What is particular to Bazel's build events."""

import io
import json
import tracemalloc
from pathlib import Path

from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats import bazel
from support.command import run

TARGET = {"label": "//cart:adds", "configuration": {"id": "c"}}
EVENTS = [
    {"id": {"started": {}}, "started": {"uuid": "u"}},
    {"id": {"unstructuredCommandLine": {}}, "unstructuredCommandLine": {"args": ["--client_env=KEY=hidden"]}},
    {
        "id": {"structuredCommandLine": {"commandLineLabel": "original"}},
        "structuredCommandLine": {"sections": [{"optionList": {"option": [{"optionValue": "KEY=hidden"}]}}]},
    },
    {"id": {"testSummary": TARGET}, "testSummary": {"overallStatus": "PASSED"}},
    {"id": {"buildFinished": {}}, "finished": {"exitCode": {"name": "SUCCESS"}}, "lastMessage": True},
]


def test_nothing_of_the_environment_leaves_the_machine(tmp_path: Path) -> None:
    (tmp_path / "bazel.json").write_text("".join(f"{json.dumps(event)}\n" for event in EVENTS))
    done = run("collect", "--bundle", "bundle", "bazel.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "bazel.json is not among the raw reports" in done.stderr
    assert "1 test: 1 passed" in done.stderr
    written = [path for path in (tmp_path / "bundle").rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"items.jsonl"}
    assert not [path for path in written if path.suffix == ".zip" or b"hidden" in path.read_bytes()]


def test_a_target_that_does_not_end_keeps_texts_and_addresses_within_the_limit() -> None:
    files = [{"name": "test.outputs__a", "uri": f"file://{number}/{'x' * 80}"} for number in range(5_000)]
    result = {"status": "FAILED", "statusDetails": "x" * 500_000, "testActionOutput": files}
    event = json.dumps({"id": {"testResult": TARGET}, "testResult": result})
    stream = io.BytesIO(f"{event}\n".encode() * 20)
    tracemalloc.start()
    try:
        records = [record for some in bazel.read(stream, Reading("a")) for record in some]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert records
    assert peak < 25_000_000
