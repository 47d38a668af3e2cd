"""Write a job's section into the comment, read it back, and repair it.

Neither host can replace a comment only if it is unchanged. Jobs that write at the same moment may therefore
overwrite each other's section, or make two comments. So each job reads the comment again after a pause, and
writes again what is missing. The pause is longer than the time between another job's reading and writing.
Comments that were made at once are merged into the oldest one.
"""

import random
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from onetest_ci.comments.client import CommentError
from onetest_ci.comments.hosts import Comment, Comments
from onetest_ci.comments.sections import LIMIT, Section, compose, is_ours, merged, sections_of, slot_for

ROUNDS: Final = 6
"""Maximum rounds. Each reads the comment; all but the last may write it."""

_FRAME: Final = 1024
"""Bytes of the comment that are not part of a section, with room for a few short sections."""
_SHORTEST_DETAILS: Final = 2048

Render = Callable[[int], str]


def pause_seconds() -> float:
    """Return a pause between two rounds. It is random, so that jobs do not stay in step."""
    return 1.5 + random.random()  # noqa: S311 - not a secret


class Outdated(Exception):
    """The comment has results of a later run of the job."""


def publish(
    comments: Comments, own: Section, render: Render, *, wait: Callable[[float], bool], rounds: int = ROUNDS
) -> None:
    """Write the section until it is in the one comment of its author.

    Args:
        comments: of the pull or merge request.
        own: the section without details.
        render: returns the details in at most a number of bytes.
        wait: waits a number of seconds; returns False if there is no time for it.
        rounds: maximum number of rounds.

    Raises:
        CommentError: the section is not in the comment, or that could not be checked.
        Outdated: the comment has results of a later run of the job.
    """
    problem: CommentError | None = None
    for number in range(rounds):
        if number and not wait(pause_seconds()):
            break
        try:
            is_last = number == rounds - 1
            if _round(comments, own, render, may_write=not is_last):
                return
            problem = problem if is_last else None
        except CommentError as error:
            if not error.passing:
                raise
            problem = error
    raise problem or CommentError(
        "comment-contended",
        "Other jobs changed the comment at the same time, so it may lack the section of this job.",
        "Run the job again to have its section.",
    )


def _round(comments: Comments, own: Section, render: Render, *, may_write: bool) -> bool:
    """Return whether the one comment has the section; write it if not."""
    found = _own_comments(comments)
    sections = merged(sections_of(comment.body) for comment in found)
    slot = slot_for(own, sections)
    if slot is None:
        raise Outdated
    if len(found) == 1 and any(one.nonce == own.nonce for one in sections):
        return True
    if may_write:
        _write(comments, found, own._replace(slot=slot), render)
    return False


def _own_comments(comments: Comments) -> list[Comment]:
    """Return the comments that this tool wrote as the token's owner, the oldest first."""
    author = comments.author()
    found = (one for one in comments.all() if is_ours(one.body) and author and one.author == author)
    return sorted(found, key=lambda one: one.id)


def _write(comments: Comments, found: list[Comment], own: Section, render: Render) -> None:
    if not found:
        comments.create(_body([], own, render))
        return
    oldest, *others = found
    try:
        # Other jobs may have written while further pages were read.
        current = comments.read(oldest.id)
        bodies = (current, *others)
        comments.update(oldest.id, _body(merged(sections_of(one.body) for one in bodies), own, render))
    except CommentError as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
        # It was deleted meanwhile. The next round makes a new one.
        raise error.as_passing() from None
    for other in others:
        _delete(comments, other)


def _delete(comments: Comments, comment: Comment) -> None:
    try:
        comments.delete(comment.id)
    except CommentError as error:
        # Another job has deleted it.
        if error.status != HTTPStatus.NOT_FOUND:
            raise


def _body(others: list[Section], own: Section, render: Render) -> str:
    slot = slot_for(own, others)
    if slot is None:
        raise Outdated
    own = own._replace(slot=slot)
    rest = [one for one in others if one.place != own.place]
    taken = sum(one.size for one in rest) + own.size + _FRAME
    budget = max(LIMIT - taken, LIMIT // (len(rest) + 1) - own.size - _FRAME, _SHORTEST_DETAILS)
    placed = own._replace(details=render(budget))
    replaced = [placed if one.place == own.place else one for one in others]
    try:
        return compose(replaced if placed in replaced else [*rest, placed])
    except ValueError:
        raise CommentError(
            "comment-full",
            f"The comment has the sections of {len(others):,} jobs, and no space for another one.",
            "Delete the comment, or comment from fewer jobs.",
        ) from None
