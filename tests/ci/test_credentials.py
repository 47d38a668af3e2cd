"""Secrets inside URLs of the environment."""

import json
import re
from pathlib import Path

import pytest

from onetest_ci.ci.credentials import PROXIES, TOOL_URLS, credentials_in_urls
from onetest_ci.ci.host import Host
from onetest_ci.ci.host_table import HOSTS

REPOSITORY = Path(__file__).parents[2]


def secrets_in(**environ: str) -> set[str]:
    found = credentials_in_urls(environ)
    assert not found.logins
    return {secret.reveal() for secret in found.secrets}


def logins_in(**environ: str) -> set[str]:
    found = credentials_in_urls(environ)
    assert not found.secrets
    return {login.reveal() for login in found.logins}


@pytest.mark.parametrize(
    ("variable", "value", "secrets"),
    [
        (
            "CI_REPOSITORY_URL",
            "https://gitlab-ci-token:glcbt-64_abc@gitlab.example/a/b.git",
            {"glcbt-64_abc"},
        ),
        (
            "CI_REPOSITORY_URL",
            "https://ci:a%2Fb%2Bcdefgh@gitlab.example/a.git",
            {"a%2Fb%2Bcdefgh", "a/b+cdefgh"},
        ),
        ("RUN_DISPLAY_URL", "https://ci:squidward@jenkins.example/job/a/1/", {"squidward"}),
        ("GIT_URL", "https://ghp_0123456789abcdefghij@github.com/a/b", {"ghp_0123456789abcdefghij"}),
        ("GIT_URL_12", "https://abcdefghijklmnopqrst:x-oauth-basic@github.com/a", {"abcdefghijklmnopqrst"}),
        ("BUILDKITE_REPO", "https://ci:glpat-0123456789@gitlab.example/a.git\n", {"glpat-0123456789"}),
        ("PIP_INDEX_URL", "https://me:squidward@pypi.example/simple", {"squidward"}),
        ("https_proxy", "http://me:squidward@proxy.example:3128", {"squidward"}),
        ("HTTP_PROXY", "HTTP://me:squidward@proxy.example:3128", {"squidward"}),
        ("npm_config_https_proxy", "http://me:squidward@proxy.example", {"squidward"}),
        # Without a scheme, and with an @ and a colon that should have been escaped: as curl reads it.
        ("ALL_PROXY", "me:squid@ward:7@proxy.example:3128", {"squid@ward:7"}),
        ("all_proxy", "socks5h://:squidward@proxy.example", {"squidward"}),
    ],
)
def test_passwords_and_tokens_are_secrets(variable: str, value: str, secrets: set[str]) -> None:
    assert secrets_in(**{variable: value}) == secrets


@pytest.mark.parametrize(
    ("variable", "value", "logins"),
    [
        ("HTTPS_PROXY", "http://user:proxy@proxy.example", {"user:proxy"}),
        # Seven characters, however long they are spelled.
        ("GIT_URL", "https://ci:%70asswd%21@git.example/a", {"ci:%70asswd%21", "ci:passwd!"}),
        ("HTTPS_PROXY", "http://:proxy@proxy.example", {"//:proxy"}),
        # An organisation's name in an address of Azure Repos, or a token without a digit.
        (
            "GIT_URL",
            "https://contoso-engineering@dev.azure.com/contoso/shop/_git/cart",
            {"//contoso-engineering"},
        ),
    ],
)
def test_a_login_with_a_short_password_is_a_secret_as_a_whole(
    variable: str, value: str, logins: set[str]
) -> None:
    assert logins_in(**{variable: value}) == logins


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CI_PROJECT_URL", "https://gitlab.example/a/b"),
        ("GIT_URL", "git@github.com:a/b.git"),
        ("GIT_URL", "ssh://deploy:not-http-at-all@github.com/a/b.git"),
        ("CI_REPOSITORY_URL", "https://somebody@gitlab.example/a.git"),
        ("GIT_URL", "ci:no-scheme-no-url@git.example/a"),
        # The addresses of services that the tests use are not those of the CI.
        ("DATABASE_URL", "http://postgres:postgres-password@db/test"),
        ("GIT_AUTHOR_EMAIL", "me@example.com"),
        ("CI_API_V4_URL", "https://gitlab.example/path:with/secret-word@here"),
        ("NO_PROXY", "me:squidward@proxy.example"),
        # Not one URL.
        ("CI_REPOSITORY_URL", "see https://a:first-secret@gitlab.example/a.git"),
        ("CI_REPOSITORY_URL", "https://a:first-secret@gitlab.example/a.git and more"),
        ("CI_REPOSITORY_URL", "https://a:first-secret@x\nhttps://b:other-secret@y"),
        ("CI_REPOSITORY_URL", "https://a:first-secret@"),
        ("CI_REPOSITORY_URL", 'http://a:","status":"@'),
        ("HTTPS_PROXY", 'http://a:","status":"@proxy.example'),
    ],
)
def test_other_values_contain_no_secret(variable: str, value: str) -> None:
    assert secrets_in(**{variable: value}) == logins_in(**{variable: value}) == set()


def test_only_documented_variables_count() -> None:
    """Of all variables that hosts set, those that hold text of people stay text, even if it is a URL."""
    of_hosts = [name for host in HOSTS for name in host.all_url_variables()]
    of_tools = " ".join((*TOOL_URLS.values(), *PROXIES.values())).split()
    documented = re.compile("|".join((*of_hosts, *of_tools)))
    environments = sorted((Path(__file__).parent / "environments").glob("*.json"))
    names = {name for path in environments for name in json.loads(path.read_text(encoding="utf-8"))["env"]}
    assert len(names) > 300
    hold_urls = {name for name in names if documented.fullmatch(name)}
    assert all(re.search("UR[LI](_[0-9]+)?$|_LINK$|_REPO$|_ORIGIN$", name) for name in hold_urls)
    for name in names:
        found = secrets_in(**{name: "https://ci:first-secret@host.example/a"})
        assert bool(found) == (name in hold_urls), name
    for name in (
        "CI_COMMIT_MESSAGE",
        "CI_MERGE_REQUEST_TITLE",
        "CHANGE_TITLE",
        "GIT_BRANCH",
        "BUILDKITE_MESSAGE",
    ):
        assert name not in hold_urls
        assert secrets_in(**{name: "https://ci:first-secret@host.example/a"}) == set()


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.key)
def test_each_host_has_a_documentation(host: Host) -> None:
    assert host.documentation
    assert all(page.startswith("https://") or (REPOSITORY / page).is_file() for page in host.documentation)


@pytest.mark.parametrize("table", [TOOL_URLS, PROXIES], ids=["tools", "proxies"])
def test_each_variable_has_a_source(table: dict[str, str]) -> None:
    assert all(names.split() for names in table.values())
    assert all(re.match(r"https://\S+\Z|README\.md, section \w+\Z", source) for source in table)
