"""The way to OneTest: certificates, proxies and clocks that are right or wrong."""

import ssl
import subprocess
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from time import time

import pytest

from support.connect_proxy import ConnectProxy
from support.diagnosis import diagnose
from support.onetest import LocalOneTest
from support.project import Project
from support.proxy import Answer, Proxy

TLS = Path(__file__).parents[1] / "onetest" / "tls"
AUTHORITY = str(TLS / "certificate.pem")
PASSWORD = "correct-horse-battery"  # noqa: S105 - made up


@pytest.fixture
def secure(tmp_path: Path, onetest: LocalOneTest) -> Iterator[Project]:
    """A project before a OneTest that speaks TLS."""
    with Proxy(onetest.url, server(TLS / "certificate.pem", TLS / "key.pem")) as proxy:
        yield Project(tmp_path, onetest, proxy)


def server(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def self_signed(folder: Path, days: str) -> tuple[Path, Path]:
    """Make a certificate that its own key signed, valid for a number of days, which may be negative."""
    certificate, key, request = folder / "own.pem", folder / "own.key", folder / "own.csr"
    names = folder / "names"
    names.write_text("subjectAltName=IP:127.0.0.1\n", encoding="utf-8")
    subject = ("-subj", "/O=Own Authority/CN=127.0.0.1")
    for arguments in (
        ("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, *subject),
        (
            "x509",
            "-req",
            "-in",
            request,
            "-signkey",
            key,
            "-out",
            certificate,
            "-extfile",
            names,
            "-days",
            days,
        ),
    ):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    return certificate, key


def test_a_trusted_certificate(secure: Project) -> None:
    done = diagnose("--ca-bundle", AUTHORITY, cwd=secure.path, env=secure.env)
    assert done.code == 0, done.document["findings"]
    (text,) = done.texts("certificate")
    assert "was issued by" in text
    assert "is valid until" in text


def test_a_certificate_that_is_not_trusted(secure: Project) -> None:
    done = diagnose(cwd=secure.path, env=secure.env)
    assert (done.code, done.errors) == (4, ["tls-error"])
    assert "was issued by" in done.texts("certificate-refused")[0]
    assert "--ca-bundle" in done.texts("tls-error")[0]
    assert secure.proxy.requests == []


def test_a_certificate_that_soon_expires(secure: Project, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path, "3")
    secure.proxy.tls = server(certificate, key)
    done = diagnose("--ca-bundle", certificate, cwd=secure.path, env=secure.env)
    assert (done.code, done.signs()["certificate-expires"]) == (0, "warning")
    assert "Own Authority" in done.texts("certificate-expires")[0]


def test_a_certificate_that_has_expired(secure: Project, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path, "-1")
    secure.proxy.tls = server(certificate, key)
    done = diagnose("--ca-bundle", certificate, cwd=secure.path, env=secure.env)
    assert (done.code, done.errors) == (4, ["tls-error"])
    (text,) = done.texts("certificate-refused")
    assert "Own Authority and expired on 20" in text


def test_through_a_proxy(secure: Project) -> None:
    with ConnectProxy() as forward:
        env = secure.env | {"HTTPS_PROXY": f"http://ci:{PASSWORD}@127.0.0.1:{forward.port}"}
        done = diagnose("--ca-bundle", AUTHORITY, cwd=secure.path, env=env)
    assert done.code == 0, done.document["findings"]
    assert f"127.0.0.1:{forward.port}" in done.texts("proxy")[0]
    assert done.texts("certificate")
    assert PASSWORD not in done.stdout + done.stderr


def test_a_proxy_that_refuses(secure: Project) -> None:
    with ConnectProxy("Basic other") as forward:
        env = secure.env | {"HTTPS_PROXY": f"http://ci:{PASSWORD}@127.0.0.1:{forward.port}"}
        done = diagnose("--ca-bundle", AUTHORITY, cwd=secure.path, env=env)
    assert (done.code, done.errors) == (4, ["proxy-error"])
    assert PASSWORD not in done.stdout + done.stderr


def test_a_proxy_that_does_not_exist(secure: Project) -> None:
    env = secure.env | {"HTTPS_PROXY": "http://127.0.0.1:1"}
    done = diagnose("--ca-bundle", AUTHORITY, cwd=secure.path, env=env)
    assert (done.code, done.errors) == (4, ["proxy-error"])


@pytest.mark.parametrize(("off", "words"), [(-3700, "1.0 hours ahead of"), (3700, "1.0 hours behind")])
def test_a_clock_that_is_wrong(project: Project, off: int, words: str) -> None:
    headers = {"Date": formatdate(time() + off, usegmt=True)}
    project.proxy.answer("/api/gateway/", Answer(200, b"{}", headers=headers))
    done = diagnose(cwd=project.path, env=project.env)
    assert (done.code, done.signs()["clock-skew"]) == (0, "warning")
    assert words in done.texts("clock-skew")[0]


@pytest.mark.parametrize("date", ["yesterday", ""])
def test_a_date_that_is_none(project: Project, date: str) -> None:
    project.proxy.answer("/api/gateway/", Answer(200, b"{}", headers={"Date": date}))
    done = diagnose(cwd=project.path, env=project.env)
    assert (done.code, done.signs()["no-date"]) == (0, "note")


def test_a_clock_that_is_right(project: Project) -> None:
    done = diagnose(cwd=project.path, env=project.env)
    assert (done.code, done.signs()["clock"]) == (0, "ok")
