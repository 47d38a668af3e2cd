"""What Cucumber writes before a scenario runs: features, scenarios, hooks, and the plan of each scenario.

Of each only what a report shows is kept: until the run ends, as scenarios may run in any order.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats.cucumber import path_of
from onetest_ci.text.cut import shorten_name

MOST_SCENARIOS: Final = 100_000
"""Scenarios of a run whose names and steps are kept. Those of more are shown without."""

MOST_STEPS: Final = 1_000_000
"""Steps of all scenarios of a run, and nodes of the documents that were read last."""

_LONGEST_LABEL: Final = 200
_LONGEST_ID: Final = 100
_MOST_TAGS: Final = 100
_HOOKS: Final = {
    "BEFORE_TEST_RUN": "BeforeAll",
    "AFTER_TEST_RUN": "AfterAll",
    "BEFORE_TEST_CASE": "Before",
    "AFTER_TEST_CASE": "After",
    "BEFORE_TEST_STEP": "BeforeStep",
    "AFTER_TEST_STEP": "AfterStep",
}


class Scenario(NamedTuple):
    """A scenario, or a row of an outline's examples.

    Attributes:
        file: the path of the feature.
        feature: its name.
        name: the scenario's.
        line: the scenario's, or the row's.
        tags: with those of the feature.
        steps: keyword and text of each.
    """

    file: str = ""
    feature: str = ""
    name: str = ""
    line: int | None = None
    tags: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()


class Plan(NamedTuple):
    """A scenario with its hooks: the identities of its steps, and their labels."""

    scenario: Scenario
    steps: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class Scenarios:
    """The scenarios of a run.

    Args:
        reading: collects warnings.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._steps = 0
        self._features: dict[str, str] = {}
        self._lines: dict[str, int | None] = {}
        self._keywords: dict[str, str] = {}
        self._pickles: dict[str, Scenario] = {}
        self._plans: dict[str, Plan] = {}
        self._hooks: dict[str, str] = {}
        self._spellings: dict[str, str] = {}
        # By file and name the line of its scenario, None for several.
        self._places: dict[str, dict[str, int | None]] = {}

    def forget(self) -> None:
        """Forget the scenarios of a run, before those of the next one."""
        self._steps = 0
        for known in (self._features, self._lines, self._keywords, self._hooks, self._spellings):
            known.clear()
        for of_scenarios in (self._pickles, self._plans, self._places):
            of_scenarios.clear()

    def read_document(self, document: Fields) -> None:
        """Read a feature. Its scenarios follow it."""
        feature = document.object("feature")
        if len(self._features) < MOST_SCENARIOS:
            self._features[document.text("uri")] = shorten_name(feature.text("name").strip())
        if len(self._lines) + len(self._keywords) > MOST_STEPS:
            self._lines.clear()
            self._keywords.clear()
        for child in _with_inner(feature):
            scenario = child.object("scenario") if "scenario" in child else child.object("background")
            self._lines[identity(scenario, "id")] = _line(scenario)
            for step in scenario.objects("steps"):
                self._keywords[identity(step, "id")] = self._kept(step.text("keyword").strip())
            for examples in scenario.objects("examples"):
                for row in examples.objects("tableBody"):
                    self._lines[identity(row, "id")] = _line(row)

    def read_pickle(self, pickle: Fields) -> None:
        """Read a scenario."""
        if len(self._pickles) >= MOST_SCENARIOS:
            self._reading.warn(
                "definitions",
                f"the names of scenarios beyond the first {MOST_SCENARIOS:,} of a run are left out",
            )
            return
        uri, name = pickle.text("uri"), shorten_name(pickle.text("name").strip())
        line = _line(pickle)
        if line is None and (nodes := pickle.texts("astNodeIds")):
            # The scenario, and the row of the examples if it has any.
            line = self._lines.get(nodes[-1])
        path = self._kept(path_of(uri))
        places = self._places.setdefault(path, {})
        places[name] = line if places.setdefault(name, line) == line else None
        self._pickles[identity(pickle, "id")] = Scenario(
            path,
            self._features.get(uri, ""),
            name,
            line,
            tuple(self._kept(tag.text("name")) for tag in pickle.objects("tags")[:_MOST_TAGS]),
            tuple(map(self._label, self._within(pickle.objects("steps")))),
        )

    def _label(self, step: Fields) -> str:
        keyword = self._keywords.get((step.texts("astNodeIds") or [""])[0], "")
        return self._kept(f"{keyword} {step.text('text')}".strip()[:_LONGEST_LABEL])

    def read_hook(self, hook: Fields) -> None:
        """Read a hook."""
        if len(self._hooks) < MOST_SCENARIOS:
            label = f"{_HOOKS.get(hook.text('type'), 'hook')} {hook.text('name')}".strip()
            self._hooks[identity(hook, "id")] = label[:_LONGEST_LABEL]

    def hook_name(self, hook: str) -> str:
        """Return the name of a hook."""
        return self._hooks.get(hook, "hook")

    def read_test_case(self, test_case: Fields) -> None:
        """Read the plan of a scenario: its steps in order, with its hooks among them."""
        if len(self._plans) >= MOST_SCENARIOS:
            return
        scenario = self._pickles.get(identity(test_case, "pickleId"), Scenario())
        texts = iter(scenario.steps)
        steps = self._within(test_case.objects("testSteps"))
        self._plans[identity(test_case, "id")] = Plan(
            scenario,
            tuple(identity(step, "id") for step in steps),
            tuple(
                self.hook_name(identity(step, "hookId")) if "hookId" in step else next(texts, "step")
                for step in steps
            ),
        )

    def plan(self, test_case: str) -> Plan | None:
        """Return the plan of a scenario. None for a scenario that was not announced."""
        return self._plans.get(test_case)

    def forget_plan(self, test_case: str) -> None:
        """Forget the plan of a scenario that does not run again."""
        self._plans.pop(test_case, None)

    def shown_name(self, scenario: Scenario) -> str:
        """Return the name of a scenario, with its line if others of its file have the same name."""
        alone = self._places.get(scenario.file, {}).get(scenario.name, scenario.line) == scenario.line
        return scenario.name if alone or scenario.line is None else f"{scenario.name}[{scenario.line}]"

    def _within(self, steps: list[Fields]) -> list[Fields]:
        """Return those steps for which there is space, and count them."""
        steps = steps[: MOST_STEPS - self._steps]
        self._steps += len(steps)
        return steps

    def _kept(self, text: str) -> str:
        """Return one copy of texts that come often."""
        if len(self._spellings) >= MOST_SCENARIOS:
            return text
        return self._spellings.setdefault(text, text)


def identity(message: Fields, name: str) -> str:
    """Return a member that identifies something. Producers write short ones; a long one is not kept whole."""
    text = message.text(name)
    return text if len(text) <= _LONGEST_ID else f"#{hash(text)}"


def _with_inner(feature: Fields) -> Iterator[Fields]:
    """Yield the backgrounds and scenarios of a feature and its rules."""
    for child in feature.objects("children"):
        if "rule" in child:
            yield from child.object("rule").objects("children")
        else:
            yield child


def _line(node: Fields) -> int | None:
    return node.object("location").whole_number("line") if "location" in node else None
