"""The languages of test files, by the suffixes of their names."""

from typing import Final

GO: Final = ".go"
PYTHON: Final = frozenset({".py", ".pyi"})
CPP: Final = frozenset({".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp"})
JAVASCRIPT: Final = frozenset({".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"})

CLASS_FILES: Final = frozenset({".java", ".kt", ".groovy", ".scala", ".php", ".cs"})
"""A file in one of these languages has the name of the class in it."""

_OTHER_SCRIPTS: Final = frozenset({".bats", ".lua", ".rb", ".robot", ".feature", ".exs"})

TITLED: Final = JAVASCRIPT | _OTHER_SCRIPTS
"""Tests in these languages have titles for names."""

FILE_AS_CLASS: Final = PYTHON | CPP | TITLED
"""A classname with one of these suffixes is a file, with a line or without."""
