"""References to variables that hosts leave in a value if they have no such variable; regular expressions.

Azure Pipelines: "Define variables" (macro syntax, runtime expressions). Jenkins: hudson/Util.java.
GitLab: ci/variables/collection/item.rb, which also replaces ``%NAME%``. TeamCity: "Using Build Parameters".
Codefresh: "Variables in pipelines". Tekton passes ``env`` to Kubernetes: "Define Dependent Environment
Variables". CircleCI, CodeBuild, Travis CI and AppVeyor replace nothing in the values of variables, or in
other places only. GitHub replaces every expression, if need be by nothing.
"""

from typing import Final

SHELL: Final = r"\$(?:[A-Za-z_]\w*|\{[A-Za-z_][\w.]*\})"
PERCENT: Final = r"%[A-Za-z_][\w.-]*%"
PARENTHESES: Final = r"\$\([A-Za-z_][\w. -]*\)"
BRACKETS: Final = r"\$\[[^\[\]\n]*\]"
DOUBLE_BRACES: Final = r"\$\{\{[^{}\n]*\}\}"
