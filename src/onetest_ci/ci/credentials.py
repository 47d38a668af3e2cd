"""Credentials that CI hosts and proxies put into URLs in the environment.

A job's token stands in ``CI_REPOSITORY_URL``, a proxy's password in ``HTTPS_PROXY``. A test that prints its
environment would carry them into its report, and from there to OneTest.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from onetest_ci.redaction import Secret

_VARIABLE: Final = re.compile(
    r"(?:CI|GITLAB|GITHUB|GIT|CHANGE|BUILD|JOB|RUN|HUDSON|JENKINS)_\w+|(?:\w+_)?proxy", re.IGNORECASE
)
_CREDENTIALS: Final = re.compile(r"\bhttps?://([^\s/?#:@]*)(?::([^\s/?#@]*))?@", re.IGNORECASE)
_SHORTEST_PASSWORD: Final = 8
"""Removing a shorter word by value would damage reports that use it for something else."""
_SHORTEST_TOKEN: Final = 16
# What GitHub takes in the password's place when a token stands as the user.
_NO_PASSWORD: Final = frozenset({"", "x-oauth-basic"})


def credentials_in_urls(environ: Mapping[str, str]) -> tuple[Secret, ...]:
    """Passwords, and tokens in a user's place, from URLs in the variables of CI hosts and proxies.

    Each is given as it stands and percent-decoded.
    """
    found = {
        form
        for name, value in environ.items()
        if "@" in value and _VARIABLE.fullmatch(name)
        for secret in _secrets(value)
        for form in (secret, unquote(secret))
    }
    return tuple(Secret(form) for form in sorted(found))


def _secrets(value: str) -> Iterator[str]:
    for user, password in _CREDENTIALS.findall(value):
        if password in _NO_PASSWORD:
            if len(user) >= _SHORTEST_TOKEN:
                yield user
        elif len(password) >= _SHORTEST_PASSWORD:
            yield password
