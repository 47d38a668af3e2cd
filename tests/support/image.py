"""The project's image, built from the unmodified Dockerfile, and containers of it."""

import io
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import docker
import pytest
from docker.errors import BuildError, ImageNotFound
from docker.models.containers import Container

ROOT = Path(__file__).parents[2]
BASE = "python:3.13-slim"
TAG = "onetest-report:under-test"
_PATIENCE = 120


class Ran(NamedTuple):
    """A container that ended."""

    code: int
    stdout: str
    stderr: str


class Engine:
    """A Docker engine with the image under test."""

    def __init__(self, client: docker.DockerClient) -> None:
        self.client = client

    def build(self) -> None:
        arguments = {"VERSION": "1.2.3", "REVISION": "f" * 40}
        try:
            # By the engine's classic builder, as the SDK and other runners of actions use it.
            self.client.images.build(path=str(ROOT), tag=TAG, rm=True, buildargs=arguments)
        except BuildError as problem:
            log = "".join(str(line.get("stream", line)) for line in problem.build_log)
            pytest.fail(f"{problem}\n{log[-3000:]}")

    def image_with(self, *packages: str) -> str:
        """An image of the base with further packages of Debian; built once."""
        tag = f"onetest-report-helper:{'-'.join(packages)}"
        install = f"apt-get -qq update && apt-get -qq install -y --no-install-recommends {' '.join(packages)}"
        dockerfile = f"FROM {BASE}\nRUN {install} && rm -rf /var/lib/apt/lists/*\n"
        self.client.images.build(fileobj=io.BytesIO(dockerfile.encode()), tag=tag, rm=True)
        return tag

    @contextmanager
    def container(self, *command: str, **options: Any) -> Iterator[Container]:
        """A container of the image that is gone at the end; its command is running or has run."""
        container = self.client.containers.run(TAG, list(command) or None, detach=True, **options)
        try:
            yield container
        finally:
            container.remove(force=True)

    def run(self, *command: str, env: Mapping[str, str] | None = None, **options: Any) -> Ran:
        with self.container(*command, environment=dict(env or {}), **options) as container:
            return ended(container)


def ended(container: Container) -> Ran:
    """Wait for the end of a container; a traceback is always a fault."""
    code = container.wait(timeout=_PATIENCE)["StatusCode"]
    stdout, stderr = (
        container.logs(stdout=wanted, stderr=not wanted).decode("utf-8") for wanted in (True, False)
    )
    assert "Traceback" not in stdout + stderr, stderr
    return Ran(code, stdout, stderr)


def address() -> str:
    """The engine's address, for tools that look for it themselves."""
    done = subprocess.run(
        ["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def first_line(container: Container) -> str:
    """Wait for the first output of a container."""
    while True:
        container.reload()
        text: str = container.logs().decode("utf-8")
        line, end, _ = text.partition("\n")
        if end:
            return line
        assert container.status in {"created", "running"}, text


def connected() -> Engine:
    """The engine that this machine has; skips where there is none, or no base to build the image from."""
    try:
        subprocess.run(["docker", "version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        _missing("no Docker engine answers")
    client = docker.from_env(timeout=_PATIENCE)
    try:
        client.images.get(BASE)
    except ImageNotFound:
        client.close()
        _missing(f"the engine has no image {BASE}")
    return Engine(client)


def _missing(what: str) -> NoReturn:
    message = f"{what}; make test-hosts brings one up"
    if os.environ.get("ONETEST_ENGINE") == "required":
        pytest.fail(message)
    pytest.skip(message)
