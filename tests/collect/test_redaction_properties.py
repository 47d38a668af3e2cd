"""Redaction changes no result of a run, with any texts and secrets.

100 examples in the ordinary suite; ``ONETEST_EXAMPLES=100000`` takes as many as wanted.
"""

import base64
import html
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import to_builtins

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.records import StoredCase
from onetest_ci.ci import detect
from onetest_ci.collect.collector import collect
from onetest_ci.model import Case, Suite
from onetest_ci.settings.sources import load
from support.command import run
from support.generated import SCENES, Scene, Secrets
from support.people import MARKS

WANTED: Final = os.environ.get("ONETEST_EXAMPLES", "")
EXAMPLES: Final = int(WANTED or 100)
AT_THE_DOOR: Final = max(10, EXAMPLES // 500)
"""The same with the installed command, which takes a hundred times as long."""


class World:
    """A workspace with a report, read again and again in different environments."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._cwd = place / "shop"
        (self._cwd / "tests").mkdir(parents=True)
        (self._cwd / "tests" / "test_password.py").touch()

    def write(self, report: str) -> None:
        (self._cwd / "report").write_text(report, encoding="utf-8")

    def collected(self, environ: dict[str, str]) -> "Read":
        """What is collected in this process."""
        context = detect(environ, self._cwd)
        settings, redact = load(
            "collect",
            {"files": ("report",)},
            environ=environ,
            cwd=self._cwd,
            context=context,
            stdin=StringIO(),
        )
        bundle = self._place / "bundle"
        try:
            done = collect(settings, context, redact, bundle, cwd=self._cwd, clock=lambda: 1e9)
            return Read.of(done.bundle)
        finally:
            shutil.rmtree(bundle, ignore_errors=True)

    def at_the_door(self, environ: dict[str, str]) -> "Read":
        """What the installed command collects."""
        bundle = self._place / "bundle"
        try:
            done = run("collect", "report", "--bundle", bundle, cwd=self._cwd, env=environ)
            assert done.returncode == 0, done.stderr
            return Read.of(Bundle.open(bundle))
        finally:
            shutil.rmtree(bundle, ignore_errors=True)


OF_THE_RUN: Final = frozenset(
    {
        *(
            "launch_uuid",
            "launch_name",
            "attributes",
            "build_version",
            "commit",
            "start_ms",
            "end_ms",
            "untrusted",
        ),
        # Digests follow from the content of the files, which is compared itself.
        "files",
    }
)
TEXTS_OF_MANIFEST: Final = frozenset({"reports", "failures", "notices", "artifacts"})


class Read(NamedTuple):
    """What a bundle says of the reports."""

    suites: list[Suite]
    cases: list[StoredCase]
    manifest: dict[str, Any]

    @classmethod
    def of(cls, bundle: Bundle) -> "Read":
        items = list(bundle.items())
        manifest = {
            name: value for name, value in to_builtins(bundle.manifest).items() if name not in OF_THE_RUN
        }
        # An archive's size depends on the time.
        manifest["artifacts"] = [file[:3] for file in manifest["artifacts"]]
        return cls(
            [item for item in items if isinstance(item, Suite)],
            [item for item in items if isinstance(item, StoredCase)],
            manifest,
        )

    @property
    def verdicts(self) -> object:
        """All that decides something: verdicts, counts, and what belongs to what."""
        cases = [
            (
                case.ordinal,
                case.suite,
                case.status,
                case.retry_of,
                case.seconds,
                case.line,
                [attempt.status for attempt in case.attempts],
                len(files),
            )
            for case, _, files in self.cases
        ]
        suites = [(suite.ordinal, suite.parent) for suite in self.suites]
        failures = [(one["status"], one["line"]) for one in self.manifest["failures"]]
        rows = [
            {name: value for name, value in row.items() if name in COUNTED}
            for row in self.manifest["reports"]
        ]
        counts = {name: value for name, value in self.manifest.items() if name not in TEXTS_OF_MANIFEST}
        return cases, suites, failures, rows, counts


COUNTED: Final = frozenset(
    {
        "format",
        "tests",
        "passed",
        "failures",
        "errors",
        "skipped",
        "flaky",
        "seconds",
        "attachments",
        "truncated",
    }
)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as place:
        yield World(Path(place))


def many(examples: int) -> settings:
    """The settings of a property."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        # The ordinary suite tries the same each time.
        derandomize=not WANTED,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@given(scene=SCENES)
@many(EXAMPLES)
def test_nothing_changes_but_what_contains_a_secret(world: World, scene: Scene) -> None:
    check(world.collected, world, scene)


@given(scene=SCENES)
@many(AT_THE_DOOR)
def test_nothing_changes_but_secrets_with_the_installed_command(world: World, scene: Scene) -> None:
    check(world.at_the_door, world, scene)


def check(read: Callable[[dict[str, str]], Read], world: World, scene: Scene) -> None:
    """Read a run as it is, with what people wrote, and with its secrets."""
    world.write(scene.report)
    calm = read(MARKS[scene.host])
    assert read(MARKS[scene.host] | scene.said) == calm
    found = read(MARKS[scene.host] | scene.said | scene.secrets.env)
    assert found.verdicts == calm.verdicts
    gone = scene.secrets.removed
    for before, after in zip(calm.cases, found.cases, strict=True):
        names = names_of(before.case)
        for was, now in zip(names, names_of(after.case), strict=True):
            check_name(was, now, gone)
        if not any(holds(name, gone) for name in (before.code_ref, *names)):
            assert after.code_ref == before.code_ref
        check_gone((after.code_ref, *texts_of(after.case)), gone)
        for was, now in zip(texts_of(before.case), texts_of(after.case), strict=True):
            if not holds(was, gone | {f"{login}@" for login in logins_of(scene.secrets)}):
                assert now == was
    for suite, other in zip(calm.suites, found.suites, strict=True):
        check_name(suite.name, other.name, gone)


def check_name(was: str, now: str, gone: set[str]) -> None:
    """A name changes only where it holds a secret."""
    if holds(was, gone):
        check_gone((now,), gone)
    else:
        assert now == was


def check_gone(texts: tuple[str, ...], gone: set[str]) -> None:
    """No secret is there, as it is or in base64. Asterisks cannot be told from their mask."""
    for secret in gone:
        if not set(secret) - {"*"}:
            continue
        for text in texts:
            unmasked = text.replace("***", "\0")
            assert secret not in unmasked
            flat = "".join(unmasked.split())
            assert not [part for part in in_base64(secret) if len(part) >= 12 and part in flat]


def names_of(case: Case) -> tuple[str, ...]:
    return case.name, case.classname, case.file, case.method, case.kind


def texts_of(case: Case) -> tuple[str, ...]:
    return case.message, case.details, case.system_out, case.system_err


def logins_of(secrets: Secrets) -> set[str]:
    return {f"ci:{secrets.in_url}", f"ci:{unquote(secrets.in_url)}"}


def in_base64(secret: str) -> list[str]:
    """What is the same in base64 whatever stands around the secret."""
    encoded = (base64.b64encode(bytes(shift) + secret.encode()).decode() for shift in range(3))
    return [text[4 if shift else 0 : -4] for shift, text in enumerate(encoded)]


def holds(text: str, secrets: set[str]) -> bool:
    """Whether a secret is in the text: as it is, as JSON, XML or a URL spell it, or in base64."""
    flat = "".join(text.split())
    return any(
        any(spelled in text for spelled in spellings(secret))
        or any(part in flat for part in in_base64(secret))
        for secret in secrets
    )


def spellings(secret: str) -> set[str]:
    in_json = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    in_xml = html.escape(secret, quote=False)
    quotes = (("&quot;", "'"), ("&quot;", "&apos;"), ("&quot;", "&#39;"), ("&quot;", "&#x27;"))
    in_url = quote(secret, safe="")
    return {
        secret,
        *in_json,
        *(one.replace("/", "\\/") for one in in_json),
        in_xml,
        in_xml.replace('"', "&#34;").replace("'", "&#39;"),
        *(in_xml.replace('"', double).replace("'", single) for double, single in quotes),
        in_url,
        re.sub("%..", lambda found: found[0].lower(), in_url),
    }
