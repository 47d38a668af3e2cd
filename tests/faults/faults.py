"""What can go wrong with a call, as a table; each row is crossed with each kind of call."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum, auto
from typing import NamedTuple, Protocol

from support.proxy import HTML, Answer, Exchange, HangUp

_SLOW_BODY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
_PACE = 0.02
"""Seconds between the bytes of what comes slowly: it never pauses long enough for a read time-out."""


class Stage(Protocol):
    """What a fault may do besides what it does to its own call."""

    def refuse_connections(self) -> None:
        """Be no server any more."""

    def lose_the_name(self) -> None:
        """Let the host's name not be resolved."""

    def present(self, certificate: str) -> None:
        """Present another certificate from now on, or none."""

    def jump(self, seconds: int) -> None:
        """Set the command's wall clock."""

    def fill_the_disk(self) -> None:
        """Leave no room for another byte in any file."""

    @property
    def elsewhere(self) -> str:
        """The URL of another server."""


Play = Callable[[Exchange, Stage], None]


class Front(Enum):
    """How the command reaches OneTest."""

    PLAIN = auto()
    BY_NAME = auto()
    TLS = auto()


class Fault(NamedTuple):
    """One thing that can go wrong.

    Attributes:
        name: for people.
        play: what happens to a call that it hits.
        acts: OneTest may have acted on the call although its answer did not arrive.
        everywhere: while it lasts it hits all services alike.
        slow: ends with the command's deadline.
        front: how the command must reach OneTest for it.
        read_only: the command is ``report``, in a workspace that cannot be written to.
    """

    name: str
    play: Play
    acts: bool = False
    everywhere: bool = False
    slow: bool = False
    front: Front = Front.PLAIN
    read_only: bool = False


def _answers(answer: Answer) -> Play:
    return lambda exchange, _: answer(exchange)


def _status(status: int, detail: str = "", **headers: str) -> Play:
    body = f'{{"detail": "{detail or "from the proxy"}"}}'.encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _answers(Answer(status, body, headers=named))


def _garbled(body: bytes) -> Play:
    """OneTest acts, and the response is not the one that it sent."""
    return _answers(Answer(200, body, acts=True))


def _page(status: int) -> Play:
    return _answers(Answer(status, HTML, "text/html; charset=utf-8"))


def _redirect(status: int, target: Callable[[Exchange, Stage], str]) -> Play:
    def play(exchange: Exchange, stage: Stage) -> None:
        Answer(status, b"", headers={"Location": target(exchange, stage)})(exchange)

    return play


