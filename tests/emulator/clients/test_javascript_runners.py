"""ReportPortal's agents for Vitest, Cucumber, Jasmine, WebdriverIO, CodeceptJS; its JavaScript client."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from emulator.clients.conftest import ReadBack, Run, counted, printed
from emulator.clients.javascript import NO_ANALYTICS, needs

pytestmark = needs(
    "@reportportal/agent-js-codecept",
    "@reportportal/agent-js-cucumber",
    "@reportportal/agent-js-jasmine",
    "@reportportal/agent-js-vitest",
    "@reportportal/agent-js-webdriverio",
    "@reportportal/client-javascript",
)

Write = Callable[[dict[str, str]], None]

VITEST = """
import { describe, expect, test } from 'vitest';
import { ReportingApi } from '@reportportal/agent-js-vitest';
describe('Cart', () => {
  describe('prices', () => {
    test('adds up', ({ task }) => {
      const content = Buffer.from('attached ÿ').toString('base64');
      ReportingApi.attachment(task, { name: 'note.txt', type: 'text/plain', content }, 'Grüße, 世界');
      expect(1 + 1).toBe(2);
    });
    test('rounds', () => { expect(1, 'one is not two').toBe(2); });
  });
  test.skip('not today', () => {});
});
"""
VITEST_CONFIG = """
import {{ RPReporter }} from '@reportportal/agent-js-vitest';
export default {{ test: {{ reporters: ['default', new RPReporter({agent})] }} }};
"""
FEATURE = """
Feature: Cart
  Scenario: adds up
    Given a cart with a note
    Then the price is 2
  Scenario: rounds
    Given a cart
    Then the price is 3
  Scenario: not today
    Given a card that is missing
