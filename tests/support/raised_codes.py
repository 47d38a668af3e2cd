"""The codes of all errors and findings that the package can print, found in its source.

A code is the argument ``code`` of an error's class, or of any class, method or function of the package that
has a parameter ``code: str``. It must be a literal, a constant, or one of them by a condition. A code that
another error, record or parameter holds was found where that was made. ``unresolved`` holds everything else.
"""

import ast
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import onetest_ci
from onetest_ci import errors

PACKAGE: Final = Path(onetest_ci.__file__).parent
_CATALOGUE: Final = "onetest_ci.error_codes"
_OWN_CODES: Final = "emulator"
"""This part has errors of its own, which are OneTest's: only errors of ``onetest_ci.errors`` count in it."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Raised(NamedTuple):
    """A place that makes an error or a finding with a code."""

    code: str
    maker: str
    where: str


class _Module(NamedTuple):
    """A parsed module, with the strings that it names, and where each of its names was imported from."""

    name: str
    tree: ast.Module
    constants: dict[str, str]
    origins: dict[str, str]


def _modules() -> dict[str, _Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(("onetest_ci", *path.relative_to(PACKAGE).with_suffix("").parts))
        name = name.removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        origins = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        found[name] = _Module(name, tree, dict(_constants(tree)), origins)
    return found


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield target.id, value.value


def error_classes() -> dict[str, type[errors.OnetestError]]:
    """Return the classes of errors by name."""
    # Makes its subclass.
    importlib.import_module("onetest_ci.comments.client")
    found = {}
    waiting = [errors.OnetestError]
    while waiting:
        one = waiting.pop()
        found[one.__name__] = one
        waiting += one.__subclasses__()
    return found


def _positions(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    """Yield the name of each class and function that has a code, and the code's position."""
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            fields = [one.target for one in node.body if isinstance(one, ast.AnnAssign) and _is_text(one)]
            names = [one.id for one in fields if isinstance(one, ast.Name)]
            if "code" in names:
                yield node.name, names.index("code")
        elif isinstance(node, _Function) and node.name != "__init__":
            arguments = [*node.args.posonlyargs, *node.args.args]
            own = [one.arg for one in arguments if one.arg not in {"self", "cls"}]
            if any(one.arg == "code" and _is_text(one) for one in (*arguments, *node.args.kwonlyargs)):
                yield node.name, own.index("code") if "code" in own else -1


def _is_text(node: ast.arg | ast.AnnAssign) -> bool:
    """Return whether a code is text: exit codes are numbers. Other fields only count for the position."""
    name = node.arg if isinstance(node, ast.arg) else getattr(node.target, "id", "")
    return name != "code" or (isinstance(node.annotation, ast.Name) and node.annotation.id == "str")


class Codes:
    """All codes in the source.

    Attributes:
        raised: each place with its code.
        unresolved: places whose code is not a literal or a constant.
    """

    def __init__(self) -> None:
        self._all = _modules()
        self._errors = error_classes()
        self._makers: dict[str, dict[str, int]] = {
            name: dict(_positions(module.tree.body))
            for name, module in self._all.items()
            if f".{_OWN_CODES}" not in name
        }
        self._methods = {
            (name if key.startswith("_") else "", key): position
            for name in self._makers
            for node in self._all[name].tree.body
            if isinstance(node, ast.ClassDef)
            for key, position in _positions(node.body)
        }
        self.raised: list[Raised] = []
        self.unresolved: list[str] = []
        for module in self._all.values():
            if module.name != _CATALOGUE:
                self._search(module, module.tree, frozenset())

    def _search(self, module: _Module, node: ast.AST, parameters: frozenset[str]) -> None:
        if isinstance(node, _Function):
            every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            parameters = frozenset(one.arg for one in every if one.arg == "code")
            self._default(module, node)
        if isinstance(node, ast.Call):
            self._call(module, node, parameters)
        for child in ast.iter_child_nodes(node):
            self._search(module, child, parameters)

    def _default(self, module: _Module, function: _Function) -> None:
        defaults = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        for one, value in defaults:
            if one.arg == "code" and isinstance(value, ast.Constant) and isinstance(value.value, str):
                self.raised.append(Raised(value.value, function.name, f"{module.name}:{function.lineno}"))

    def _call(self, module: _Module, call: ast.Call, parameters: frozenset[str]) -> None:
        found = self._maker(module, call)
        if found is None:
            return
        maker, position = found
        named = [word.value for word in call.keywords if word.arg == "code"]
        given = named or (call.args[position : position + 1] if position >= 0 else [])
        where = f"{module.name}:{call.lineno}"
        for value in given:
            for code in self._values(module, value, parameters):
                if code is None:
                    self.unresolved.append(f"{where}: {ast.unparse(value)}")
                elif code:
                    self.raised.append(Raised(code, maker, where))

    def _maker(self, module: _Module, call: ast.Call) -> tuple[str, int] | None:
        """Return the name of what is called and the position of its code; None if it has none."""
        function = call.func
        if isinstance(function, ast.Attribute):
            name = function.attr
            if name == "__init__":
                is_text = bool(call.args) and isinstance(call.args[0], ast.Constant)
                return (name, 0) if is_text and module.name == errors.__name__ else None
            key = (module.name if name.startswith("_") else "", name)
            return (name, self._methods[key]) if key in self._methods else None
        if not isinstance(function, ast.Name):
            return None
        if function.id in self._errors and function.id != errors.Interrupted.__name__:
            return function.id, 0
        origin, _, name = module.origins.get(function.id, f"{module.name}.{function.id}").rpartition(".")
        position = self._makers.get(origin, {}).get(name)
        return None if position is None else (name, position)

    def _values(self, module: _Module, value: ast.expr, parameters: frozenset[str]) -> list[str | None]:
        """Return the codes of an expression: None for one that is not found, "" for one that is passed on."""
        match value:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.IfExp():
                return [
                    code
                    for one in (value.body, value.orelse)
                    for code in self._values(module, one, parameters)
                ]
            case ast.Name(id=name):
                return ["" if name in parameters else self._constant(module, name)]
            case ast.Attribute(attr="code"):
                return [""]
        return [None]

    def _constant(self, module: _Module, name: str) -> str | None:
        """Return the text of a constant of the module, or of one that it imports."""
        if name in module.constants:
            return module.constants[name]
        origin, _, imported = module.origins.get(name, ".").rpartition(".")
        return self._all[origin].constants.get(imported) if origin in self._all else None
