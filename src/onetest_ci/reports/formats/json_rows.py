"""The formats of JSON, whole documents and lines. A new one is a module in this folder and a row here."""

from typing import Final

from onetest_ci.reports.engine.format import Format, Members, json_format

JSON_FORMATS: Final[tuple[Format, ...]] = (
    json_format(
        "go",
        "go test -json",
        Members(
            ("Action Package", "Action ImportPath"),
            meant=("Action Test",),
            lacks="Package: run `go tool test2json` with -p",
        ),
        "go",
    ),
    json_format(
        "dart",
        "Dart and Flutter JSON",
        Members(
            ("protocolVersion type",),
            meant=("testID type time", "protocolVersion runnerVersion"),
            lacks="the event `start`, which comes first",
        ),
        "dart",
    ),
    json_format(
        "bazel",
        "Bazel's build event protocol",
        Members(
            (
                "id.started started.uuid",
                "id.testResult testResult{}",
                "id.testSummary testSummary{}",
                "id.targetCompleted completed{}",
                "id.buildFinished finished{}",
            ),
            meant=("id.progress progress{}", "id.targetConfigured configured{}"),
            lacks="the event `started`, which comes first",
        ),
        "bazel",
        confidential="it holds the variables of the environment of the command",
    ),
    json_format(
        "libtest",
        "libtest JSON",
        Members(
            ("test_count event type",),
            meant=("filtered_out measured event",),
            lacks="the event `started` of a suite, which comes first",
        ),
        "libtest",
    ),
    json_format(
        "pytest-reportlog",
        "pytest-reportlog",
        Members(
            ("$report_type pytest_version", "$report_type exitstatus", "$report_type nodeid outcome"),
            meant=("$report_type category filename",),
            lacks="the line `SessionStart`, which comes first, and reports of tests",
        ),
        "pytest.reportlog",
    ),
    json_format(
        "playwright",
        "Playwright JSON",
        Members(
            ("suites config",),
            meant=("config.forbidOnly config.projects", "suites[] errors[] stats.unexpected"),
            lacks="`config` and `suites`",
        ),
        "playwright",
    ),
    json_format(
        "ginkgo",
        "Ginkgo JSON",
        Members(
            ("SuiteSucceeded SpecReports", "SuiteSucceeded SuitePath"),
            meant=("SuiteSucceeded SpecReports", "SuiteSucceeded SuitePath"),
            lacks="the list of suites",
            in_list=True,
        ),
        "ginkgo",
    ),
    json_format(
        "ctrf",
        "CTRF JSON",
        Members(
            # Mochawesome's results are a list.
            ("results.tests[] results{}", "results.tests results.tool"),
            meant=("reportFormat specVersion", "results.tool results.summary"),
            lacks="`results.tests`",
        ),
        "ctrf",
    ),
    json_format(
        "newman",
        "Newman JSON",
        Members(
            ("run.executions[] run.stats", "run.executions[] run.failures", "run.executions[] collection{}"),
            meant=("run.stats{} run.failures[] collection{}",),
            lacks="`run.executions`",
        ),
        "newman",
        confidential="it holds requests as they were sent, with their credentials",
    ),
    json_format(
        "allure",
        "Allure results",
        # Containers have `uuid`, `name`, `start` and `stop` as well.
        Members(
            (
                "uuid historyId",
                "uuid testCaseId",
                "uuid status start",
                "uuid fullName start",
                "uuid labels[] steps[]",
                "uuid statusDetails{}",
                "uuid stage",
            ),
            meant=("historyId labels[] steps[]", "historyId status statusDetails{}"),
            lacks="`uuid`",
        ),
        "allure",
    ),
    json_format(
        "xcresult",
        "Xcode's test results",
        Members(
            ("testNodes[] testPlanConfigurations[]", "testNodes[] devices[]"),
            meant=("testPlanConfigurations[] devices[]",),
            lacks="`testNodes`: run `xcresulttool get test-results tests`",
        ),
        "xcresult",
    ),
    json_format(
        "cucumber",
        "Cucumber JSON",
        # A feature without scenarios has no elements.
        Members(
            (
                "elements name",
                "elements uri",
                "elements description",
                "keyword name uri",
                "keyword name location",
            ),
            meant=("elements[] keyword uri", "elements[] keyword location"),
            lacks="the list of features",
            in_list=True,
        ),
        "cucumber",
    ),
    json_format(
        "cucumber-messages",
        "Cucumber messages",
        Members(
            ("meta.protocolVersion", "testRunStarted.timestamp", "testCase.pickleId"),
            meant=("testCaseFinished.testCaseStartedId", "testStepFinished.testStepResult"),
            lacks="`meta` and `testRunStarted`, which come first",
        ),
        "cucumber_messages",
    ),
    json_format(
        "mocha",
        "Mocha JSON",
        # Mochawesome has such a `stats` as well.
        Members(
            ("stats.passes tests",),
            meant=("stats.passes failures[]", "stats.passes passes[]"),
            lacks="`tests`",
        ),
        "mocha",
    ),
    json_format(
        "mochawesome",
        "Mochawesome JSON",
        Members(
            ("stats.testsRegistered results[]", "stats.hasOther results[]"),
            meant=("stats.testsRegistered stats.passes", "stats.hasOther stats.passes"),
            lacks="the list `results`",
        ),
        "mochawesome",
    ),
    json_format(
        "testcafe",
        "TestCafe JSON",
        Members(
            ("userAgents fixtures[]",),
            meant=("userAgents startTime passed",),
            lacks="the list `fixtures`",
        ),
        "testcafe",
    ),
    json_format(
        "karma",
        "Karma JSON",
        Members(
            ("browsers{} result{}",),
            meant=("summary.disconnected summary.exitCode",),
            lacks="`browsers` and `result`",
        ),
        "karma",
    ),
    json_format(
        "rspec",
        "RSpec JSON",
        Members(
            ("examples.full_description", "examples[] summary.example_count", "examples[] summary_line"),
            meant=("summary.example_count", "summary_line version summary{}"),
            lacks="`examples`",
        ),
        "rspec",
    ),
    json_format(
        "pytest-json-report",
        "pytest-json-report",
        Members(
            ("exitcode tests[] summary.total", "exitcode tests[] summary.collected"),
            meant=("exitcode summary.collected", "exitcode summary.total"),
            lacks="`tests`: run pytest without --json-report-summary",
        ),
        "pytest.json_report",
    ),
    json_format(
        "jest",
        "Jest and Vitest JSON",
        Members(
            ("numTotalTests testResults", "numFailedTests testResults"),
            meant=("numTotalTests numFailedTests", "numTotalTestSuites success"),
            lacks="`testResults`",
        ),
        "jest",
    ),
    json_format(
        "googletest",
        "GoogleTest JSON",
        # A list of tests has neither failures nor disabled tests.
        Members(
            ("testsuites[] disabled failures",),
            meant=("disabled failures errors tests timestamp name",),
            lacks="`testsuites`",
        ),
        "googletest",
    ),
)
