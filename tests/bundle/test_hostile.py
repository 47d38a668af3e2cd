"""A bundle is what somebody else may have written: nothing in it is believed before it is looked at."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from onetest_ci.bundle.bundle import DELIVERY, DELIVERY_COUNT, MANIFEST, Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.items import ITEMS
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.bundle.verification import verify
from onetest_ci.errors import BundleError
from support.bundles import list_again, read_manifest, write_log, write_manifest
from support.command import run

REPORT: Final = """<testsuite name="s" timestamp="2026-01-01T00:00:00">
<testcase classname="c" name="t" file="t.py" line="3" time="1"><properties><property name="p" value="v"/>
</properties><failure message="red" type="K">trace</failure><system-out>[[ATTACHMENT|shot.txt]]</system-out>
</testcase><testcase classname="c" name="u"><skipped/></testcase></testsuite>"""

OPTIONAL: Final = {"parent", "start", "seconds", "line", "retry_of", "suite"}
DEEP: Final = "[" * 100_000

JSON_VALUES: Final = {
    "null": "null",
    "true": "true",
    "text": '"x"',
    "number": "7",
    "fraction": "1.5",
    "infinite": "1e999",
    "NaN": "NaN",
    "huge": str(2**60),
    "endless": "9" * 5000,
    "list": "[]",
    "list of numbers": "[7, true]",
    "list of lists": '[["a"], [[]]]',
    "list of long rows": '[["a", "b", "c", "d", "e", "f", "g", "h", "i"]]',
    "list of nulls": "[null]",
    "object": "{}",
    "object of objects": '{"tests": {}, "a": []}',
    "list of objects": '[{"a": 1}]',
    "half a character": '"\\ud800"',
    "deep": DEEP,
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("collected")
    (directory / "a.xml").write_text(REPORT, encoding="utf-8")
    (directory / "shot.txt").write_text("shot", encoding="utf-8")
    done = run("collect", "a.xml", "--bundle", "b", cwd=directory)
    assert done.returncode == 0, done.stderr
    return directory / "b"


@pytest.fixture
def bundle(collected: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    for file in collected.rglob("*"):
        target = tmp_path / "b" / file.relative_to(collected)
        if file.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    return tmp_path / "b"


def push(bundle: Path) -> str:
    """Push to where no server is; returns the error's code."""
    done = run(
        *("push", bundle.name, "--timeout", "3", "--max-api-calls", "100000"),
        cwd=bundle.parent,
        env={
            "ONETEST_BASE_URL": "http://127.0.0.1:1",
            "ONETEST_API_KEY": "ak_" + "X" * 32,
            "ONETEST_PRODUCT_ID": "11111111-2222-4333-8444-555555555555",
        },
    )
    assert done.returncode == 4, done.stderr
    _, _, error = done.stderr.partition("error[")
    return error.partition("]")[0]


def read_all(directory: Path) -> None:
    """What a push reads before its first call."""
    bundle = Bundle.open(directory)
    # Whatever opened must also be fit for the outcome's JSON.
    json.dumps(list(bundle.manifest.reports), indent=2)
    verify(bundle)


def with_field(row: dict[str, Any], name: str, value: str) -> str:
    return json.dumps(row | {name: "\0here"}, indent=1).replace('"\\u0000here"', value)


def fits(old: Any, value: str) -> bool:
    """Whether a value is of the same kind as the one that it takes the place of."""
    try:
        new = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return new == [] if isinstance(old, list) else type(new) is type(old)


def broken_by(directory: Path) -> str:
    """The message of the error that reading raises, empty when it raises none."""
    try:
        read_all(directory)
    except BundleError as error:
        return f"{error.code}: {error.message}"
    return ""


@pytest.mark.parametrize("value", JSON_VALUES.values(), ids=JSON_VALUES)
def test_each_field_of_the_manifest_has_its_type(bundle: Path, value: str) -> None:
    document = read_manifest(bundle)
    for name, old in document.items():
        write_manifest(bundle, with_field(document, name, value))
        message = broken_by(bundle)
        is_refused = message.startswith("bad-bundle: ") and MANIFEST in message
        assert is_refused or fits(old, value) or name == "reports", name
        assert "its SHA-256 is" not in message
        if name == "totals" and value == "{}":
            assert Bundle.open(bundle).manifest.totals["tests"] == 0


@pytest.mark.parametrize("value", JSON_VALUES.values(), ids=JSON_VALUES)
@pytest.mark.parametrize("name", ["schema", "sha256"])
def test_schema_and_digest_have_their_types(bundle: Path, name: str, value: str) -> None:
    document = json.loads((bundle / MANIFEST).read_bytes())
    (bundle / MANIFEST).write_text(with_field(document, name, value), encoding="utf-8")
    assert broken_by(bundle).startswith(("bad-bundle: ", "newer-bundle: "))


