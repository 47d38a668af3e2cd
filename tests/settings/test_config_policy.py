"""``.onetest.yml`` comes with the code under test: the settings that it may hold, and those it may not."""

import io
import os
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.ci import detect
from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem
from onetest_ci.settings import Settings, options
from onetest_ci.settings.config_paths import config_root_of
from onetest_ci.settings.option import Group, Option
from onetest_ci.settings.sources import FlagValue, load
from support.collected import Collected
from support.command import run
from support.running import GREEN, RED, ended

Load = Callable[..., Settings]
Valid = Callable[[Option, int], str]

OPTIONS: Final = options()
PATHS: Final = [
    name for name, option in OPTIONS.items() if option.is_path and not option.config_policy.refused
]
# What decides between red and green, between sent and not sent, and for whom.
NEVER: Final = {
    *("allow-empty", "allow-stale", "report-format", "test-exit-code"),
    *("dry-run", "unanswered-import", "damaged-log", "timeout", "wait-for-service", "untrusted"),
    *("product-id", "endpoint", "launch", "launch-key", "finish", "deployment", "item-type"),
    *("base-url", "ca-bundle", "api-key", "api-key-file", "receiver-api-key"),
}
LOOSER: Final = {
    "fail-on": ("never", "any"),
    "fail-on-upload-error": ("false", "true"),
    "annotate": ("false", "true"),
    "max-api-calls": ("1001", "1000"),
    "connections": ("51", "50"),
    "text-limit": ("65537", "65536"),
}
"""For each gate, limit and view of failures, a value that the file may not hold, and one that it may."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A checkout, with links that lead out of it."""
    place = tmp_path / "shop"
    (place / "sub").mkdir(parents=True)
    (place / "r.xml").write_text(GREEN, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "victim").write_text("keep", encoding="utf-8")
    (out / "red.xml").write_text(RED, encoding="utf-8")
    (place / "link").symlink_to(out)
    (place / "dangling").symlink_to(out / "new")
    (place / "circle").symlink_to("circle")
    (place / ".git").mkdir()
    (place / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (place / "metadata").symlink_to(".git")
    return place


def write(shop: Path, text: str) -> None:
    (shop / ".onetest.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", OPTIONS)
def test_every_setting_has_a_rule_that_holds(name: str, settings: Load, valid: Valid) -> None:
    option = OPTIONS[name]
    texts = [valid(option, 0), valid(option, 1)]
    accepted = [text for text in texts if option.config_policy.accepts(option.parse(text))]
    assert bool(accepted) is not option.config_policy.refused
    for text in texts:
        for command in sorted(option.commands):
            if text in accepted:
                assert name in settings(command, config=f"{name}: '{text}'").from_config
                continue
            with pytest.raises(UsageProblem, match=rf"\.onetest\.yml may not set {name}") as raised:
                settings(command, config=f"{name}: '{text}'")
            assert raised.value.code == "config-refused"
            assert option.config_policy.why in raised.value.message
            assert "ONETEST_" in raised.value.hint


@pytest.mark.parametrize("name", sorted(NEVER & set(OPTIONS)))
def test_what_it_may_never_hold(name: str, settings: Load, valid: Valid) -> None:
    assert OPTIONS[name].config_policy.refused
    # Not even if the CI configuration sets it as well, or if the value is the default.
    default = OPTIONS[name].default or "false"
    environ = {f"ONETEST_{name.upper().replace('-', '_')}": valid(OPTIONS[name], 0)}
    with pytest.raises(UsageProblem, match=f"may not set {name}"):
        settings(environ=environ, config=f"{name}: '{default}'")


@pytest.mark.parametrize("name", LOOSER)
def test_a_gate_becomes_stricter_and_not_looser(name: str, settings: Load) -> None:
    looser, allowed = LOOSER[name]
    with pytest.raises(UsageProblem, match=f"may not set {name} to {looser}") as raised:
        settings(config=f"{name}: {looser}")
    assert OPTIONS[name].config_policy.allowed.replace("`", "") in raised.value.message
    assert name in settings(config=f"{name}: {allowed}").from_config


GATES: Final[Mapping[str, Sequence[str]]] = {
    "fail-on": ("never", "new", "any"),
    "max-failures": ("7", "3", "0"),
    "min-tests": ("0", "3", "7"),
    "min-pass-rate": ("0", "99.5", "100"),
    "max-flaky": ("7", "3", "0"),
}
"""Values of each gate, the loosest first. An unset gate is looser than all of them."""


@pytest.mark.parametrize(
    ("name", "trusted", "in_file"),
    [(name, one, other) for name, texts in GATES.items() for one in ("", *texts) for other in ("", *texts)],
)
@pytest.mark.parametrize("source", ["flags", "inputs", "environ"])
def test_the_file_never_makes_a_gate_looser_than_the_trusted_sources_do(
    name: str, trusted: str, in_file: str, source: str, settings: Load
) -> None:
    """The order of a gate's values is that of its row, with an unset gate before all."""
    key = f"ONETEST_{name.upper().replace('-', '_')}" if source == "environ" else name
    given = {source: {key: trusted}} if trusted else {}
    config = f"{name}: '{in_file}'" if in_file else ""
    if in_file == "never":
        with pytest.raises(UsageProblem, match="may not set fail-on to never"):
            settings(config=config, **given)
        return
    made = getattr(settings(config=config, **given), name.replace("-", "_"))
    option = OPTIONS[name]
    order = [None, *map(option.parse, GATES[name])]
    least = option.parse(trusted) if trusted else None
    assert order.index(made) >= order.index(least)
    # What the file asks for counts where no trusted source decides.
    assert made == (least if trusted else option.parse(in_file) if in_file else made)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *((name, text) for name in ("max-failures", "min-tests", "max-flaky") for text in ("-1", "1.5", "x")),
        *(("min-pass-rate", text) for text in ("-1", "100.0001", "101", "1e1", "99.99999", "x", "%", "1,5")),
        ("fail-on", "all"),
    ],
)
def test_a_gate_out_of_range_is_a_usage_error(name: str, text: str, shop: Path) -> None:
    done = run("report", "r.xml", "--dry-run", f"--{name}={text}", cwd=shop)
    assert done.returncode == 2
    assert f"--{name}: '{text}' from the command line is not allowed" in done.stderr


