"""Runs for tests of properties: reports, what people write, and secrets. Much of it looks like markup."""

import base64
import html
import json
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar
from urllib.parse import quote, unquote
from xml.sax.saxutils import quoteattr

from hypothesis import strategies as st

from support.people import MARKS, TEXTS

_T = TypeVar("_T")
# fmt: off
WORDS: Final = (
    "password", "test_reset_password", "tests/test_password.py", "failures", "testcase", "testsuite",
    "classname", "status", '","status":"', '":"failed","', "passed", "failed", "skipped", "error", "name",
    "attempts", "{", '"}', "code_ref", "launch_uuid", "superseded", "attachments/", "artifacts",
    "</testcase>", "<failure", "message=", "12345678", "1", "0.5", "null", "true", "not ok", "ok 1",
    "Bearer ", "***", "user:pass1@", "\\u0061", "&quot;", "%22", "hunter2hunter2", "squidward", "a" * 8,
    " ", "\n", "é", "密码", "💥",
)
# fmt: on
KEYS: Final = (
    "",
    "failures",
    "ak_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345",
    '","status":"',
    "test_reset_password",
    "hunter2hunter2",
)


class GeneratedTest(NamedTuple):
    """One test of a report."""

    name: str
    classname: str
    file: str
    status: str
    message: str
    details: str
    output: str


class Secrets(NamedTuple):
    """What is secret in a run: an API key, and a password in the address of the repository or the proxy."""

    key: str
    variable: str
    password: str
    is_quoted: bool

    @property
    def env(self) -> dict[str, str]:
        env = {"ONETEST_API_KEY": self.key} if self.key else {}
        if self.password:
            env[self.variable] = f"https://ci:{self.spelled}@gitlab.example/a.git"
        return env

    @property
    def spelled(self) -> str:
        return quote(self.password, safe="") if self.is_quoted else self.password

    @property
    def in_url(self) -> str:
        """The password as a client reads it from the URL; empty when that is none.

        The authority ends at a slash (RFC 3986, section 3.2), also at one that should have been quoted.
        """
        authority = re.split("[/?#]", f"ci:{self.spelled}@gitlab.example/a.git", maxsplit=1)[0]
        login, _, host = authority.rpartition("@")
        is_url = host and not re.search(r'[\s"<>\\]', self.spelled)
        return login.partition(":")[2] if is_url else ""

    @property
    def removed(self) -> set[str]:
        """The secrets that have to be gone from names and references."""
        password = {self.in_url, unquote(self.in_url)} if len(unquote(self.in_url)) >= 8 else set()
        return ({self.key} | password) - {""}

    @property
    def pieces(self) -> list[str]:
        """What a report may contain of them."""
        login = f"ci:{self.spelled}@"
        found = [self.password, login, f"https://{login}gitlab.example", self.password[:7]]
        for secret in sorted({self.key, self.password} - {""}):
            around = f"KEY={secret}\nHOME=/home/u\nPATH=/usr/local/bin:/usr/bin:/bin".encode()
            found += [
                secret,
                f"x{secret}[1]",
                json.dumps(secret)[1:-1],
                html.escape(secret),
                quote(secret, safe=""),
                base64.encodebytes(around).decode(),
                base64.b64encode(secret.encode()).decode(),
            ]
        return [piece for piece in found if piece]


def junit(tests: list[GeneratedTest]) -> str:
    cases = []
    for test in tests:
        inner = f"<system-out>{html.escape(test.output)}</system-out>"
        if test.status != "passed":
            tag = "failure" if test.status == "failed" else test.status
            inner = f"<{tag} message={_attribute(test.message)}>{html.escape(test.details)}</{tag}>{inner}"
        place = f"classname={_attribute(test.classname)} name={_attribute(test.name)}"
        file = f" file={_attribute(test.file)}" if test.file else ""
        cases.append(f"<testcase {place}{file}>{inner}</testcase>")
    return f'<testsuite name="s">{"".join(cases)}</testsuite>'


