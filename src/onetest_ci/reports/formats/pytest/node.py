"""The file, the class and the name of a test in pytest's id of it.

Facts: ``Node.nodeid`` and ``mangle_test_address`` of pytest 9.2: an id is the path below pytest's root
directory, with slashes on every machine, and behind ``::`` the classes and the function. Parameters begin at
the first bracket behind the path, and may contain ``::``.
"""

from pathlib import PurePosixPath
from typing import NamedTuple, Self


class Node(NamedTuple):
    """A test or a container of tests.

    Attributes:
        file: the path from pytest's root directory, or the folder. Empty for the whole run.
        classname: module and classes, joined by dots, as pytest's JUnit XML has them. Empty for a file.
        name: the function with its parameters; of a file, the last part of its path.
        method: the function, if it has parameters; else empty.
    """

    file: str
    classname: str
    name: str
    method: str = ""

    @classmethod
    def of(cls, nodeid: str) -> Self:
        """Return the parts of an id."""
        file, _, inside = nodeid.partition("::")
        if not inside:
            return cls(file, "", PurePosixPath(file).name or file)
        path, bracket, parameters = inside.partition("[")
        *classes, function = path.split("::")
        module = file.replace("/", ".").removesuffix(".py")
        name = function + bracket + parameters
        return cls(file, ".".join([module, *classes]), name, function if bracket else "")
