"""What is particular to Bazel's build events."""

import json

import pytest

from support.reading import read_report

STARTED = {"id": {"started": {}}, "started": {"uuid": "u"}}
FINISHED = {"id": {"buildFinished": {}}, "finished": {"exitCode": {"name": "SUCCESS"}}, "lastMessage": True}
OF_TOOL = {"id": {"structuredCommandLine": {"commandLineLabel": "tool"}}, "structuredCommandLine": {}}


def lines(*events: object) -> bytes:
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("unstructuredCommandLine", {"args": ["test", "--client_env=KEY=secret"]}),
        ("structuredCommandLine", {"sections": [{"optionList": {"option": [{"optionName": "client_env"}]}}]}),
    ],
)
def test_the_environment_in_a_report_is_a_warning(kind: str, payload: object) -> None:
    read = read_report(lines(STARTED, {"id": {kind: {}}, kind: payload}, FINISHED))
    (warning,) = read.reading.warnings
    assert kind in warning
    assert "secret" not in warning


def test_a_command_line_without_content_is_no_warning() -> None:
    assert not read_report(lines(STARTED, OF_TOOL, FINISHED)).reading.warnings
