"""The file, the class and the name of a test in pytest's id of it.

Facts: ``Node.nodeid`` and ``mangle_test_address`` of pytest 9.2: an id is the path below pytest's root
directory, with slashes on every machine, and behind ``::`` the classes and the function. Parameters begin at
the first bracket behind the path, and may contain ``::``.
"""

from functools import lru_cache
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
        classes, separator, function = path.rpartition("::")
        classname = _module_of(file)
        if separator:
            classname = f"{classname}.{classes.replace('::', '.')}"
        if not bracket:
            return cls(file, classname, function)
        return cls(file, classname, function + bracket + parameters, function)


@lru_cache(maxsize=64)
def _module_of(file: str) -> str:
    return file.replace("/", ".").removesuffix(".py")
