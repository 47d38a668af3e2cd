"""Names, files and code_refs of tests as they are in the checkout, whichever machine ran the tests."""

from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, Self

from onetest_ci.bundle.file_store import Translate
from onetest_ci.ci.context import CIContext
from onetest_ci.code_ref import Style
from onetest_ci.code_ref.paths import named_in_checkout
from onetest_ci.code_ref.speller import Speller
from onetest_ci.collect.source_files import PythonFiles
from onetest_ci.redaction import Redactor
from onetest_ci.settings.collection import CollectSettings

_ROOTS: Final = frozenset("/\\")


def may_be_path(name: str) -> bool:
    """Return whether a name begins as an absolute path does. Few names do."""
    return name[:1] in _ROOTS or name[1:2] == ":"


class CheckoutNames(NamedTuple):
    """Translates what reports contain into names of the checkout.

    Attributes:
        bases: the directories that relative paths start from: the checkout, then the current directory.
        style: how code_refs are spelled.
        redact: removes the run's secrets from code_refs.
        translate: from a path of the machine that ran the tests to one of this machine.
        python_files: those of the checkout.
    """

    bases: tuple[Path, ...]
    style: Style
    redact: Redactor
    translate: Translate
    python_files: PythonFiles

    @classmethod
    def of(cls, settings: CollectSettings, context: CIContext, redact: Redactor, cwd: Path) -> Self:
        """Return the names of this run's checkout."""
        bases = (context.workspace_or(cwd), cwd)
        return cls(
            bases=bases,
            style=settings.code_ref_style,
            redact=redact,
            translate=context.here,
            python_files=PythonFiles(bases[0]),
        )

    def name(self, name: str) -> str:
        """Return the name of a suite, a class or a test; one that is a path becomes relative."""
        return named_in_checkout(name, self.bases, self.translate) if may_be_path(name) else name

    def file(self, file: str) -> str:
        """Return a source file's path on this machine."""
        return self.translate(file) if file else ""

    def speller(self, module_bases: tuple[Path, ...]) -> Speller:
        """Return the speller of the code_refs of one report."""
        return Speller(module_bases, self.style, self.translate, self.redact, self.python_files.import_root)

    def module_bases(self, report: Path) -> tuple[Path, ...]:
        """Return the directories that the modules of a report may start from.

        pytest's modules start from where it ran, which may be a folder of the checkout above the report.
        """
        return _module_bases(self.bases, report.parent)


@lru_cache(maxsize=1024)
def _module_bases(bases: tuple[Path, ...], folder: Path) -> tuple[Path, ...]:
    above = (parent for parent in (folder, *folder.parents) if parent.is_relative_to(bases[0]))
    return tuple(dict.fromkeys((*bases, *above)))
