"""The section of this job in the comment."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from onetest_ci.ci.context import CIContext
from onetest_ci.comments.inert import inert
from onetest_ci.comments.sections import Section, size
from onetest_ci.links import web_link
from onetest_ci.outcome import Outcome
from onetest_ci.redaction import Redactor
from onetest_ci.text.escape import escape_markdown
from onetest_ci.text.plural import plural

_LONGEST_NUMBER: Final = 18
_SHORT_COMMIT: Final = 8
_FOLDED: Final = "<details><summary>Details</summary>\n\n{}\n\n</details>"


def section_of(outcome: Outcome, context: CIContext, environ: Mapping[str, str], redact: Redactor) -> Section:
    """Return the section without its details, in the first slot.

    Args:
        outcome: without secrets.
        context: of the run.
        environ: the host's variables. GitLab gives a job that runs again another id, and no attempt.
        redact: removes secrets from the names of workflow and job.
    """
    totals = outcome.manifest.totals
    failed = int(totals["failures"] + totals["errors"])
    attempt = environ.get("CI_JOB_ID", "") if context.host == "gitlab" else context.run_attempt
    return Section(
        key=_key(context),
        slot=1,
        run=_number(context.run_id),
        attempt=_number(attempt),
        nonce=secrets.token_hex(8),
        failed=failed,
        bad=bool(failed or outcome.problems or outcome.exit_code),
        head=inert(" · ".join(_head(outcome, context, redact))),
        details="",
    )


def details_of(summarize: Callable[[int], str], budget: int) -> str:
    """Return the details of a section; empty if they do not fit.

    Args:
        summarize: returns the summary as Markdown, in at most a number of bytes.
        budget: maximum bytes of the details.
    """
    allowed = budget - size(_FOLDED)
    while allowed > 0:
        details = inert(_FOLDED.format(summarize(allowed).strip("\n")))
        excess = size(details) - budget
        if excess <= 0:
            return details
        # What makes references inert needs space as well.
        allowed -= max(excess, allowed // 4)
    return ""


def _key(context: CIContext) -> str:
    parts = [context.workflow, context.job, context.leg]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _head(outcome: Outcome, context: CIContext, redact: Redactor) -> Iterator[str]:
    manifest = outcome.manifest
    totals = manifest.totals
    failed = int(totals["failures"] + totals["errors"])
    bad = failed or outcome.problems or outcome.exit_code
    names = [context.workflow, context.job] if context.workflow or context.job else [manifest.launch_name]
    title = escape_markdown(redact.text(" / ".join(filter(None, names))), 200)
    yield f"{'❌' if bad else '✅'} **{title}**"
    yield f"{plural(int(totals['tests']), 'test')}, {failed:,} failed, {int(totals['skipped']):,} skipped"
    if outcome.problems:
        yield plural(len(outcome.problems), "problem")
    if outcome.delivery.launch_url:
        yield f"[launch](<{outcome.delivery.launch_url}>)"
    run = f"run {escape_markdown(context.build_number or context.run_id, 30)}"
    if _number(context.run_attempt) > 1:
        run += f", attempt {context.run_attempt}"
    url = web_link(redact.text(context.job_url or context.run_url))
    yield f"[{run}](<{url}>)" if url else run
    if context.commit:
        yield f"`{context.commit[:_SHORT_COMMIT]}`"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER else 0
