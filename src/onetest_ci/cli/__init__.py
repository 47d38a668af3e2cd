"""The command line: ``onetest-ci COMMAND``.

One module per command, imported when that command runs, so that ``--help`` and ``inspect`` stay quick.
"""

from onetest_ci.cli.app import main

__all__ = ["main"]
