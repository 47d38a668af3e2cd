"""Credentials in the URLs that CI hosts and proxies put into the environment.

``CI_REPOSITORY_URL`` contains the job's token, ``HTTPS_PROXY`` often a password. A test that prints its
environment writes them into its report, from which they would reach OneTest.

Only variables that hold a URL by the documentation of a host or a tool are read, and only if the whole value
is one URL. Other variables hold text that anybody may write, such as a commit's message. A URL in such a text
is not a credential of this run, and its "password" may be any word of a report.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote

from onetest_ci.ci.host_table import HOSTS
from onetest_ci.redaction import SHORTEST, Secret

TOOL_URLS: Final = {
    "README.md, section Settings": "ONETEST_CI_JOB_URL ONETEST_CI_REPOSITORY_URL ONETEST_CI_RUN_URL",
    "https://pip.pypa.io/en/stable/topics/configuration/#environment-variables": "PIP_INDEX_URL",
    "https://docs.astral.sh/uv/reference/environment/": "UV_DEFAULT_INDEX UV_INDEX_URL",
    "https://docs.npmjs.com/cli/using-npm/config#registry": "npm_config_registry NPM_CONFIG_REGISTRY",
}
"""Variables of tools that hold a URL, by the page that documents them; regular expressions."""

PROXIES: Final = {
    "https://curl.se/docs/manpage.html#ENVIRONMENT": "(?:ALL|FTPS?|HTTPS?|WSS?)_PROXY",
    "https://docs.npmjs.com/cli/using-npm/config#https-proxy": "NPM_CONFIG_(?:HTTPS?_)?PROXY",
    "https://pip.pypa.io/en/stable/topics/configuration/#environment-variables": "PIP_PROXY",
    "https://yarnpkg.com/configuration/yarnrc#httpProxy": "YARN_HTTPS?_PROXY",
    "https://doc.rust-lang.org/cargo/reference/config.html#httpproxy": "CARGO_HTTP_PROXY",
}
"""Variables that hold the URL of a proxy, likewise; upper and lower case are the same."""


def _variables(table: Mapping[str, str]) -> Iterator[str]:
    return (name for names in table.values() for name in names.split())


@cache
def _url_variables() -> str:
    """Return the regular expression of the variables that hold a URL. It is long, and few runs need it."""
    return "|".join((*(name for host in HOSTS for name in host.all_url_variables()), *_variables(TOOL_URLS)))


_PROXY: Final = "(?i:" + "|".join(_variables(PROXIES)) + ")"
# White space, quotes and angle brackets end a URL (RFC 3986, appendix C). A password may contain an @, since
# clients search for the last one. For a proxy, curl and others read a missing scheme as http.
_LOGIN: Final = r"(?P<user>[^\s/?#:@\"<>\\]*)(?::(?P<password>[^\s/?#\"<>\\]*))?@"
_REST: Final = r"[^\s/?#@\"<>\\]+(?:[/?#][^\s\"<>]*)?"
_WEB_URL: Final = rf"(?i)https?://{_LOGIN}{_REST}"
_PROXY_URL: Final = rf"(?i)(?:(?:https?|socks(?:4a?|5h?)?)://)?{_LOGIN}{_REST}"

_SHORTEST_TOKEN: Final = 16
# GitHub accepts these as the password if the user is a token.
_NO_PASSWORD: Final = frozenset({"", "x-oauth-basic"})


class UrlCredentials(NamedTuple):
    """Credentials in URLs.

    Attributes:
        secrets: passwords and tokens that are long enough to be a secret wherever they are.
        logins: texts before the ``@``, where the password is shorter or the user may be a token.
    """

    secrets: tuple[Secret, ...] = ()
    logins: tuple[Secret, ...] = ()


def credentials_in_urls(environ: Mapping[str, str]) -> UrlCredentials:
    """Return the credentials in the URLs of CI hosts and proxies, as written and percent-decoded."""
    secrets: set[str] = set()
    logins: set[str] = set()
    for name, value in environ.items():
        url = _url(name, value.strip()) if "@" in value else None
        if url is None:
            continue
        user, password = url["user"], url["password"] or ""
        if password in _NO_PASSWORD:
            if len(user) >= _SHORTEST_TOKEN:
                # Few names of that length contain a digit, and most tokens do.
                is_token = password or re.search("[0-9]", user)
                (secrets if is_token else logins).add(user if is_token else f"//{user}")
        elif len(unquote(password)) >= SHORTEST:
            secrets |= {password, unquote(password)}
        else:
            login = f"{user or '//'}:{password}"
            logins |= {login, unquote(login)}
    return UrlCredentials(tuple(map(Secret, sorted(secrets))), tuple(map(Secret, sorted(logins))))


def _url(name: str, value: str) -> re.Match[str] | None:
    """Return the match of a variable's URL; None if the value is not a URL with a login."""
    if re.fullmatch(_url_variables(), name):
        return re.fullmatch(_WEB_URL, value)
    return re.fullmatch(_PROXY_URL, value) if re.fullmatch(_PROXY, name) else None
