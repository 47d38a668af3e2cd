"""Make values from the environment safe to keep: no control characters or credentials, bounded lengths."""

import re
from pathlib import Path
from typing import Final

from onetest_ci.text.characters import UNPRINTABLE

MAX_TEXT: Final = 255
MAX_URL: Final = 2048

# Controls, line and paragraph separators, direction overrides and lone surrogates (bytes that are not UTF-8).
# The patterns are compiled on first use.
_UNSEEN: Final = f"[{UNPRINTABLE}\u200b\u2060-\u2065\ufeff]"
# All zeros are git's null id, for a branch that is new or was deleted.
_COMMIT: Final = r"(?!0+\Z)(?:[0-9a-f]{40}|[0-9a-f]{64})\Z"
_WITH_SCHEME: Final = r"(?is)([a-z][a-z0-9+.-]*+)://([^/?#]*+)(.*)"
_HOST: Final = r"(?i)(?:\[[0-9a-f:.]+\]|[^\s:@\[\]\\]*)(?::[0-9]*)?\Z"
_WEB: Final = frozenset({"http", "https"})


def text(value: str) -> str:
    """Return a text as one line of at most ``MAX_TEXT`` characters."""
    return _visible(value)[:MAX_TEXT].rstrip()


def _visible(value: str) -> str:
    """Return a value without white space around it and without invisible characters."""
    return (value if value.isprintable() else re.sub(_UNSEEN, "", value)).strip()


def commit_id(value: str) -> str:
    """Return a full SHA-1 or SHA-256 commit id in lower case; empty for any other value."""
    value = value.strip().lower()
    return value if re.match(_COMMIT, value) else ""


def switch(value: str) -> str:
    """Return ``true`` for a switch that is on, else an empty text."""
    return "" if value.strip().lower() in {"", "0", "false"} else "true"


def branch(value: str) -> str:
    """Return the short name of a branch; empty for a ref that is not a branch (``refs/pull/7/merge``)."""
    for prefix in ("refs/heads/", "refs/remotes/origin/"):
        value = value.removeprefix(prefix)
    return "" if value.startswith("refs/") else text(value)


def web_url(value: str) -> str:
    """Return an http(s) address without user and password; empty for any other or longer one."""
    value = _visible(value)
    parts = re.match(_WITH_SCHEME, value)
    if parts is None or parts[1].lower() not in _WEB or re.search(r"\s", value):
        return ""
    return _bounded(_without_credentials(parts))


def repository_url(value: str) -> str:
    """Return the address of a repository without secrets.

    Over http(s) user and password are removed, since the user may be a token, and the query too. Over ssh the
    user stays, as in the scp-like form ``git@host:path``.
    """
    value = _visible(value)
    parts = re.match(_WITH_SCHEME, value)
    if parts is not None:
        return _bounded(_without_credentials(parts, keep_query=False))
    user, at, rest = value.partition("@")
    has_password = bool(at) and ":" in user and "/" not in user
    return _bounded(rest if has_password else value)


def repository_path(url: str) -> str:
    """Return ``owner/name`` from a cleaned repository address; the last part of a path on this machine."""
    parts = re.match(_WITH_SCHEME, url)
    if parts is not None and parts[1].lower() != "file":
        path = parts[3]
    elif parts is None and ":" in url and "/" not in url.partition(":")[0] and "\\" not in url:
        path = url.partition(":")[2]
    else:
        path = re.split(r"[\\/]", url.rstrip("\\/").removesuffix("/.git"))[-1]
    return text(path.strip("/").removesuffix(".git").rstrip("/"))


def path(value: str) -> Path | None:
    """Return an absolute path, never shortened; None for any other value."""
    if not value or "\0" in value or not Path(value).is_absolute():
        return None
    return Path(value)


def _without_credentials(parts: re.Match[str], *, keep_query: bool = True) -> str:
    scheme, authority, rest = parts[1], parts[2], parts[3]
    user, at, host = authority.rpartition("@")
    # The rest must be a host and a port: of "user:pa/ss@host" it would be a piece of the password.
    if not re.match(_HOST, host):
        return ""
    if not keep_query:
        rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    name = user.partition(":")[0]
    kept = f"{name}{at}" if scheme.lower() in {"ssh", "git+ssh"} and name else ""
    return f"{scheme}://{kept}{host}{rest}"


def _bounded(url: str) -> str:
    return url if len(url) <= MAX_URL else ""
