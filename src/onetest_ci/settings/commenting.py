"""The comment on the pull or merge request."""

from dataclasses import dataclass

from onetest_ci.redaction import Secret
from onetest_ci.settings import values
from onetest_ci.settings.config_policy import NOT_A_SECRET, NOT_THE_RUN
from onetest_ci.settings.option import CALLING, LAUNCH, REPORT, SENDING, Group, setting


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # only made as part of Settings
class CommentSettings:
    """Settings of the comment. All commands redact the tokens, and only `report` and `run` use them."""

    comment: bool = setting(
        "Comment the results on the pull or merge request; see docs/how-to/comments.md.",
        values.boolean,
        REPORT,
        default=False,
        flag=True,
        config_policy=NOT_THE_RUN,
        group=Group.WRITE,
    )
    github_token: Secret | None = setting(
        "Token for comments on GitHub, with the permission `pull-requests: write`.",
        values.secret_text,
        (*SENDING, *LAUNCH, *CALLING),
        secret=True,
        config_policy=NOT_A_SECRET,
        group=Group.WRITE,
    )
    gitlab_token: Secret | None = setting(
        "Token for comments on GitLab: a project access token with the scope `api`.",
        values.secret_text,
        (*SENDING, *LAUNCH, *CALLING),
        secret=True,
        config_policy=NOT_A_SECRET,
        group=Group.WRITE,
    )