"""
STEPS = """
const { Given, Then } = require('@cucumber/cucumber');
const assert = require('assert');
Given('a cart', () => {});
Given('a cart with a note', function () {
  const content = Buffer.from('attached ÿ').toString('base64');
  // As plain text it would be a message alone.
  this.attach(JSON.stringify({ message: 'Grüße, 世界', level: 'info', data: content }), 'text/markdown');
});
Then('the price is {int}', function (price) { assert.strictEqual(price, 2, 'two is the price'); });
Then('a card that is missing', () => 'skipped');
"""
JASMINE = """
const PublicReportingAPI = require('@reportportal/agent-js-jasmine/lib/publicReportingAPI');
describe('Cart', () => {
  describe('prices', () => {
    it('adds up', () => {
      const content = Buffer.from('attached ÿ').toString('base64');
      PublicReportingAPI.log('INFO', 'Grüße, 世界', { name: 'note.txt', type: 'text/plain', content });
      expect(1 + 1).toBe(2);
    });
    it('rounds', () => { expect(1).withContext('one is not two').toBe(2); });
  });
  xit('not today', () => {});
});
"""
JASMINE_RUN = """
const Jasmine = require('jasmine');
const Agent = require('@reportportal/agent-js-jasmine');
const runner = new Jasmine();
const agent = new Agent(%s);
runner.exitOnCompletion = false;
runner.loadConfig({ spec_dir: '.', spec_files: ['cart.spec.js'], random: false });
runner.addReporter(agent.getJasmineReporter());
runner.addReporter(new Jasmine.ConsoleReporter());
runner.execute().then((result) => agent.getExitPromise().then(() => {
  process.exitCode = result.overallStatus === 'passed' ? 0 : 1;
}));
"""
WDIO = """
const { ReportingApi } = require('@reportportal/agent-js-webdriverio');
const assert = require('assert');
describe('Cart', () => {
  describe('prices', () => {
    it('adds up', () => {
      const content = Buffer.from('attached ÿ').toString('base64');
      ReportingApi.log('INFO', 'Grüße, 世界', { name: 'note.txt', type: 'text/plain', content });
    });
    it('rounds', () => { assert.strictEqual(1, 2, 'one is not two'); });
  });
  it.skip('not today', () => {});
});
"""
WDIO_CONFIG = """
const { Reporter } = require('@reportportal/agent-js-webdriverio');
exports.config = {
  runner: 'local', hostname: '127.0.0.1', port: %d, path: '/',
  specs: ['./cart.spec.js'], maxInstances: 1, capabilities: [{ browserName: 'chrome' }],
  logLevel: 'error', framework: 'mocha', mochaOpts: { ui: 'bdd', timeout: 60000 },
  reporters: ['spec', [Reporter, %s]],
};
"""
CODECEPT = """
Feature('Cart');
Scenario('adds up', ({ I }) => {
  I.amInPath('.');
  I.seeFile('cart_test.js');
  I.addALog();
});
Scenario('rounds', ({ I }) => {
  I.amInPath('.');
  I.seeFile('missing.txt');
});
xScenario('not today', ({ I }) => { I.amInPath('.'); });
"""
CODECEPT_HELPER = """
const { Helper } = codeceptjs;
class Logs extends Helper {
  addALog() {
    const agent = codeceptjs.container.plugins('reportportal');
    const content = Buffer.from('attached ÿ').toString('base64');
    const file = { name: 'note.txt', type: 'text/plain', content };
    agent.addLog({ level: 'info', message: 'Grüße, 世界' }, file);
  }
}
module.exports = Logs;
"""
CLIENT = """
const Client = require('@reportportal/client-javascript');
const client = new Client(%s);
const launch = client.startLaunch({ name: 'JavaScript launch' });
const suite = client.startTestItem({ name: 'Cart', type: 'SUITE' }, launch.tempId);
const inner = client.startTestItem({ name: 'prices', type: 'SUITE' }, launch.tempId, suite.tempId);
const counts = { passed: 0, failed: 0, skipped: 0 };
const report = (name, status, parent, file) => {
  const item = client.startTestItem({ name, type: 'STEP' }, launch.tempId, parent.tempId);
  if (file) client.sendLog(item.tempId, { level: 'INFO', message: 'Grüße, 世界' }, file);
  if (status === 'failed') client.sendLog(item.tempId, { level: 'ERROR', message: 'one is not two' });
  client.finishTestItem(item.tempId, { status });
  counts[status] += 1;
};
const content = Buffer.from('attached ÿ').toString('base64');
report('adds up', 'passed', inner, { name: 'note.txt', type: 'text/plain', content });
report('rounds', 'failed', inner);
client.finishTestItem(inner.tempId, {});
report('not today', 'skipped', suite);
client.finishTestItem(suite.tempId, {});
client.finishLaunch(launch.tempId, {}).promise.then((ended) => {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (!ended.link) process.exitCode = 3;
});
"""


def check(output: str, read: ReadBack, statuses: dict[str, str]) -> None:
    """Compare the emulator's items with the suite: statuses, logs, attachment; no request was refused."""
    assert "Request failed" not in output
    assert (read.launch["name"], read.launch["status"]) == ("JavaScript launch", "failed")
    names = {read_item.path[-1]: read_item.item["status"] for read_item in read.items}
    assert {name: names[name] for name in statuses} == statuses
    logs = [message for read_item in read.items for _, message in read_item.logs]
    assert any("Grüße, 世界" in message for message in logs), logs
    assert [content.decode() for read_item in read.items for content in read_item.files.values()] == [
        "attached ÿ"
    ]
    below = [read_item for read_item in read.items if any("rounds" in name for name in read_item.path)]
    assert any(level == "ERROR" for read_item in below for level, _ in read_item.logs)


STATUSES = {
    "Cart": "failed",
    "prices": "failed",
    "adds up": "passed",
    "rounds": "failed",
    "not today": "skipped",
}
CASES = ("adds up", "rounds", "not today")
FLAT = {name: status for name, status in STATUSES.items() if name != "prices"}


def test_the_whole_vitest_suite_is_read_back(
    run: Run, write: Write, read_back: Callable[[], ReadBack], agent: dict[str, object]
) -> None:
    write({"vitest.config.mjs": VITEST_CONFIG.format(agent=json.dumps(agent)), "cart.test.js": VITEST})
    output = run("node", "node_modules/vitest/vitest.mjs", "run", code=1, **NO_ANALYTICS)
    read = read_back()
    line = r"Tests  .*?(\d+) "
    assert counted(read) == printed(
        output, passed=line + "passed", failed=line + "failed", skipped=line + "skipped"
    )
    check(output, read, STATUSES)