def _attribute(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;"})


def ctrf(tests: list[GeneratedTest]) -> str:
    rows = [
        {
            "name": test.name,
            "status": "failed" if test.status == "error" else test.status,
            "duration": 1,
            "suite": [test.classname] if test.classname else [],
            "filePath": test.file,
            "message": test.message,
            "trace": test.details,
            "stdout": [test.output],
        }
        for test in tests
    ]
    return json.dumps({"results": {"tool": {"name": "t"}, "tests": rows}})


def tap(tests: list[GeneratedTest]) -> str:
    lines = ["TAP version 13", f"1..{len(tests)}"]
    for number, test in enumerate(tests, 1):
        verdict = "ok" if test.status in {"passed", "skipped"} else "not ok"
        name = test.name.replace("#", "").replace("\\", "")
        lines.append(f"{verdict} {number} - {name}{' # SKIP why' if test.status == 'skipped' else ''}")
        lines += ["  ---", f"  message: {json.dumps(test.message)}", "  ..."]
    return "\n".join(lines) + "\n"


WRITERS: Final[tuple[Callable[[list[GeneratedTest]], str], ...]] = (junit, ctrf, tap)

_ANY: Final = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
    max_size=12,
)
_WORD: Final = st.one_of(st.sampled_from(WORDS), _ANY, st.builds("{}{}".format, _ANY, st.sampled_from(WORDS)))
_PASSWORD: Final = _WORD.map(lambda text: text.replace("\n", "") or "x")
_SECRETS: Final = st.builds(
    Secrets,
    st.one_of(
        st.sampled_from(KEYS),
        # What begins like this may be a reference that the host did not replace, which counts as not given.
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40).filter(
            lambda key: key[0] not in "$%"
        ),
    ),
    st.sampled_from(("CI_REPOSITORY_URL", "HTTPS_PROXY", "GIT_URL")),
    st.one_of(st.just(""), _PASSWORD),
    st.booleans(),
)


class Scene(NamedTuple):
    """One run.

    Attributes:
        host: the CI host.
        report: what its tests wrote.
        said: variables that hold what people wrote.
        secrets: what is secret in it.
    """

    host: str
    report: str
    said: dict[str, str]
    secrets: Secrets


class _Choices:
    """Chooses by the bytes that were drawn; one draw for all choices is quicker than one for each."""

    def __init__(self, drawn: bytes) -> None:
        self._drawn = iter(drawn)

    def one(self, options: Sequence[_T]) -> _T:
        return options[next(self._drawn, 0) % len(options)]

    def text(self, pieces: Sequence[str]) -> str:
        """Up to three pieces."""
        return "".join(self.one(pieces) for _ in range(self.one((0, 1, 1, 2, 3))))

    def test(self, pieces: Sequence[str]) -> GeneratedTest:
        return GeneratedTest(
            name=" ".join(self.text(pieces).split()) or "t",
            classname=" ".join(self.text(pieces).split()),
            file=self.one(("", "tests/test_password.py", "a/b.js")),
            status=self.one(("passed", "failed", "error", "skipped")),
            message=self.text(pieces),
            details=self.text(pieces),
            output=self.text(pieces),
        )

    def url(self, passwords: Sequence[str]) -> str:
        scheme, user = self.one(("http", "https")), self.one(("a", "user", ""))
        host = self.one(("", "h", "host.example/path", '"}'))
        return f"{scheme}://{user}:{self.one(passwords)}@{host}"

    def said(self, passwords: Sequence[str]) -> str:
        """What people write: a URL, several, text with a URL in it, text."""
        url, text = self.url(passwords), self.text((*passwords, *WORDS))
        return self.one((url, f"{url}\n{self.url(passwords)}", f"{text} {url} {text}", text))


def _scene(drawn: bytes, texts: Sequence[str], passwords: Sequence[str], secrets: Secrets) -> Scene:
    choices = _Choices(drawn)
    host = choices.one(sorted(MARKS))
    people = [*texts, *passwords]
    said = {choices.one(TEXTS[host]): choices.said(people) for _ in range(choices.one((1, 2)))}
    own = [*people, *secrets.pieces]
    # As many pieces of this run as words that are in all of them.
    pieces = (*WORDS, *own * (1 + len(WORDS) // len(own)))
    tests = [choices.test(pieces) for _ in range(choices.one((1, 2, 3)))]
    return Scene(host, choices.one(WRITERS)(tests), said, secrets)


SCENES: Final = st.builds(
    _scene,
    st.binary(min_size=100, max_size=100),
    st.tuples(_ANY, _ANY),
    st.tuples(_PASSWORD, _PASSWORD),
    _SECRETS,
)
"""Runs whose reports contain what people wrote and what is secret."""
