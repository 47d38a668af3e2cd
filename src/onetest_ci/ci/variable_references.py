"""References to variables that a host leaves as they are when it has no such variable.

Azure Pipelines: "Define variables" (macro syntax, runtime expressions). Jenkins: hudson/Util.java.
GitLab: ci/variables/collection/item.rb, which also knows ``%NAME%``. TeamCity: "Using Build Parameters".
Codefresh: "Variables in pipelines". Tekton hands ``env`` to Kubernetes: "Define Dependent Environment
Variables". CircleCI, CodeBuild, Travis CI and AppVeyor replace nothing in the values of variables, or in
other places only. GitHub replaces every expression, if need be by nothing.
"""

import re
from typing import Final

_SHELL: Final = r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_][\w.]*\})"
_PERCENT: Final = r"%[A-Za-z_][\w.-]*%"
_PARENTHESES: Final = r"\$\([A-Za-z_][\w. -]*\)"

_OF_HOST: Final = {
    "github": None,
    "azure": rf"{_PARENTHESES}|\$\[[^\[\]\n]*\]",
    "appveyor": rf"{_PARENTHESES}|{_PERCENT}|{_SHELL}",
    "codefresh": rf"\$\{{\{{[^{{}}\n]*\}}\}}|{_SHELL}",
    "gitlab": rf"{_SHELL}|{_PERCENT}",
    "teamcity": _PERCENT,
    "tekton": _PARENTHESES,
    **dict.fromkeys(
        (
            *("bitbucket", "bitrise", "buildkite", "circleci", "codebuild"),
            *("drone", "jenkins", "travis", "woodpecker"),
        ),
        _SHELL,
    ),
}
"""Key of a host to the pattern of its references."""


def is_unreplaced(text: str, host: str) -> bool:
    """Return whether a value is nothing but a reference that the host did not replace."""
    pattern = _OF_HOST.get(host)
    return bool(pattern and re.fullmatch(pattern, text.strip()))