def test_the_whole_cucumber_suite_is_read_back(
    run: Run, write: Write, read_back: Callable[[], ReadBack], agent: dict[str, object]
) -> None:
    formatter = (
        "const { createRPFormatterClass } = require('@reportportal/agent-js-cucumber');\n"
        f"module.exports = createRPFormatterClass({json.dumps(agent)});"
    )
    write({"formatter.js": formatter, "features/cart.feature": FEATURE, "features/steps/steps.js": STEPS})
    command = ("node", "node_modules/@cucumber/cucumber/bin/cucumber.js", "--require", "features/steps/*.js")
    output = run(*command, "-f", "summary", "-f", "./formatter.js:agent.txt", code=1, **NO_ANALYTICS)
    read = read_back()
    # The agent reports a scenario as a TEST and each of its steps as a STEP.
    for kind, line in (("TEST", "scenarios"), ("STEP", "steps")):
        of_kind = rf"\d+ {line} \(.*?(\d+) "
        assert counted(read, kind) == printed(
            output, passed=of_kind + "passed", failed=of_kind + "failed", skipped=of_kind + "skipped"
        )
    check(output, read, {"Feature: Cart": "failed"} | {f"Scenario: {name}": FLAT[name] for name in CASES})


def test_the_whole_jasmine_suite_is_read_back(
    run: Run, write: Write, read_back: Callable[[], ReadBack], agent: dict[str, object]
) -> None:
    write({"run.js": JASMINE_RUN % json.dumps(agent), "cart.spec.js": JASMINE})
    output = run("node", "run.js", code=1, **NO_ANALYTICS)
    read = read_back()
    numbers = printed(output, all=r"(\d+) specs?", failed=r"(\d+) failure", skipped=r"(\d+) pending")
    passed = numbers.pop("all") - sum(numbers.values())
    assert counted(read) == numbers | {"passed": passed}
    check(output, read, STATUSES)


class NoBrowser(BaseHTTPRequestHandler):
    """A WebDriver endpoint with one session and without a browser: the suite needs no page."""

    def do_POST(self) -> None:
        self._answer({"sessionId": "1", "capabilities": {"browserName": "chrome"}})

    def do_DELETE(self) -> None:
        self._answer(None)

    def _answer(self, value: object) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        content = json.dumps({"value": value}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""


@pytest.fixture
def webdriver() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), NoBrowser) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_the_whole_webdriverio_suite_is_read_back(
    *, run: Run, write: Write, read_back: Callable[[], ReadBack], agent: dict[str, object], webdriver: int
) -> None:
    write({"wdio.conf.js": WDIO_CONFIG % (webdriver, json.dumps(agent)), "cart.spec.js": WDIO})
    output = run("node", "node_modules/@wdio/cli/bin/wdio.js", "run", "wdio.conf.js", code=1, **NO_ANALYTICS)
    read = read_back()
    assert counted(read) == printed(
        output, passed=r"(\d+) passing", failed=r"(\d+) failing", skipped=r"(\d+) skipped"
    )
    check(output, read, STATUSES)


def test_the_whole_codeceptjs_suite_is_read_back(
    run: Run, write: Write, read_back: Callable[[], ReadBack], agent: dict[str, object]
) -> None:
    plugin = {
        "enabled": True,
        "require": "@reportportal/agent-js-codecept",
        "token": agent["apiKey"],
        "endpoint": agent["endpoint"],
        "projectName": agent["project"],
        "launchName": agent["launch"],
    }
    config = {
        "tests": "./*_test.js",
        "output": "./output",
        "helpers": {"FileSystem": {}, "Logs": {"require": "./logs.js"}},
        "plugins": {"reportportal": plugin},
        "name": "cart",
    }
    write(
        {
            "codecept.conf.js": f"exports.config = {json.dumps(config)};",
            "cart_test.js": CODECEPT,
            "logs.js": CODECEPT_HELPER,
        }
    )
    output = run("node", "node_modules/codeceptjs/bin/codecept.js", "run", code=1, **NO_ANALYTICS)
    read = read_back()
    # The agent ignores skipped scenarios (its index.js): they are not in the launch.
    assert counted(read, "TEST") == printed(
        output, passed=r"(\d+) passed", failed=r"(\d+) failed", skipped="(?!)"
    )
    check(output, read, {name: status for name, status in FLAT.items() if name != "not today"})


def test_a_launch_of_the_javascript_client_is_read_back_whole(
    run: Run, write: Write, read_back: Callable[[], ReadBack], agent: dict[str, object]
) -> None:
    write({"run.js": CLIENT % json.dumps(agent)})
    output = run("node", "run.js", **NO_ANALYTICS)
    read = read_back()
    assert counted(read) == printed(
        output, passed=r"(\d+) passed", failed=r"(\d+) failed", skipped=r"(\d+) skipped"
    )
    check(output, read, STATUSES)
