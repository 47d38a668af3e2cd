"""ReportPortal's agents for Jest, Mocha and Playwright."""

import json
from collections.abc import Callable

from emulator.clients.conftest import ReadBack, Run
from emulator.clients.javascript import needs

pytestmark = needs(
    "@reportportal/agent-js-jest", "@reportportal/agent-js-mocha", "@reportportal/agent-js-playwright"
)

JEST = """
describe('Cart', () => {
  describe('prices', () => {
    test('adds up', () => {
      const content = Buffer.from('attached ÿ').toString('base64');
      ReportingApi.attachment({ name: 'note.txt', type: 'text/plain', content }, 'Grüße, 世界');
      expect(1 + 1).toBe(2);
    });
    test('rounds', () => { expect(1).toBe(2); });
  });
  test.skip('not today', () => {});
});
"""
MOCHA = """
const PublicReportingAPI = require('@reportportal/agent-js-mocha/lib/publicReportingAPI');
const assert = require('assert');
describe('Cart', () => {
  describe('prices', () => {
    it('adds up', () => {
      PublicReportingAPI.info('Grüße, 世界');
      const content = Buffer.from('attached ÿ').toString('base64');
      PublicReportingAPI.log('INFO', 'a file', { name: 'note.txt', type: 'text/plain', content });
    });
    it('rounds', () => { assert.strictEqual(1, 2, 'one is not two'); });
  });
  it.skip('not today', () => {});
});
"""
PLAYWRIGHT = """
const { test, expect } = require('@playwright/test');
test.describe('Cart', () => {
  test.describe('prices', () => {
    test('adds up', async ({}, testInfo) => {
      console.log('Grüße, 世界');
      await testInfo.attach('note.txt', { body: 'attached ÿ', contentType: 'text/plain' });
    });
    test('rounds', () => { expect(1, 'one is not two').toBe(2); });
  });
  test.skip('not today', () => {});
});
"""


def check(read: ReadBack, cart: tuple[str, ...], kind: str, refs: str) -> None:
    """The results of the same suite, which each of the three agents reports as a tree of its own."""
    assert (read.launch["name"], read.launch["status"]) == ("JavaScript launch", "failed")
    tags = [(tag["key"], tag["value"]) for tag in read.launch["attributes"] if not tag.get("system")]
    assert tags == [("branch", "main"), (None, "nightly")]
    assert {path: summary for path, summary in read.summaries.items() if len(path) >= len(cart)} == {
        cart: (kind, "failed", f"{refs}/Cart"),
        (*cart, "prices"): (kind, "failed", f"{refs}/Cart/prices"),
        (*cart, "prices", "adds up"): ("STEP", "passed", f"{refs}/Cart/prices/adds up"),
        (*cart, "prices", "rounds"): ("STEP", "failed", f"{refs}/Cart/prices/rounds"),
        (*cart, "not today"): ("STEP", "skipped", f"{refs}/Cart/not today"),
    }
    good = read.one("adds up")
    assert any("Grüße, 世界" in message for _, message in good.logs)
    assert [content.decode() for content in good.files.values()] == ["attached ÿ"]
    assert any(level == "ERROR" for level, _ in read.one("rounds").logs)


def test_the_whole_jest_suite_is_read_back(
    run: Run,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    agent: dict[str, object],
) -> None:
    reporters = json.dumps([["@reportportal/agent-js-jest", agent]])
    write({"jest.config.js": f"module.exports = {{ reporters: {reporters} }};", "cart.test.js": JEST})
    run("node", "node_modules/jest/bin/jest.js", "--ci", code=1, REPORTPORTAL_CLIENT_JS_NO_ANALYTICS="1")
    check(read_back(), ("Cart",), "SUITE", "cart.test.js")


def test_the_whole_mocha_suite_is_read_back(
    run: Run,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    agent: dict[str, object],
) -> None:
    script = f"""
const Mocha = require('mocha');
const mocha = new Mocha({{ reporter: '@reportportal/agent-js-mocha', reporterOptions: {json.dumps(agent)} }});
mocha.addFile('./test/cart.spec.js');
mocha.run((failures) => {{ process.exitCode = failures; }});
"""
    write({"run.js": script, "test/cart.spec.js": MOCHA})
    run("node", "run.js", code=1, REPORTPORTAL_CLIENT_JS_NO_ANALYTICS="1")
    check(read_back(), ("Cart",), "SUITE", "test/cart.spec.js")


def test_the_whole_playwright_suite_is_read_back(
    run: Run,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    agent: dict[str, object],
) -> None:
    reporter = json.dumps([["@reportportal/agent-js-playwright", agent]])
    write(
        {
            "playwright.config.js": f"module.exports = {{ testDir: './tests', reporter: {reporter} }};",
            "tests/cart.spec.js": PLAYWRIGHT,
        }
    )
    command = ("node", "node_modules/@playwright/test/cli.js", "test")
    run(*command, code=1, REPORTPORTAL_CLIENT_JS_NO_ANALYTICS="1")
    check(read_back(), ("cart.spec.js", "Cart"), "TEST", "cart.spec.js")
