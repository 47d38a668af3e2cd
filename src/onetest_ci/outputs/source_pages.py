"""The page of a line of code on the host of the repository."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

from onetest_ci.ci.context import CIContext
from onetest_ci.links import web_link
from onetest_ci.traces.place import Place

_AZURE: Final = (
    "{base}?path=/{file}&version=GC{commit}",
    "&line={line}&lineEnd={line}&lineStartColumn=1&lineEndColumn=999&_a=contents",
)
_PAGES: Final = {
    # Permanent links as each host's own pages copy them.
    "github": ("{base}/blob/{commit}/{file}", "#L{line}"),
    "gitlab": ("{base}/-/blob/{commit}/{file}", "#L{line}"),
    "bitbucket": ("{base}/src/{commit}/{file}", "#lines-{line}"),
    "gitea": ("{base}/src/commit/{commit}/{file}", "#L{line}"),
    "azure": _AZURE,
}
"""For each kind of host, the address of a file at a commit, and what is added for a line."""

_KINDS: Final = {
    "github": "github",
    "gitlab": "gitlab",
    "bitbucket": "bitbucket",
    "gitea": "gitea",
    "forgejo": "gitea",
    "codeberg": "gitea",
    "azure": "azure",
    "visualstudio": "azure",
}
"""Parts of a host's name that show its kind."""

# Both forms of an address for ssh: git@host:path and ssh://git@host:port/path.
_SCP: Final = r"[^/@\s]+@([^/:@\s]+):(?!//)(.+)"


def source_page(context: CIContext, place: Place) -> str:
    """Return the address of a line at the commit that was tested; empty if the host or the commit is unknown.

    Args:
        context: of the run.
        place: a file of the repository. Its name may contain any character.
    """
    # The lines are those of the trial merge, if that was tested.
    commit = context.merge_commit or context.commit
    base = _web_address(context.repository_url)
    kind = _kind(base, context.host)
    if not (commit and base and kind):
        return ""
    of_file, of_line = _PAGES[kind]
    address = of_file + (of_line if place.line is not None else "")
    return web_link(
        address.format(base=base, commit=commit, file=quote(place.file, safe="/"), line=place.line)
    )


def _web_address(url: str) -> str:
    """Return the address of a repository's page from the one that git uses."""
    scp = re.fullmatch(_SCP, url)
    if scp:
        url = f"https://{scp[1]}/{scp[2]}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port and parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https", "ssh"} or not host:
        return ""
    scheme = "https" if parts.scheme == "ssh" else parts.scheme
    path = quote(parts.path.strip("/").removesuffix(".git"), safe="/%")
    if host == "ssh.dev.azure.com":
        # v3/ORGANISATION/PROJECT/REPOSITORY
        host, path = "dev.azure.com", re.sub(r"v3/([^/]+)/([^/]+)/", r"\1/\2/_git/", path)
    return f"{scheme}://{host}{port}/{path}"


def _kind(base: str, ci_host: str) -> str:
    """Return the kind of a repository's host, by its name, else by the CI host that belongs to it."""
    if "/_git/" in base:
        return "azure"
    name = urlsplit(base).hostname or ""
    by_name = next((kind for part, kind in _KINDS.items() if part in re.split(r"[.-]", name)), "")
    # Runners of Gitea and Forgejo set GitHub's variables, and so does GitHub under a name of a company.
    return by_name or (ci_host if ci_host in {"github", "gitlab", "bitbucket"} else "")
