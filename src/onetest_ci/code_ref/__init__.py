"""Make the reference by which OneTest links a test to its test cases.

See docs/onetest-api.md#linking-to-test-cases. OneTest compares ``code_ref`` with the lines of a case's
``automation_test_id``, such as ``test_login.py:TestLogin.test_valid``. The comparison is exact, so nothing is
lower-cased and no path is shortened.

``reference.py`` has the steps that hold for all producers. ``quirks.py`` is a table of what one producer or a
few spell in a way of their own. ``tests/data/code_refs.tsv`` shows what each tool writes, and its references.
"""

from typing import Final, Literal, get_args

Style = Literal["file", "dotted", "raw"]
"""How a reference is spelled.

``file``: ``path/to/file.py:Class.method``, or dotted if the file is unknown. ``dotted``: class and method
without parameters. ``raw``: classname and name as the report spells them, joined by a dot.
"""

STYLES: Final[tuple[Style, ...]] = get_args(Style)