def _reset_within(exchange: Exchange, _: Stage) -> None:
    exchange.request.some(int(exchange.request.headers.get("Content-Length", "0")) // 2)
    exchange.reset()


def _reset_after(exchange: Exchange, _: Stage) -> None:
    assert exchange.request.body is not None
    exchange.reset()


def _lose_answer(exchange: Exchange, _: Stage) -> None:
    exchange.forward()
    exchange.reset()


def _no_answer(exchange: Exchange, _: Stage) -> None:
    exchange.forward()
    while not exchange.gone(60):
        pass
    exchange.end()


def _dribble(head: bool) -> Play:
    """The answer's head, or its body, byte by byte and without end."""

    def play(exchange: Exchange, _: Stage) -> None:
        answer = exchange.forward()
        end = answer.index(b"\r\n\r\n")
        exchange.send(answer[:end] + b"\r\nX-Slow: " if head else _SLOW_BODY)
        while not exchange.gone(_PACE):
            exchange.send(b".")
        exchange.end()

    return play


def _half(head: bool) -> Play:
    def play(exchange: Exchange, _: Stage) -> None:
        answer = exchange.forward()
        end = answer.index(b"\r\n\r\n")
        exchange.send(answer[: end // 2] if head else answer[: (end + 4 + len(answer)) // 2])
        exchange.end()

    return play


def _no_http(exchange: Exchange, _: Stage) -> None:
    exchange.send(b"SSH-2.0-OpenSSH\r\n\r\n")
    exchange.end()


def _refuse(exchange: Exchange, stage: Stage) -> None:
    stage.refuse_connections()
    exchange.reset()


def _lose_name(exchange: Exchange, stage: Stage) -> None:
    stage.lose_the_name()
    exchange.reset()


def _certificate(name: str) -> Play:
    def play(exchange: Exchange, stage: Stage) -> None:
        stage.present(name)
        exchange.reset()

    return play


def _clock(seconds: int) -> Play:
    """The clock jumps while a call that will have to be repeated is under way."""

    def play(exchange: Exchange, stage: Stage) -> None:
        stage.jump(seconds)
        Answer(503, headers={"Retry-After": "0"})(exchange)

    return play


def _full_disk(exchange: Exchange, stage: Stage) -> None:
    stage.fill_the_disk()
    exchange.pass_on()


def _in_a_second(exchange: Exchange, _: Stage) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    Answer(429, headers={"Retry-After": when})(exchange)


def _same_path(exchange: Exchange, _: Stage) -> str:
    return exchange.request.path


def _elsewhere(exchange: Exchange, stage: Stage) -> str:
    return stage.elsewhere + exchange.request.path


_YEAR = 365 * 24 * 3600

FAULTS = (
    Fault("refused", _refuse, everywhere=True),
    Fault("name-lost", _lose_name, everywhere=True, front=Front.BY_NAME),
    Fault("tls-stranger", _certificate("stranger"), everywhere=True, front=Front.TLS),
    Fault("tls-gone", _certificate(""), everywhere=True, front=Front.TLS),
    Fault("tls-wants-one-too", _certificate("mutual"), everywhere=True, front=Front.TLS),
    Fault("reset-before", lambda exchange, _: exchange.reset(), everywhere=True),
    Fault("reset-within", _reset_within, everywhere=True),
    Fault("reset-after", _reset_after, everywhere=True),
    Fault("hang-up", lambda exchange, _: HangUp()(exchange), everywhere=True),
    Fault("answer-lost", _lose_answer, acts=True),
    Fault("answer-hung-up", lambda exchange, _: HangUp(after_acting=True)(exchange), acts=True),
    Fault("no-answer", _no_answer, acts=True, slow=True),
    Fault("slow-head", _dribble(head=True), acts=True, slow=True),
    Fault("slow-body", _dribble(head=False), acts=True, slow=True),
    Fault("half-head", _half(head=True), acts=True),
    Fault("half-body", _half(head=False), acts=True),
    Fault("500", _status(500)),
    Fault("502", _status(502)),
    Fault("503", _status(503)),
    Fault("503-retry-after", _status(503, Retry_After="1")),
    Fault("504", _status(504)),
    Fault("504-after-acting", _answers(Answer(504, acts=True)), acts=True),
    Fault("500-after-acting", _answers(Answer(500, acts=True)), acts=True),
    Fault("502-page", _page(502)),
    Fault("429", _status(429)),
    Fault("429-retry-after", _status(429, Retry_After="1")),
    Fault("429-retry-date", _in_a_second),
    Fault("429-retry-never", _status(429, Retry_After="99999999")),
    Fault("429-retry-nonsense", _status(429, Retry_After="soon")),
    Fault("429-no-coins", _status(429, "the weekly coin budget is exhausted")),
    Fault("402", _status(402)),
    Fault("401", _status(401, "the key was revoked"), everywhere=True),
    Fault("403", _status(403)),
    Fault("404-no-route", _status(404, "Not Found")),
    Fault("413", _status(413)),
    Fault("413-page", _page(413)),
    Fault("page", _page(200)),
    Fault("json-broken", _garbled(b'{"id": "'), acts=True),
    Fault("json-other", _garbled(b'[["\\ud800", {}], 1e999]'), acts=True),
    Fault("json-empty", _garbled(b""), acts=True),
    Fault("binary", _garbled(b"\x00\xff\xfe" * 100), acts=True),
    Fault("no-http", _no_http),
    Fault("redirect-loop", _redirect(307, _same_path)),
    Fault("redirect-as-get", _redirect(302, _same_path)),
    Fault("redirect-elsewhere", _redirect(307, _elsewhere)),
    Fault("redirect-elsewhere-as-get", _redirect(303, _elsewhere)),
    Fault("redirect-nowhere", _redirect(308, lambda _exchange, _stage: "http://[")),
    Fault("clock-forward", _clock(_YEAR), front=Front.BY_NAME),
    Fault("clock-back", _clock(-_YEAR), front=Front.BY_NAME),
    Fault("disk-full", _full_disk, acts=True, everywhere=True),
    Fault("read-only-workspace", _reset_after, everywhere=True, read_only=True),
)
