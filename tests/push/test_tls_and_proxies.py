"""TLS and forward proxies as CI hosts set them up, with a real TLS server before OneTest."""

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.command import run
from support.connect_proxy import ConnectProxy
from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Proxy

TLS = Path(__file__).parents[1] / "onetest" / "tls"
AUTHORITY = str(TLS / "certificate.pem")
SUBJECT_HASH = "cceb896e"
"""OpenSSL's name for the certificate in a directory of authorities."""
PASSWORD = "correct-horse-battery"  # noqa: S105 - made up


@pytest.fixture
def secure(tmp_path: Path, onetest: LocalOneTest) -> Iterator[Project]:
    """A project before a OneTest that speaks TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    (tmp_path / "out").mkdir()
    with Proxy(onetest.url, context) as proxy:
        project = Project(tmp_path, onetest, proxy)
        project.write("out/a.xml", "<testsuite name='s'><testcase classname='c' name='t'/></testsuite>")
        yield project


@pytest.fixture
def hashed(tmp_path: Path) -> str:
    """A directory of authorities."""
    directory = tmp_path / "authorities"
    directory.mkdir()
    (directory / f"{SUBJECT_HASH}.0").write_bytes(Path(AUTHORITY).read_bytes())
    return str(directory)


def test_nobody_is_trusted_without_being_named(secure: Project) -> None:
    # What switches verification off in other tools.
    loose = {"PYTHONHTTPSVERIFY": "0", "NODE_TLS_REJECT_UNAUTHORIZED": "0", "GIT_SSL_NO_VERIFY": "1"}
    done = secure.report(env=loose)
    assert (done.code, done.status, done.error) == (0, "failed", "tls-error")
    assert "--ca-bundle" in done.delivery["error"]["hint"]
    assert secure.proxy.requests == []


@pytest.mark.parametrize("how", ["--ca-bundle", "ONETEST_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "both"])
def test_an_authority_is_named(secure: Project, hashed: str, how: str) -> None:
    options = ("--ca-bundle", AUTHORITY) if how == "--ca-bundle" else ()
    env = {
        "--ca-bundle": {},
        "SSL_CERT_DIR": {"SSL_CERT_DIR": hashed},
        "both": {"SSL_CERT_DIR": hashed, "SSL_CERT_FILE": str(TLS / "stranger-certificate.pem")},
    }.get(how, {how: AUTHORITY})
    done = secure.report(*options, env=env)
    assert (done.code, done.status) == (0, "delivered"), done.stderr


@pytest.mark.parametrize(
    "env", [{"SSL_CERT_FILE": str(TLS / "stranger-certificate.pem")}, {"SSL_CERT_DIR": str(TLS)}]
)
def test_other_authorities_do_not_vouch_for_it(secure: Project, env: dict[str, str]) -> None:
    assert secure.report(env=env).error == "tls-error"
    assert secure.proxy.requests == []


def test_the_option_takes_the_place_of_the_variables(secure: Project) -> None:
    stranger = TLS / "stranger-certificate.pem"
    assert secure.report("--ca-bundle", stranger, env={"SSL_CERT_FILE": AUTHORITY}).error == "tls-error"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_authorities_that_are_not_there_are_an_error_of_their_own(secure: Project, variable: str) -> None:
    done = secure.report(env={variable: "/nowhere/at/all"})
    assert (done.code, "error[bad-ca-bundle]" in done.stderr) == (2, True)
    assert variable in done.stderr
    assert "/nowhere/at/all" in done.stderr


def test_a_certificate_for_another_host_is_refused(secure: Project) -> None:
    url = secure.proxy.url.replace("127.0.0.1", "localhost")
    assert secure.report("--ca-bundle", AUTHORITY, env={"ONETEST_BASE_URL": url}).error == "tls-error"


def test_no_option_switches_verification_off(tmp_path: Path) -> None:
    for command in ("report", "push", "collect"):
        help_text = run(command, "--help", cwd=tmp_path).stdout.lower()
        assert not any(word in help_text for word in ("insecure", "verify", "no-check", "skip-tls"))


def test_through_a_proxy_with_a_password(secure: Project) -> None:
    basic = base64.b64encode(f"ci:{PASSWORD}".encode()).decode()
    with ConnectProxy(f"Basic {basic}") as forward:
        env = {"HTTPS_PROXY": f"http://ci:{PASSWORD}@127.0.0.1:{forward.port}"}
        done = secure.report("--ca-bundle", AUTHORITY, "--debug", env=env)
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    assert {head.split(b" ")[1] for head in forward.heads} == {f"127.0.0.1:{secure.proxy.port}".encode()}
    assert forward.tunnelled
    # What the proxy can read holds no key, and what people can read no password.
    key = secure.onetest.api_key.encode()
    assert not any(key in head for head in forward.heads)
    assert key not in bytes(forward.tunnelled)
    assert PASSWORD not in done.stdout + done.stderr
    assert basic not in done.stdout + done.stderr


def test_through_a_proxy_that_speaks_tls_itself(secure: Project) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "certificate.pem", TLS / "key.pem")
    with ConnectProxy(tls=context) as forward:
        env = {"HTTPS_PROXY": f"https://127.0.0.1:{forward.port}"}
        done = secure.report("--ca-bundle", AUTHORITY, env=env)
        untrusted = secure.report(env=env)
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    assert forward.tunnelled
    assert secure.onetest.api_key.encode() not in bytes(forward.tunnelled)
    assert untrusted.error == "tls-error"


def test_a_proxy_that_refuses_is_named_without_its_password(secure: Project) -> None:
    with ConnectProxy("Basic other") as forward:
        env = {"https_proxy": f"http://ci:{PASSWORD}@127.0.0.1:{forward.port}"}
        done = secure.report("--ca-bundle", AUTHORITY, "--debug", env=env)
    assert (done.code, done.status, done.error) == (0, "failed", "proxy-error")
    assert PASSWORD not in done.stdout + done.stderr
    assert secure.proxy.requests == []


@pytest.mark.parametrize(
    ("proxy", "reason"),
    [("127.0.0.1:1", "no server listens there"), ("proxy.invalid:3128", "the host name cannot be resolved")],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_that_cannot_be_reached_is_named_in_place_of_onetest(
    secure: Project, variable: str, proxy: str, reason: str
) -> None:
    env = {variable: f"http://ci:{PASSWORD}@{proxy}", "ONETEST_WAIT_FOR_SERVICE": "0"}
    done = secure.report("--ca-bundle", AUTHORITY, env=env)
    assert done.error == "proxy-error"
    assert f"annot connect to the proxy http://{proxy}: {reason}" in done.stderr
    assert "HTTPS_PROXY" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr


def test_https_to_a_server_without_tls_is_named(project: Project) -> None:
    address = project.onetest.url.replace("http://", "https://") + "/one"
    project.write("out/a.xml", "<testsuite><testcase name='a'/></testsuite>")
    done = project.report(env={"ONETEST_BASE_URL": address})
    assert done.error == "tls-error"
    assert f"annot connect to {address}: the server there does not speak TLS" in done.stderr
    assert address.replace("https://", "http://") in done.stderr


@pytest.mark.parametrize("but", ["127.0.0.1", "other.example,127.0.0.1", "*"])
def test_no_proxy_goes_straight(secure: Project, but: str) -> None:
    with ConnectProxy() as forward:
        env = {"HTTPS_PROXY": f"http://127.0.0.1:{forward.port}", "NO_PROXY": but}
        done = secure.report("--ca-bundle", AUTHORITY, env=env)
    assert (done.status, forward.heads) == ("delivered", [])


def test_a_proxy_for_the_other_scheme_is_not_used(secure: Project) -> None:
    with ConnectProxy() as forward:
        env = {"HTTP_PROXY": f"http://127.0.0.1:{forward.port}"}
        done = secure.report("--ca-bundle", AUTHORITY, env=env)
    assert (done.status, forward.heads) == ("delivered", [])
