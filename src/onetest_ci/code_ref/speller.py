"""Make the references of many tests, suite by suite."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from onetest_ci.code_ref import Style
from onetest_ci.code_ref.linking import LONGEST, fitted, problem_of
from onetest_ci.code_ref.python_modules import module_in
from onetest_ci.code_ref.reference import code_ref
from onetest_ci.model import PYTEST, Case, Suite

_ANY_NAME: Final = "onetest_ci_any_name"
_MAX_PLACES: Final = 1024


class Speller:
    """Makes the references of many cases.

    Most names are plain identifiers, and the text before such a name is the same for all tests of a class.

    Args:
        bases: as for ``code_ref``.
        style: as for ``code_ref``.
        translate: as for ``code_ref``.
        redact: removes secrets from references that may be cut. The caller redacts the others.
        start_of: returns the folder where pytest ran, by a module that starts from none of the bases.
    """

    def __init__(
        self,
        bases: tuple[Path, ...] = (),
        style: Style = "file",
        translate: Callable[[str], str] = str,
        redact: Callable[[str], str] = str,
        start_of: Callable[[str], Path | None] | None = None,
    ) -> None:
        self._bases = bases
        self._style = style
        self._translate = translate
        self._redact = redact
        self._start_of = start_of
        self._suites: tuple[Suite, ...] = ()
        self._before: dict[tuple[str, str], tuple[str, str]] = {}

    def enter(self, suites: tuple[Suite, ...]) -> None:
        """Enter the suites around the next cases, from the outermost to their own."""
        self._suites = suites
        self._before.clear()

    def spell(self, case: Case) -> tuple[str, str]:
        """Return the reference of a case, as long as OneTest keeps it, and its problem (``problem_of``)."""
        return self.spell_all([case])[0]

    def spell_all(self, cases: Sequence[Case]) -> list[tuple[str, str]]:
        """Return the reference and the problem of each case; all are of one class and file.

        Args:
            cases: at least one.
        """
        place = cases[0].classname, cases[0].file
        learned = self._before.get(place)
        spelled = []
        for case in cases:
            name = case.name
            if name.isidentifier() and not case.method:
                before, problem = learned = learned or self._learn(case, place)
                # A method named as its class or file, and rows of data (_0), are spelled otherwise.
                if before and name not in before and name[0] != "_" and len(before) + len(name) <= LONGEST:
                    spelled.append((before + name, problem))
                    continue
            spelled.append(self._spelled(case))
        return spelled

    def _spelled(self, case: Case) -> tuple[str, str]:
        ref = code_ref(
            case,
            suites=self._suites,
            bases=self._bases_of(case),
            style=self._style,
            translate=self._translate,
        )
        ref = self._redact(ref)
        return fitted(ref), problem_of(ref, self._suites if self._style == "file" else ())

    def _bases_of(self, case: Case) -> tuple[Path, ...]:
        """Return the bases, and the folder where pytest ran if the module is found from there only."""
        dotted = case.classname or case.name
        if self._start_of is None or case.file or not self._suites or self._suites[-1].producer != PYTEST:
            return self._bases
        start = None if module_in(dotted, self._bases) else self._start_of(dotted)
        return self._bases if start is None else (*self._bases, start)

    def _learn(self, case: Case, place: tuple[str, str]) -> tuple[str, str]:
        """Return and keep the text before plain names in a place, and its problem. Empty if names differ."""
        ref, problem = self._spelled(case._replace(name=_ANY_NAME))
        before = ref.removesuffix(_ANY_NAME)
        if len(self._before) >= _MAX_PLACES:
            self._before.clear()
        learned = ("", "") if before == ref or _ANY_NAME in before else (before, problem)
        self._before[place] = learned
        return learned
