"""The comments API of GitHub and GitLab as a real HTTP server on this machine.

GitHub: "REST API endpoints for issue comments"; GitLab: "Notes API". Requests that two processes make are
held until both are there (``hold``), so that their reading and writing interleave in one way.
"""

import itertools
import json
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit

BOT: Final = {"id": 41898282, "login": "github-actions[bot]", "type": "Bot"}
OTHER: Final = {"id": 7, "login": "mallory", "type": "User"}
PROJECT_BOT: Final = {"id": 90, "username": "project_1_bot"}
OTHER_MEMBER: Final = {"id": 91, "username": "mallory"}
MAX_BODY: Final = {"github": 65_536, "gitlab": 1_000_000}

GITHUB_ISSUE: Final = r"/repos/acme/shop/issues/7/comments"
GITHUB_ONE: Final = r"/repos/acme/shop/issues/comments/([0-9]+)"
GITLAB_NOTES: Final = r"/projects/11/merge_requests/7/notes"
GITLAB_ONE: Final = GITLAB_NOTES + r"/([0-9]+)"


class Seen(NamedTuple):
    """A request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class Answer(NamedTuple):
    """What is returned in place of the API's own response."""

    status: int
    body: bytes = b"{}"
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, status: int, message: str) -> Self:
        return cls(status, json.dumps({"message": message}).encode())


@dataclass
class CommentsApi:
    """The API, with the comments of one pull request (GitHub) and one merge request (GitLab)."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    viewer: str = BOT["login"]  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self._ids = itertools.count(1000)
        self._lock = threading.Lock()
        self._rules: list[tuple[str, str, Callable[[], Answer | None]]] = []

    def __enter__(self) -> Self:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_request(self) -> None:
                api._respond(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request  # noqa: N815 - names of the base

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base
                """Print nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def add(self, body: str, author: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Add a comment of any author."""
        comment = {"id": next(self._ids), "body": body, "user": author, "author": author, **more}
        self.comments.append(comment)
        return comment

    def answer(self, method: str, path: str, answer: Answer, *, times: int = 10**6) -> None:
        """Return this in place of the API's own responses, a number of times."""
        left = itertools.count(1)
        self._rules.append((method, path, lambda: answer if next(left) <= times else None))

    def hold(self, method: str, path: str, parties: int = 2) -> None:
        """Hold the first requests of this kind until so many have arrived."""
        barrier, numbers = threading.Barrier(parties), itertools.count(1)

        def wait() -> None:
            # Broken if a process stops waiting for its response.
            with suppress(threading.BrokenBarrierError):
                if next(numbers) <= parties:
                    barrier.wait(60)

        self._rules.append((method, path, wait))

    def on(self, method: str, path: str, act: Callable[[], None]) -> None:
        """Act once, before a request of this kind is answered."""
        first = itertools.count()

        def once() -> None:
            if not next(first):
                act()

        self._rules.append((method, path, once))

    def methods(self) -> list[str]:
        return [one.method for one in self.seen]

    def _respond(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length") or 0)
        raw = request.rfile.read(length)
        parts = urlsplit(request.path)
        body = json.loads(raw) if raw else None
        seen = Seen(request.command, parts.path, dict(parse_qsl(parts.query)), dict(request.headers), body)
        with self._lock:
            self.seen.append(seen)
        answer = None
        for method, path, act in self._rules:
            if method == seen.method and re.fullmatch(path, seen.path):
                answer = answer or act()
        with self._lock:
            answer = answer or self._own(seen)
        request.send_response(answer.status)
        request.send_header("Content-Type", answer.content_type)
        request.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers:
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(answer.body)

    def _own(self, seen: Seen) -> Answer:
        if seen.path == "/graphql":
            return _json(200, {"data": {"viewer": {"login": self.viewer}}})
        if seen.path == "/user":
            # A token of an installation has no user (GitHub, "Get the authenticated user").
            return _json(200, PROJECT_BOT)
        for host, many, one in (
            ("github", GITHUB_ISSUE, GITHUB_ONE),
            ("gitlab", GITLAB_NOTES, GITLAB_ONE),
        ):
            if re.fullmatch(many, seen.path):
                return self._many(host, seen)
            if found := re.fullmatch(one, seen.path):
                return self._one(host, seen, int(found[1]))
        return Answer.of(404, "Not Found")

    def _many(self, host: str, seen: Seen) -> Answer:
        if seen.method == "POST":
            if len(seen.body["body"]) > MAX_BODY[host]:
                return Answer.of(422, "Validation Failed: body is too long")
            author: dict[str, Any] = BOT | {"login": self.viewer} if host == "github" else PROJECT_BOT
            return _json(201, self.add(seen.body["body"], author))
        page, size = int(seen.query.get("page", 1)), int(seen.query.get("per_page", 30))
        return _json(200, self.comments[(page - 1) * size : page * size])

    def _one(self, host: str, seen: Seen, number: int) -> Answer:
        found = next((one for one in self.comments if one["id"] == number), None)
        if found is None:
            return Answer.of(404, "Not Found")
        if seen.method == "DELETE":
            self.comments.remove(found)
            return Answer(204, b"")
        if seen.method in {"PATCH", "PUT"}:
            if len(seen.body["body"]) > MAX_BODY[host]:
                return Answer.of(422, "Validation Failed: body is too long")
            found["body"] = seen.body["body"]
        return _json(200, found)


def _json(status: int, document: Any) -> Answer:
    return Answer(status, json.dumps(document).encode())
