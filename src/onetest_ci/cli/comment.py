"""Comment on the pull or merge request, after everything else is done."""

import os
from functools import partial

from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.output import echo_command
from onetest_ci.comments.client import Client
from onetest_ci.comments.job_section import details_of, section_of
from onetest_ci.comments.publish import Outdated, publish
from onetest_ci.comments.target import NoTarget, Target, Tokens, target_of
from onetest_ci.errors import Interrupted, OnetestError
from onetest_ci.outcome import Outcome
from onetest_ci.outputs import github, markdown
from onetest_ci.outputs.source_pages import source_page


def comment(outcome: Outcome, invocation: Invocation) -> None:
    """Write the section of this job into the comment. A failure is a warning.

    Args:
        outcome: without secrets.
        invocation: of `report` or `run`.
    """
    settings, context = invocation.settings, invocation.context
    if settings.dry_run:
        _skip(NoTarget("this is a dry run"), invocation)
        return
    if isinstance(outcome.delivery.error, Interrupted):
        _skip(NoTarget("the run was stopped"), invocation)
        return
    target = target_of(context, os.environ, Tokens(settings.github_token, settings.gitlab_token))
    if isinstance(target, NoTarget):
        _skip(target, invocation)
        return
    try:
        _publish(target, outcome, invocation)
    except Outdated:
        _skip(NoTarget("it has results of a later run of this job"), invocation)
    except OnetestError as problem:
        more = f"More: onetest-ci help {problem.code}"
        _warn(" ".join(filter(None, (problem.message, problem.hint, more))), invocation)


def _publish(target: Target, outcome: Outcome, invocation: Invocation) -> None:
    settings, redact = invocation.settings, invocation.redact
    page_of = partial(source_page, invocation.context)
    section = section_of(outcome, invocation.context, os.environ, redact)

    def render(budget: int) -> str:
        return details_of(lambda room: markdown.summary(outcome, budget=room, page_of=page_of), budget)

    with Client(target.access, redact, settings.ca_bundle, invocation.output.debug) as client:
        publish(target.comments(client), section, render, wait=client.pause)


def _skip(why: NoTarget, invocation: Invocation) -> None:
    if why.is_warning:
        _warn(why.reason, invocation)
    else:
        invocation.output.notice(f"No comment: {why.reason}.")


def _warn(reason: str, invocation: Invocation) -> None:
    text = invocation.redact.text(f"No comment on the pull or merge request: {reason}")
    invocation.output.notice(f"warning: {text}")
    if invocation.context.host == "github":
        echo_command(github.annotation("warning", "onetest-ci: comment", text))
