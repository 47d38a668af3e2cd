"""Answers to the open questions about OneTest's API, as a block to paste into an issue.

It contains paths with placeholders, statuses and names of members, and neither keys nor ids. See
docs/onetest-api.md#open-questions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from onetest_ci import __version__
from onetest_ci.doctor.asking import Asked, Verdict
from onetest_ci.doctor.import_probe import IMPORT, refused_as_incomplete
from onetest_ci.doctor.limits import limit_values
from onetest_ci.onetest.client.keys import family_of
from onetest_ci.onetest.client.responses import error_text
from onetest_ci.redaction import Redactor
from onetest_ci.settings.connection import DEFAULT_BASE_URL, ConnectionSettings
from onetest_ci.text.escape import escape_markdown, one_line

_SPENT: Final = frozenset({402, 429})
_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}|\d{5,}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}")
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_NAMES_SHOWN: Final = 20
_NEEDS_A_RUN: Final = "`doctor` changes nothing, so it cannot see that."


@dataclass(frozen=True, slots=True)
class _Clean:
    """Removes secrets and ids from texts of responses, then escapes them for Markdown."""

    redact: Redactor

    def __call__(self, text: str) -> str:
        """Return a text that can be published."""
        return escape_markdown(self._published(text))

    def code(self, text: str) -> str:
        """Return a text of ours, or of letters and punctuation that end no code, as code."""
        return f"`{one_line(self._published(text))}`" if text else ""

    def _published(self, text: str) -> str:
        return _ID.sub("…", self.redact.text(text))


def for_issue(asked: Sequence[Asked], settings: ConnectionSettings, redact: Redactor) -> str:
    """Return the block in Markdown; empty if no request was made."""
    return "\n".join(_lines(asked, settings, _Clean(redact))) + "\n" if asked else ""


def _lines(asked: Sequence[Asked], settings: ConnectionSettings, clean: _Clean) -> Iterator[str]:
    where = "OneTest's own address" if settings.base_url == DEFAULT_BASE_URL else "another address"
    yield f"**What onetest-ci {__version__} found at {where}**"
    yield ""
    yield "| Request | Key | Status | Result | Response |"
    yield "| :--- | :--- | ---: | :--- | :--- |"
    for one in asked:
        status = str(one.probed.status or "")
        cells = (
            clean.code(one.label),
            _key(one, settings),
            status,
            one.verdict.value,
            clean.code(_shape(one)),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from (f"{number}. {text}" for number, text in enumerate(_answers(asked, clean), start=1))


def _answers(asked: Sequence[Asked], clean: _Clean) -> Iterator[str]:
    """Yield one answer for each open question, in the order of docs/onetest-api.md."""
    yield f"Path of the import: {_import(asked, clean)}"
    names = ", ".join(name for name, _ in limit_values(asked))
    named = f"Responses contain {clean(names)}. " if names else ""
    yield f"Metering of the requests of a launch: {named}{_NEEDS_A_RUN}"
    yield f"Body and headers of a 429: {_refusal(asked, clean)}"
    yield f"Paths of Membership and Artifacts: {_paths(asked, clean)}"
    yield "Kinds of keys at the services: see the table."
    yield f"A UUID that exists, `retry`, logs of a launch: {_NEEDS_A_RUN}"
    yield f"TEST and STEP: {_NEEDS_A_RUN}"


def _import(asked: Sequence[Asked], clean: _Clean) -> str:
    sent = [one for one in asked if one.endpoint.name == IMPORT]
    if not sent:
        return "not requested (`--probe-import` was not set)."
    for one in sent:
        if one.probed.response is not None and refused_as_incomplete(one):
            text = error_text(one.probed.response)
            return f"{clean.code(one.label)} refuses an import without a file: {clean(text)}"
        if one.probed.error is None:
            return f"{clean.code(one.label)} accepts an import without a file."
    return "none was found."


def _refusal(asked: Sequence[Asked], clean: _Clean) -> str:
    for one in asked:
        response = one.probed.response
        if response is not None and response.status in _SPENT:
            headers = ", ".join(name for name, _ in one.probed.headers)
            return f"status {response.status}, {clean.code(_shape(one))}, headers {clean(headers)}"
    return "none was received."


def _paths(asked: Sequence[Asked], clean: _Clean) -> str:
    there = [
        clean.code(one.template)
        for one in asked
        if one.endpoint.service in {"membership", "artifacts"}
        and one.verdict in {Verdict.ACCEPTED, Verdict.EXISTS}
    ]
    return f"these exist: {', '.join(there)}." if there else "none was found."


def _key(asked: Asked, settings: ConnectionSettings) -> str:
    own = settings.receiver_api_key if asked.endpoint.service == "receiver" else None
    key = own or settings.api_key
    return family_of(key).value if key else ""


def _shape(asked: Asked) -> str:
    """Return the media type of a response and the names of its members, without values."""
    response = asked.probed.response
    if response is None:
        return ""
    try:
        body = response.parsed()
    except ValueError:
        body = None
    media = response.content_type if _MEDIA_TYPE.fullmatch(response.content_type) else "no media type"
    return f"{media} {_members(body)}".strip()


def _members(body: Any) -> str:
    if isinstance(body, list):
        return f"[{_members(body[0])}]" if body else "[]"
    if not isinstance(body, dict):
        return ""
    names = [name if _NAME.fullmatch(name) else "…" for name in list(body)[:_NAMES_SHOWN]]
    shown = [
        f"{name}: {_members(value)}" if isinstance(value, list) else name
        for name, value in zip(names, body.values(), strict=False)
    ]
    return "{" + ", ".join(shown) + "}"
