"""One run of the matrix: a bundle, a OneTest behind a proxy, the command, and what must be true after it."""

import json
import os
import resource
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote
from uuid import uuid4

from faults.calls import LOG, Absence, Call, service_of
from faults.faults import Fault, Front
from faults.onetest_state import REPORT, State
from support.bundles import edit_manifest
from support.command import COMMAND, environment, run
from support.onetest import LocalOneTest
from support.outcomes import read_outcome
from support.proxy import Answer, Proxy, Request
from support.proxy import Fault as Playing
from support.secrets import Search

JOB_TOKEN: Final = "glcbt-64_Yt+9/q7Kx2Lw"  # noqa: S105 - made up
PROXY_PASSWORD: Final = "squidward-7f3c"  # noqa: S105 - made up
REPOSITORY_URL: Final = f"https://gitlab-ci-token:{quote(JOB_TOKEN, safe='')}@gitlab.example/shop/cart.git"
HOST: Final = "onetest.test"
"""A name that only ``surroundings`` resolves."""

_TLS: Final = Path(__file__).parents[1] / "onetest" / "tls"
_SURROUNDINGS: Final = Path(__file__).parent / "surroundings"
_EXIT_CODES: Final = {0, 4, 5, 6}

# Root may write where others may not, unless it gives that up (capability 1, CAP_DAC_OVERRIDE).
_AS_OTHERS: Final = (
    "import ctypes, os, sys\n"
    "ctypes.CDLL(None, use_errno=True).prctl(24, 1, 0, 0, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


class CommandResult(NamedTuple):
    """A finished command: exit code, output and outcome."""

    code: int
    stdout: str
    stderr: str
    outcome: dict[str, Any]

    @property
    def status(self) -> str:
        return str(self.outcome.get("upload_status", ""))

    @property
    def warnings(self) -> str:
        return " ".join(self.outcome.get("warnings", []))

    @property
    def lost(self) -> str:
        return " ".join(self.outcome.get("delivery", {}).get("lost", []))

    @property
    def error(self) -> dict[str, str]:
        return dict(self.outcome.get("delivery", {}).get("error") or {})

    @property
    def text(self) -> str:
        return f"{self.stdout}\n{self.stderr}"


class Strike:
    """The proxy's rule: hits the first call of a kind, or its whole service from there on.

    Attributes:
        call: the kind of call.
        fault: what happens to it.
        hits: calls that were hit.
        hit_log: whether a batch of logs is one of them.
    """

    def __init__(self, rig: "Rig", call: Call, fault: Fault, *, lasting: bool) -> None:
        self.call, self.fault = call, fault
        self._rig, self._lasting = rig, lasting
        self._absence = Absence(call)
        self._service = ""
        self.hits = 0
        self.hit_log = False

    def __call__(self, request: Request) -> Playing | None:
        if self._is_hit(request):
            self.hits += 1
            self.hit_log = self.hit_log or LOG.matches(request)
            self._service = service_of(request)
            return lambda exchange: self.fault.play(exchange, self._rig)
        return self._absence(request)

    def _is_hit(self, request: Request) -> bool:
        if not self.hits:
            return self.call.matches(request)
        return self._lasting and (self.fault.everywhere or service_of(request) == self._service)

    def over(self) -> Absence:
        """What is left of it when the fault is mended."""
        return self._absence


class Rig:
    """A place to push from, and the stage of a fault.

    Args:
        place: an empty directory.
        onetest: where results end up.
        front: how it is reached.
    """

    def __init__(self, place: Path, onetest: LocalOneTest, front: Front = Front.PLAIN) -> None:
        self.place = place
        self.onetest = onetest
        self.bundle = place / "bundle"
        self._outcome = place / "outcome.json"
        self._temporary = place / "temporary"
        self._temporary.mkdir()
        self._switches = place / "switches"
        self._switches.mkdir()
        self._front = front
        self.proxy = Proxy(onetest.url, _server_context("") if front is Front.TLS else None)
        self._elsewhere = Proxy(onetest.url)
        self._elsewhere.rule = lambda _: Answer(200, b'{"id": "elsewhere"}')
        self._process: subprocess.Popen[str] | None = None
        self._search = Search(onetest.api_key, JOB_TOKEN, PROXY_PASSWORD)
        self._results: list[CommandResult] = []

    def close(self) -> None:
        self.proxy.__exit__()
        self._elsewhere.__exit__()

    @property
    def env(self) -> dict[str, str]:
        """A GitLab job's environment, with secrets where CI keeps them."""
        settings = {
            "ONETEST_BASE_URL": self.proxy.url,
            "TMPDIR": str(self._temporary),
            "GITLAB_CI": "true",
            "CI_PROJECT_DIR": str(self.place / "workspace"),
            "CI_PROJECT_PATH": "shop/cart",
            "CI_REPOSITORY_URL": REPOSITORY_URL,
            "HTTPS_PROXY": f"http://ci:{PROXY_PASSWORD}@proxy.example:3128",
            "NO_PROXY": f"127.0.0.1,{HOST}",
        }
        if self._front is Front.BY_NAME:
            settings |= {
                "ONETEST_BASE_URL": f"http://{HOST}:{self.proxy.port}",
                "PYTHONPATH": str(_SURROUNDINGS),
                "FAULTS_HOST": HOST,
                "FAULTS_SWITCHES": str(self._switches),
            }
        if self._front is Front.TLS:
            settings["SSL_CERT_FILE"] = str(_TLS / "certificate.pem")
        return self.onetest.env | settings

    # --- the command

    def take_bundle(self, collected: Path, name: str) -> str:
        """Copy a bundle, as if these reports had been collected anew for a launch of that name."""
        shutil.copytree(collected, self.bundle)
        uuid = str(uuid4())
        edit_manifest(self.bundle, launch_uuid=uuid, launch_name=name, environment=name, build_version=name)
        return uuid

    def push(self, call: Call, *options: str) -> CommandResult:
        return self.run("push", str(self.bundle), "--deployment", "--mode", call.mode, *options)

    def push_until_killed(self, call: Call, *options: str) -> None:
        """Push; a fault is to ``kill`` it."""
        self._start("push", str(self.bundle), "--deployment", "--mode", call.mode, *options)
        result = self._finish()
        assert result.code == -signal.SIGKILL, result.text[-2000:]

    def kill(self) -> None:
        """End the command as nothing can prepare for."""
        assert self._process is not None
        self._process.kill()

    def run(self, *args: str, prefix: tuple[str, ...] = ()) -> CommandResult:
        self._start(*args, prefix=prefix)
        result = self._finish()
        assert result.code in _EXIT_CODES, result.stderr
        assert "Traceback" not in result.text, result.text
        assert "internal-error" not in result.text, result.text
        return result

    def _start(self, *args: str, prefix: tuple[str, ...] = ()) -> None:
        self._outcome.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [*prefix, COMMAND, *args, "--json", str(self._outcome), "--debug"],
            cwd=self.place,
            env=environment(self.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def _finish(self) -> CommandResult:
        assert self._process is not None
        stdout, stderr = self._process.communicate()
        # A full disk may have taken a part of it.
        whole = self._outcome.exists() and "output-not-written" not in stderr
        outcome = read_outcome(self._outcome) if whole else {}
        result = CommandResult(self._process.returncode, stdout, stderr, outcome)
        self._results.append(result)
        return result

    def report_read_only(self, name: str, call: Call) -> CommandResult:
        """``report`` in a workspace that cannot be written to."""
        workspace = self.place / "workspace"
        write_workspace(workspace, self.onetest.api_key)
        prefix = (sys.executable, "-c", _AS_OTHERS) if os.geteuid() == 0 else ()
        with unwritable(workspace):
            result = self.run(
                *("report", "workspace/reports", "--artifacts", "workspace/logs/*"),
                *("--launch-name", name, "--environment", name, "--environment-url", "https://e.example"),
                *("--build-version", name, "--deployment", "--mode", call.mode),
                prefix=prefix,
            )
        self.bundle = next(self._temporary.glob("onetest-bundle-*"), self.bundle)
        return result

    # --- the stage

    def refuse_connections(self) -> None:
        self.proxy.refuse()

    def lose_the_name(self) -> None:
        (self._switches / "no-names").touch()

    def present(self, certificate: str) -> None:
        self.proxy.tls = _server_context(certificate) if certificate else None

    def jump(self, seconds: int) -> None:
        (self._switches / "clock").write_text(str(seconds))

    def fill_the_disk(self) -> None:
        assert self._process is not None
        # A file's size is what a process can be held to without a file system of its own.
        size = (self.bundle / "delivery.jsonl").stat().st_size
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, size))

    @property
    def elsewhere(self) -> str:
        return self._elsewhere.url

    def mend(self, rule: Absence) -> None:
        """All is as it should be again."""
        self.proxy.rule = rule
        if self._front is Front.TLS:
            self.proxy.tls = _server_context("")
        self.proxy.listen()
        for switch in self._switches.iterdir():
            switch.unlink()

    # --- what must be true

    def state(self, launch_name: str, call: Call) -> State:
        """What OneTest holds under that name."""
        # An import carries no times; those are of when it was taken.
        return State.read(self.onetest, launch_name, timed=call.mode == "launch")

    @property
    def printed(self) -> str:
        """What all commands so far printed."""
        return "\n".join(result.text for result in self._results)

    def nothing_leaked(self) -> None:
        """No secret in what was printed, written or sent, but for the one header to the one origin."""
        found = list(self._search.in_files([self.place / "bundle", self._temporary]))
        for result in self._results:
            found += self._search.in_bytes(
                "the outcome", json.dumps(result.outcome, ensure_ascii=False).encode()
            )
            found += self._search.in_bytes("standard output", result.stdout.encode())
            found += self._search.in_bytes("standard error", result.stderr.encode())
        for request in self.proxy.requests:
            found += self._search.in_bytes(request.path, request.without_authorization())
        assert found == []
        assert self._elsewhere.requests == []