def test_a_setting_without_a_rule_is_refused() -> None:
    assert Option("", str, frozenset(), Group.READ, "").config_policy.refused


def test_the_command_is_red_where_the_file_asks_for_green(shop: Path) -> None:
    (shop / "r.xml").write_text(RED, encoding="utf-8")
    for text in ("fail-on: never", "allow-empty: true", "report-format: tap", "dry-run: true"):
        write(shop, text)
        done = run("report", "r.xml", "--fail-on", "any", "--dry-run", cwd=shop)
        assert done.returncode == 2
        assert f"error[config-refused]: .onetest.yml may not set {text.split(':')[0]}" in done.stderr
    write(shop, "fail-on: any")
    assert ended(shop, "report", "r.xml").code == 1


WAYS_OUT: Final = {
    "absolute": "{out}/x",
    "an existing file": "{out}/victim",
    "up": "../out/x",
    "up and down": "sub/../../out/x",
    "a link": "link/x",
    "a link to a file": "dangling",
    "a link to itself": "circle/x",
    "version control": ".git/hooks/x",
    "version control in other letters": ".GIT/x",
    "a link into version control": "metadata/x",
    "the process": "/proc/self/cwd/../out/x",
}


def loaded(shop: Path, config: str | None = "", flags: Mapping[str, FlagValue] | None = None) -> Settings:
    if config is not None:
        write(shop, config)
    context = detect({}, shop)
    found, _ = load("report", flags or {}, environ={}, cwd=shop, context=context, stdin=io.StringIO())
    return found


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize("name", PATHS)
def test_a_path_stays_below_the_workspace(name: str, way: str, shop: Path) -> None:
    text = WAYS_OUT[way].format(out=shop.parent / "out")
    several = OPTIONS[name].multiple
    patterns = (f"{text}/*.xml", f"{{sub,{text}}}/*.xml", f"{{sub,{text}}}")
    for one in (text, *patterns) if several and way != "a link to a file" else (text,):
        with pytest.raises(UsageProblem, match=f"may not set {name} to") as raised:
            loaded(shop, f"{name}: '{one}'")
        assert raised.value.code == "config-refused"
        # A person may.
        assert loaded(shop, flags={name: [one] if several else one}).from_config == frozenset()


@pytest.mark.parametrize("text", ["new/x", "sub", "sub/../new", "../shop/new", "{shop}/new", "sub/within/x"])
@pytest.mark.parametrize("name", PATHS)
def test_a_path_in_the_workspace_is_taken(name: str, text: str, shop: Path) -> None:
    (shop / "sub" / "within").symlink_to(shop)
    assert name in loaded(shop, f"{name}: {text.format(shop=shop)}").from_config
    # From a directory of the checkout, up to its top.
    (shop / ".onetest.yml").unlink()
    assert name in loaded(shop / "sub", f"{name}: ../{name}").from_config


def test_what_is_taken_away_may_lie_anywhere(shop: Path) -> None:
    assert loaded(shop, "files: ['*.xml', '!../out/**', '!/etc/**']").from_config == {"files"}


