"""The image as each kind of CI host uses it, driven through the engine's API."""

import re
from pathlib import Path
from typing import Any

import pytest

from support.image import BASE, ROOT, TAG, Engine, ended, first_line
from support.onetest import LocalOneTest

pytestmark = pytest.mark.hosts

SAMPLE = ROOT / "examples" / "sample-project"
SUITE = "<testsuite name='s'><testcase classname='c' name='t'/><testcase classname='c' name='u'/></testsuite>"
MOST_BYTES = 25 * 1024 * 1024
"""The unpacked size that the project may add to its base."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "a.xml").write_text(SUITE, encoding="utf-8")
    tmp_path.chmod(0o777)
    return tmp_path


def mounted(place: Path, target: str = "/work", mode: str = "rw") -> dict[str, Any]:
    return {"volumes": {str(place): {"bind": target, "mode": mode}}, "working_dir": target}


def test_flags_and_no_arguments_reach_the_command(engine: Engine) -> None:
    assert re.fullmatch(r"onetest-ci \S+\n", engine.run("--version").stdout)
    assert "Usage: onetest-ci" in engine.run().stderr


def test_inspect_as_a_stranger_with_nothing_to_write_to_and_no_network(engine: Engine) -> None:
    done = engine.run(
        "inspect",
        "reports",
        user="12345:0",
        read_only=True,
        network_mode="none",
        cap_drop=["ALL"],
        **mounted(SAMPLE, mode="ro"),
    )
    assert done.code == 0, done.stderr
    assert "5 reports: 41 tests" in done.stdout


def test_collect_as_a_stranger_without_network(engine: Engine, workspace: Path) -> None:
    done = engine.run(
        "collect",
        "--bundle",
        "bundle",
        "a.xml",
        user="12345:54321",
        read_only=True,
        network_mode="none",
        env={"HOME": ""},
        **mounted(workspace),
    )
    assert done.code == 0, done.stderr
    assert (workspace / "bundle" / "bundle.json").is_file()


def test_a_job_s_shell_gets_its_script(engine: Engine) -> None:
    # GitLab's runner begins so: it looks for a shell and passes the script on standard input.
    script = "if [ -x /bin/bash ]; then exec /bin/bash -c 'onetest-ci --version && echo \"$0 $CI\"'; fi"
    done = engine.run("sh", "-c", script, env={"CI": "true"})
    assert done.stdout.startswith("onetest-ci ")
    assert done.stdout.endswith("/bin/bash true\n")


def test_a_container_that_is_kept_open_and_entered(engine: Engine, workspace: Path) -> None:
    # Jenkins' docker.image().inside works so: cat keeps the container open, and steps run in it.
    options = {"user": "12345:54321", "tty": True, "environment": {"CI": "true"}, **mounted(workspace)}
    with engine.container("cat", **options) as container:
        # The entrypoint replaces itself by the command. An emulator of another processor precedes both.
        while "onetest-entrypoint" in (processes := container.top()["Processes"])[0][-1]:
            assert len(processes) == 1
        assert [row[-1].split()[-1] for row in processes] == ["cat"]
        code, output = container.exec_run(["sh", "-c", "onetest-ci inspect a.xml"])
        assert (code, b"2 passed" in output) == (0, True)


def test_a_plugin_step_and_a_pipe_report_without_being_told_to(engine: Engine) -> None:
    for env in ({"PLUGIN_FILES": "a.xml"}, {"BITBUCKET_BUILD_NUMBER": "1"}):
        done = engine.run(env=env)
        assert done.code == 2
        assert "--product-id is missing" in done.stderr


@pytest.mark.parametrize("user", ["0:0", "12345:0"])
def test_a_report_is_delivered(engine: Engine, onetest: LocalOneTest, user: str) -> None:
    done = engine.run(
        "report",
        "reports",
        user=user,
        read_only=True,
        tmpfs={"/tmp": ""},  # noqa: S108 - the container's own
        network_mode="host",
        env=onetest.env | {"ONETEST_LAUNCH_NAME": f"image {user}"},
        **mounted(SAMPLE, mode="ro"),
    )
    assert done.code == 0, done.stderr
    launch = next(one for one in onetest.launches() if one["name"] == f"image {user}")
    assert len(onetest.cases(launch["uuid"])) >= 41


def test_the_local_onetest_runs_beside_a_job(engine: Engine, workspace: Path) -> None:
    network = engine.client.networks.create("onetest-under-test")
    key = "ak_" + "0123456789ABCDEF" * 2
    (workspace / "key").write_text(key, encoding="utf-8")
    try:
        beside = {"network": network.name, **mounted(workspace)}
        serve = ("emulator", "--host", "0.0.0.0", "--api-key-file", "key")  # noqa: S104 - the network is the job's
        with engine.container(*serve, name="onetest-service", **beside) as service:
            announced = first_line(service)
            product = re.search(r'"product_id": "([^"]+)"', announced)
            assert product, announced
            env = {
                "ONETEST_BASE_URL": "http://onetest-service:8087",
                "ONETEST_PRODUCT_ID": product[1],
                "ONETEST_API_KEY": key,
            }
            done = engine.run("report", "a.xml", env=env, **beside)
            assert done.code == 0, done.stderr
            assert "delivered" in done.stdout
    finally:
        network.remove()


def test_what_a_job_has_in_its_environment_does_not_reach_the_command(
    engine: Engine, workspace: Path
) -> None:
    (workspace / "click.py").write_text("raise SystemExit('a module of the job')", encoding="utf-8")
    (workspace / "start.sh").write_text("echo a script of the job; exit 9", encoding="utf-8")
    foreign = {
        "PATH": "/home/runner/bin",
        "HOME": "/home/runner",
        "PYTHONPATH": "/work",
        "PYTHONHOME": "/work",
        "PYTHONSTARTUP": "/work/click.py",
        "BASH_ENV": "/work/start.sh",
        "ENV": "/work/start.sh",
        "LANG": "xx_XX.UTF-8",
    }
    done = engine.run("inspect", "a.xml", env=foreign, **mounted(workspace))
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("a.xml: junit, 2 tests")


def test_running_it_writes_nothing_into_it(engine: Engine) -> None:
    with engine.container("inspect", "reports", **mounted(SAMPLE, mode="ro")) as container:
        assert ended(container).code == 0
        changed = [change["Path"] for change in container.diff() or []]
    assert changed in ([], ["/work"])


def test_it_ends_when_it_is_stopped(engine: Engine, workspace: Path) -> None:
    with engine.container("emulator", **mounted(workspace)) as container:
        assert first_line(container)
        container.stop(timeout=60)
        assert ended(container).code in {0, 143}


def test_it_is_small_labelled_and_holds_no_tool_to_install_with(engine: Engine) -> None:
    image, base = engine.client.images.get(TAG), engine.client.images.get(BASE)
    assert image.attrs["Size"] - base.attrs["Size"] < MOST_BYTES
    labels = image.labels
    assert labels["org.opencontainers.image.version"] == "1.2.3"
    assert labels["org.opencontainers.image.revision"] == "f" * 40
    assert labels["org.opencontainers.image.base.name"] == BASE
    for name in ("title", "description", "source", "documentation", "licenses"):
        assert labels[f"org.opencontainers.image.{name}"]
    assert image.attrs["Config"]["User"] == ""
    assert image.attrs["Config"]["Entrypoint"] == ["/usr/local/bin/onetest-entrypoint"]
    listing = engine.run("sh", "-c", "ls /opt/onetest-ci/lib/python3*/site-packages /opt/onetest-ci/bin")
    assert not re.search(r"\b(pip|setuptools|hatchling|uv)\b", listing.stdout)


def test_everything_is_compiled_and_readable_by_all(engine: Engine) -> None:
    wanted = ("-name *.py", "-name *.pyc", "! -type l ! -perm -a+r")
    found = [engine.run("find", "/opt/onetest-ci/lib", *one.split()).stdout.split() for one in wanted]
    sources, compiled, closed = found
    assert len(compiled) >= len(sources) > 0
    assert closed == []