def write_workspace(workspace: Path, key: str) -> None:
    """Reports and files of a run that printed secrets, as test runs do."""
    printed = f"curl -H Authorization: Bearer {key} https://gitlab-ci-token:{JOB_TOKEN}@gitlab.example"
    (workspace / "reports").mkdir(parents=True)
    (workspace / "logs").mkdir()
    (workspace / "reports" / "a.xml").write_text(REPORT.replace("PRINTED", printed), encoding="utf-8")
    # More than a client can send ahead of a server that reads half of it.
    (workspace / "reports" / "shot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1024)
    (workspace / "logs" / "app.log").write_text(printed * 3000, encoding="utf-8")
    (workspace / "logs" / "empty.log").touch()


@contextmanager
def unwritable(directory: Path) -> Iterator[None]:
    folders = [directory, *(path for path in directory.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


def _server_context(certificate: str) -> ssl.SSLContext:
    """A server's TLS: ours, with a ``stranger``'s certificate, or one that wants to see the client's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    prefix = "stranger-" if certificate == "stranger" else ""
    context.load_cert_chain(_TLS / f"{prefix}certificate.pem", _TLS / f"{prefix}key.pem")
    if certificate == "mutual":
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(_TLS / "certificate.pem")
    return context


def collect(place: Path, onetest: LocalOneTest) -> Path:
    """Collect the bundle that all runs of the matrix are made from."""
    write_workspace(place / "workspace", onetest.api_key)
    return _collect(place, onetest, "--artifacts", "workspace/logs/*")


def collect_reports(place: Path, onetest: LocalOneTest, report: str) -> Path:
    """Collect a bundle of one report."""
    (place / "workspace" / "reports").mkdir(parents=True)
    (place / "workspace" / "reports" / "a.xml").write_text(report, encoding="utf-8")
    return _collect(place, onetest)


def _collect(place: Path, onetest: LocalOneTest, *options: str) -> Path:
    done = run(
        *("collect", "workspace/reports", "--bundle", "bundle", "--build-version", "1.0", *options),
        *("--environment", "e", "--environment-url", "https://e.example"),
        cwd=place,
        env={
            "ONETEST_API_KEY": onetest.api_key,
            "GITLAB_CI": "true",
            "CI_PROJECT_DIR": str(place / "workspace"),
            "CI_REPOSITORY_URL": REPOSITORY_URL,
        },
    )
    assert done.returncode == 0, done.stderr
    return place / "bundle"