@pytest.mark.parametrize("value", JSON_VALUES.values(), ids=JSON_VALUES)
def test_each_field_of_an_item_has_its_type(bundle: Path, value: str) -> None:
    lines = (bundle / ITEMS).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        ((kind, row),) = json.loads(line).items()
        for name in {**row, "retry_of": 0, "attempts": [], "system_err": "", "status": ""}:
            new_row = with_field(row, name, value).replace("\n", "")
            changed = json.dumps({kind: "\0row"}).replace('"\\u0000row"', new_row)
            (bundle / ITEMS).write_text("\n".join([*lines[: number - 1], changed, *lines[number:]]))
            list_again(bundle)
            message = broken_by(bundle)
            allowed = fits(row.get(name), value) and name != "status"
            allowed |= value in {"[]", "7", '"x"', "1.5"} or (value == "null" and name in OPTIONAL)
            assert f"(line {number})" in message or f"(line {number + 1})" in message or allowed, (name, kind)


ROWS: Final = {
    "a case of no suite": '{"case":{"ordinal":1,"suite":77,"name":"n"}}',
    "a case of no status": '{"case":{"ordinal":1,"suite":0,"name":"n","status":"odd"}}',
    "an attempt of no status": '{"case":{"ordinal":1,"suite":0,"name":"n","attempts":[["odd"]]}}',
    "a file elsewhere": '{"case":{"ordinal":1,"name":"n","files":[["n","/etc/passwd","t",1]]}}',
    "a suite in itself": '{"suite":{"ordinal":9,"parent":9,"name":""}}',
    "a suite again": '{"suite":{"ordinal":0,"parent":0,"name":""}}',
    "a true ordinal": '{"case":{"ordinal":true,"suite":0,"name":"n"}}',
    "an unknown field": '{"case":{"ordinal":1,"suite":0,"name":"n","x\\u001b[31m":1}}',
    "no name": '{"case":{"ordinal":1,"suite":0}}',
    "two in one": '{"case":{"ordinal":1,"suite":0,"name":"n"},"suite":{}}',
    "deep": DEEP,
    "a tower": "\n".join(
        json.dumps({"suite": {"ordinal": n, "parent": n - 1 if n > 1000 else None, "name": ""}})
        for n in range(1000, 3000)
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_an_item_has_its_place(bundle: Path, row: str) -> None:
    with (bundle / ITEMS).open("a", encoding="utf-8") as items:
        items.write(f"{row}\n")
    list_again(bundle)
    assert f"{ITEMS} is missing or damaged (line " in broken_by(bundle)


@pytest.mark.parametrize(
    ("name", "value"),
    [("totals", "[]"), ("attributes", "[[1, {}]]"), ("cases", '"x"'), ("cases", "-5"), ("warnings", DEEP)],
)
def test_the_command_says_what_is_damaged(bundle: Path, name: str, value: str) -> None:
    write_manifest(bundle, with_field(read_manifest(bundle), name, value))
    assert push(bundle) == "bad-bundle"


@pytest.mark.parametrize("row", ["a case of no suite", "a suite again", "a tower"])
def test_the_command_says_which_item_is_damaged(bundle: Path, row: str) -> None:
    with (bundle / ITEMS).open("a", encoding="utf-8") as items:
        items.write(f"{ROWS[row]}\n")
    list_again(bundle)
    assert push(bundle) == "bad-bundle"


SPECIALS: Final[dict[str, Callable[[Path, Path], None]]] = {
    "link": lambda place, victim: place.symlink_to(victim),
    "FIFO": lambda place, _: os.mkfifo(place),
}


@pytest.mark.parametrize("make", SPECIALS.values(), ids=SPECIALS)
@pytest.mark.parametrize(
    "name",
    [
        MANIFEST,
        ITEMS,
        DELIVERY,
        DELIVERY_COUNT,
        "artifacts",
        "attachments",
        "import",
        "artifacts/x",
        "unknown",
    ],
)
def test_what_leads_elsewhere_or_blocks_is_refused(
    bundle: Path, name: str, make: Callable[[Path, Path], None]
) -> None:
    victim = bundle.parent / "victim"
    place = bundle / name
    if place.exists():
        place.rename(victim)
    else:
        victim.write_bytes(b"precious")
    before = victim.read_bytes() if victim.is_file() else b""
    make(place, victim)
    assert push(bundle) == "bad-bundle"
    assert victim.is_dir() or victim.read_bytes() == before


def test_a_bundle_may_be_reached_by_a_link(bundle: Path) -> None:
    link = bundle.with_name("link")
    link.symlink_to(bundle)
    assert push(link) == "no-server"


PLAN: Final = '{"step":"plan","mode":"import","product_id":"11111111-2222-4333-8444-555555555555"}'
NO_STEPS: Final = {
    "a list": '{"step":"launch","id":[],"number":1}',
    "an object": '{"step":"launch","id":"x","number":{}}',
    "a fraction": '{"step":"case/1","seconds":1.5}',
    "a huge number": '{"step":"case/1","n":' + "9" * 5000 + "}",
    "a large number": f'{{"step":"launch","id":"x","number":{2**60}}}',
    "no name": '{"step":""}',
    "a number": '{"step":7}',
    "half a character": '{"step":"launch","id":"\\ud800","number":1}',
    "deep": '{"step":"launch","id":"x","number":1,"deep":' + DEEP[:5000] + "}",
    "endless": '{"step":"launch","id":"' + "x" * 20_000 + '"}',
}
NOT_RECORDED: Final = {
    "launch": (
        '{"step":"launch"}',
        '{"step":"launch","id":"x"}',
        '{"step":"launch","id":7,"number":1}',
        '{"step":"launch","id":"x","number":"1"}',
        '{"step":"launch","id":"a\\nb","number":1}',
        '{"step":"launch","id":"x","number":1,"build_id":7}',
        '{"step":"launch","id":"' + "x" * 256 + '","number":1}',
    ),
    "import/1": (
        '{"step":"import/1"}',
        '{"step":"import/1","id":"x","url":"javascript:alert(1)"}',
        '{"step":"import/1","id":null,"url":""}',
    ),
    "launch-finish": ('{"step":"launch-finish"}', '{"step":"launch-finish","link":"http://a b"}'),
    "plan": ('{"step":"plan"}', '{"step":"plan","mode":"odd"}', '{"step":"plan","mode":null}'),
}


def log_of(bundle: Path) -> DeliveryLog:
    return DeliveryLog(bundle, Bundle.open(bundle).digest)


@pytest.mark.parametrize("line", NO_STEPS.values(), ids=NO_STEPS)
def test_a_line_that_is_not_a_step_spoils_the_log(bundle: Path, line: str) -> None:
    write_log(bundle, '{"step":"case/0"}', line, '{"step":"case/2"}')
    with pytest.raises(BundleError) as caught:
        log_of(bundle)
    assert caught.value.code == "bad-delivery-log"


@pytest.mark.parametrize(("step", "lines"), NOT_RECORDED.items(), ids=NOT_RECORDED)
def test_a_step_without_what_is_read_of_it_was_not_recorded(
    bundle: Path, step: str, lines: tuple[str, ...]
) -> None:
    for line in lines:
        write_log(bundle, line, '{"step":"case/2"}')
        log = log_of(bundle)
        assert (log.done(Step.parse(step)), log.done(Step(Kind.CASE, 2))) == (False, True), line


@pytest.mark.parametrize("line", ['{"step":"import/1"}', '{"step":"import/1","id":[],"url":7}'])
def test_the_command_refuses_or_goes_on_where_the_log_is_not_to_be_believed(bundle: Path, line: str) -> None:
    write_log(bundle, PLAN, line)
    assert push(bundle) == ("no-server" if "[" not in line else "bad-delivery-log")


def test_a_log_is_not_a_link(tmp_path: Path) -> None:
    (tmp_path / DELIVERY).symlink_to("/dev/null")
    with pytest.raises(BundleError):
        DeliveryLog(tmp_path, "0" * 64)


def test_more_than_any_run_leaves_is_not_read(bundle: Path) -> None:
    large = bundle / "artifacts" / "large"
    large.touch()
    os.truncate(large, 21 * 1024**3)
    assert "holds more than" in broken_by(bundle)
    assert push(bundle) == "bad-bundle"


def test_a_line_without_end_is_not_read_to_its_end(bundle: Path) -> None:
    os.truncate(bundle / ITEMS, (bundle / ITEMS).stat().st_size + 65 * 1024**2)
    list_again(bundle)
    assert "it is longer than" in broken_by(bundle)


def test_a_manifest_without_end_is_not_read_to_its_end(bundle: Path) -> None:
    os.truncate(bundle / MANIFEST, 257 * 1024**2)
    assert "it has more than" in broken_by(bundle)


def test_more_cases_than_were_counted_are_not_sent(bundle: Path) -> None:
    # The cost of delivery is estimated from the number in the manifest.
    lines = (bundle / ITEMS).read_text(encoding="utf-8").splitlines()
    case = json.loads(lines[-1])
    with (bundle / ITEMS).open("a", encoding="utf-8") as items:
        for number in range(100, 200):
            items.write(json.dumps({"case": case["case"] | {"ordinal": number}}) + "\n")
    list_again(bundle)
    assert "contains 102 tests, and bundle.json counts 2" in broken_by(bundle)