def test_a_link_that_the_tests_put_there_is_found_before_anything_is_written(shop: Path) -> None:
    write(shop, "json: results/o.json\nsummary: results/victim")
    done = run(
        *("run", "r.xml", "--dry-run", "--allow-stale", "--"),
        *("sh", "-c", "ln -s ../out results"),
        cwd=shop,
        env={"ONETEST_PRODUCT_ID": "11111111-2222-4333-8444-555555555555"},
    )
    assert done.returncode == 2
    assert "error[config-refused]: .onetest.yml may not set json to results/o.json" in done.stderr
    assert [path.name for path in (shop.parent / "out").iterdir()].count("o.json") == 0
    assert (shop.parent / "out" / "victim").read_text(encoding="utf-8") == "keep"


def test_a_report_behind_a_link_below_the_pattern_is_an_error(shop: Path) -> None:
    (shop.parent / "out" / "other.xml").write_text(RED, encoding="utf-8")
    (shop / "single.xml").symlink_to(shop.parent / "out" / "red.xml")
    write(shop, "files: ['**/*.xml']")
    found = Collected(shop)
    assert found.done.returncode == 3
    refused = {
        row["path"]: row["error"]["message"] for row in found.manifest["reports"] if row["error"] is not None
    }
    assert sorted(refused) == ["link/other.xml", "single.xml"]
    assert "like 1 more files of its directory" in refused["link/other.xml"]
    assert list(found.reports()) == ["r.xml"]
    assert [case["name"] for case in found.cases] == ["good"]
    done = run("inspect", cwd=shop)
    assert done.returncode == 3
    assert "error[outside-workspace]: link/other.xml lies outside the workspace" in done.stderr
    # A person who names it is believed.
    assert run("inspect", "**/*.xml", cwd=shop).returncode == 0


def test_artifacts_are_never_those_of_version_control(shop: Path) -> None:
    (shop / ".git" / "config").write_text("token", encoding="utf-8")
    (shop / "sub" / ".hg").mkdir()
    (shop / "sub" / ".hg" / "hgrc").write_text("token", encoding="utf-8")
    (shop / "sub" / "a.log").write_text("log", encoding="utf-8")
    (shop / "config.log").symlink_to(".git/config")
    warnings: list[str] = []
    for pattern in ("**", "*", ".*/*", "*/.hg/*", "."):
        write(shop, f"artifacts: ['{pattern}', '*.log', 'sub/a.log']")
        found = Collected(shop, "r.xml", "--bundle", "b")
        stored = [(found.place / file).read_bytes() for _, file, *_ in found.manifest["artifacts"][1:]]
        assert b"log" in stored
        assert b"token" not in stored
        assert b"keep" not in stored
        warnings += found.warnings
        # One for all, so that the other warnings are read.
        assert sum("files of version control" in one for one in found.warnings) <= 1
        shutil.rmtree(found.place)
    assert any(
        "are left out, since .onetest.yml names them: 1, such as config.log" in one for one in warnings
    )


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("pipe", "is not a regular file"),
        ("device", "leads out of"),
        ("link out", "leads out of"),
        ("socket", "is not a regular file"),
        ("directory", "is not a regular file"),
        ("huge", "is larger than"),
        ("dangling", "cannot be read"),
        ("circle", "cannot be read"),
    ],
)
def test_what_stands_in_its_place(kind: str, what: str, shop: Path) -> None:
    place = shop / ".onetest.yml"
    match kind:
        case "pipe":
            os.mkfifo(place)
        case "device":
            place.symlink_to("/dev/zero")
        case "link out":
            place.symlink_to(shop.parent / "out" / "victim")
        case "socket":
            os.mknod(place, stat.S_IFSOCK | 0o600)
        case "directory":
            place.mkdir()
        case "huge":
            with place.open("wb") as huge:
                huge.truncate(1 << 40)
        case _:
            place.symlink_to("gone" if kind == "dangling" else place.name)
    done = run("inspect", "r.xml", cwd=shop)
    assert done.returncode == 2
    assert "error[bad-config]: .onetest.yml" in done.stderr
    assert what in done.stderr
    assert "keep" not in done.stderr


def test_the_file_may_be_a_link_in_the_checkout(shop: Path) -> None:
    (shop / "sub" / "ours.yml").write_text("launch-name: ours", encoding="utf-8")
    (shop / ".onetest.yml").symlink_to("sub/ours.yml")
    assert loaded(shop, None).launch_name == "ours"


def test_outside_of_the_workspace_the_current_directory_counts(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    context = CIContext(host="github", workspace=shop)
    (other / ".onetest.yml").write_text("json: o.json", encoding="utf-8")
    assert config_root_of(other, context) == other.resolve()
    assert config_root_of(shop / "sub", context) == shop.resolve()
