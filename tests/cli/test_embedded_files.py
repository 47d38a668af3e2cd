"""Files that reports hold inside themselves travel like those that lie beside them."""

import base64
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.limits import MAX_FILE_BYTES
from support.collected import Collected
from support.command import run

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def playwright(*attachments: dict[str, Any]) -> str:
    result = {"status": "passed", "attachments": attachments}
    spec = {"title": "a", "file": "a.ts", "tests": [{"status": "expected", "results": [result]}]}
    return json.dumps({"config": {}, "suites": [{"title": "a.ts", "specs": [spec]}]})


def cucumber(*embeddings: dict[str, Any]) -> str:
    step = {"keyword": "Given ", "name": "a cart", "result": {"status": "passed"}, "embeddings": embeddings}
    element = {"type": "scenario", "name": "a", "line": 3, "steps": [step]}
    return json.dumps([{"uri": "a.feature", "name": "F", "elements": [element]}])


def xunit(*attachments: str) -> str:
    test = f'<test name="a" result="Pass"><attachments>{"".join(attachments)}</attachments></test>'
    return (
        f'<assemblies><assembly name="a.dll"><collection name="c">{test}</collection></assembly></assemblies>'
    )


def collected(place: Path, report: str) -> Collected:
    (place / "report").write_text(report, encoding="utf-8")
    return Collected(place, "report")


def contents(found: Collected) -> dict[str, bytes]:
    return {name: (found.place / file).read_bytes() for name, file in found.places}


@pytest.mark.parametrize(
    "report",
    [
        playwright(
            {"name": "shot", "contentType": "image/png", "body": encoded(PNG)},
            {"name": "cart.txt", "contentType": "text/plain", "body": encoded("größe".encode())},
        ),
        cucumber(
            {"name": "shot", "mime_type": "image/png", "data": encoded(PNG)},
            {"name": "cart.txt", "mime_type": "text/plain; charset=utf-8", "data": encoded("größe".encode())},
        ),
        cucumber(
            {"name": "shot", "media": {"type": "image/png"}, "data": "\r\n".join([encoded(PNG), ""])},
            {"name": "cart.txt", "mime_type": "text/plain", "data": "größe"},
        ),
        xunit(
            f'<attachment name="shot" media-type="image/png">{encoded(PNG)}</attachment>',
            '<attachment name="cart.txt">größe</attachment>',
        ),
    ],
    ids=["playwright", "cucumber", "old cucumber", "xunit.net"],
)
def test_they_are_taken_out(tmp_path: Path, report: str) -> None:
    found = collected(tmp_path, report)
    assert contents(found) == {"shot.png": PNG, "cart.txt": "größe".encode()}
    assert [kind for _, kind in found.files] == ["image/png", "text/plain"]
    assert found.warnings == []
    assert encoded(PNG) not in (found.place / "items.jsonl").read_text(encoding="utf-8")
    counted = json.loads(run("inspect", "--format", "json", "report", cwd=tmp_path).stdout)
    assert counted["files"][0]["attachments"] == 2


def test_the_content_decides_their_type_and_the_name_leads_nowhere(tmp_path: Path) -> None:
    page = {"name": "../../up", "mime_type": "image/png", "data": encoded(b"<p>no picture</p>")}
    found = collected(tmp_path, cucumber(page))
    assert found.files == [("_.._up.png", "text/plain")]


def test_one_that_is_damaged_and_one_that_is_too_large_cost_no_test(tmp_path: Path) -> None:
    large = {"name": "large.bin", "contentType": "video/webm", "body": encoded(bytes(MAX_FILE_BYTES + 1))}
    damaged = {"name": "shot", "contentType": "image/png", "body": "no base64!"}
    found = collected(tmp_path, playwright(large, damaged, {"name": "shot", "body": encoded(PNG)}))
    assert list(contents(found).values()) == [PNG]
    assert [warning for warning in found.warnings if "large.bin" in warning and "10,485,761 bytes" in warning]
    assert [warning for warning in found.warnings if "is not base64" in warning]
    assert len(found.warnings) == 2


def test_a_key_inside_them_is_removed(tmp_path: Path) -> None:
    key = "otk-4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f90"
    (tmp_path / "report").write_text(
        playwright({"name": "env.txt", "contentType": "text/plain", "body": encoded(f"KEY={key}".encode())}),
        encoding="utf-8",
    )
    done = run("collect", "--bundle", "bundle", "report", cwd=tmp_path, env={"ONETEST_API_KEY": key})
    assert done.returncode == 0, done.stderr
    kept = [path.read_bytes() for path in (tmp_path / "bundle").rglob("*") if path.is_file()]
    assert b"KEY=" + b"*" * len(key) in kept
    assert not [content for content in kept if key.encode() in content]
    with zipfile.ZipFile(tmp_path / "bundle" / "artifacts" / "reports.zip") as archive:
        raw = json.loads(archive.read("report"))
    (attachment,) = raw["suites"][0]["specs"][0]["tests"][0]["results"][0]["attachments"]
    assert base64.b64decode(attachment["body"], validate=True).startswith(b"KEY=")


def test_the_limit_of_texts_is_not_theirs(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4096
    report = xunit(f'<attachment name="a.bin" media-type="application/x">{encoded(content)}</attachment>')
    assert contents(collected(tmp_path, report)) == {"a.bin": content}


def test_files_of_one_test_are_bounded_together(tmp_path: Path) -> None:
    one = f'<attachment name="{{}}.bin" media-type="application/x">{encoded(bytes(9_000_000))}</attachment>'
    found = collected(tmp_path, xunit(*(one.format(number) for number in range(6))))
    assert len(contents(found)) == 3
    assert any("has more elements or text than is kept" in warning for warning in found.warnings)
