"""Files that lie beside reports in real projects, and are not reports."""

import json
from typing import Any, Final

_POM: Final = (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion></project>'
)

JSON: Final[dict[str, Any]] = {
    "package.json": {
        "name": "shop",
        "version": "1.0.0",
        "description": "a shop",
        "scripts": {"test": "mocha"},
        "config": {"rootDir": "src", "projects": []},
        "elements": ["a"],
    },
    "package-lock.json": {"name": "shop", "lockfileVersion": 3, "packages": {"": {"name": "shop"}}},
    "composer.lock": {"packages": [{"name": "a/b", "version": "1", "type": "library", "time": "2026"}]},
    "coverage/coverage-final.json": {"/a.js": {"path": "/a.js", "statementMap": {}, "s": {"0": 1}}},
    "coverage/coverage-summary.json": {"total": {"lines": {"total": 1, "covered": 1, "skipped": 0}}},
    "allure-results/categories.json": [{"name": "Ignored", "matchedStatuses": ["skipped"]}],
    "allure-results/executor.json": {"name": "Jenkins", "type": "jenkins", "buildName": "#13"},
    "allure-results/a-container.json": {
        "uuid": "c",
        "name": "fixture",
        "children": ["u"],
        "befores": [{"name": "set up", "status": "passed", "start": 1, "stop": 2}],
        "start": 1,
        "stop": 2,
    },
    "cypress.json": {"reporter": "mochawesome", "reporterOptions": {"reportDir": "a", "html": False}},
    "load.json": {"stats": {"suites": 1, "tests": 1, "passes": 1, "failures": 0}, "results": [{}]},
    "browserslist.json": {"browsers": ["chrome 99"], "result": {"a": []}, "summary": {"error": False}},
    "matches.json": {"fixtures": [{"name": "a", "path": "/b", "tests": []}], "total": 1, "passed": 0},
    "browsers.json": {"userAgents": ["Mozilla/5.0"], "startTime": "2026"},
    "users-registered.json": {"stats": {"testsRegistered": 2}, "users": [{"name": "a"}]},
    "jest.config.json": {
        "testMatch": ["**/*.test.js"],
        "testResultsProcessor": "x",
        "projects": [{"name": "a"}],
    },
    "cart_test[1]_tests.json": {
        "tests": 1,
        "name": "AllTests",
        "testsuites": [
            {"name": "Cart", "tests": 1, "testsuite": [{"name": "Adds", "file": "cart_test.cc", "line": 5}]}
        ],
    },
    "totals.json": {"tests": 3, "failures": 1, "disabled": 0, "errors": 0, "testsuites": 2, "name": "all"},
    "ginkgo-suites.json": [{"SuitePath": "/srv/shop/cart", "SuiteDescription": "cart", "SuiteLabels": []}],
    "eslint.json": [{"filePath": "/a.js", "messages": [], "errorCount": 0}],
    "scan.sarif": {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]},
    "users.json": [{"uuid": "u", "fullName": "A B", "name": "A", "status": "active", "start": 1}],
    "schema.json": {"version": "1", "summary": "a schema", "examples": [{"description": "a", "status": 1}]},
    "service.json": {"version": "2.0", "metadata": {}, "examples": {"a": [{"input": {}}]}},
    "audit.json": {"results": {"tests": 3, "passed": 3}, "tests": 3},
    "map.json": {"version": 0.6, "generator": "x", "elements": [{"type": "node", "id": 1, "name": "a"}]},
    "policy.json": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]},
    "pytest-cache.json": {
        "$schema": "x",
        "$report_type": "y",
        "exit": 0,
        "nodeid": "tests/test_a.py::test_a",
    },
    "newman.json": {"collection": {"info": {}}, "run": {"stats": {"tests": {"total": 1}}, "failures": []}},
    "empty-list.json": [],
    "empty.json": {},
    "list-of-lists.json": [[1, 2], [3]],
    "text.json": "text",
    "event.json": {"id": {"value": 7, "started": True}, "started": "2026-01-02", "testResult": "PASSED"},
    "inventory.json": {"devices": [{"deviceId": "A"}], "testNodes": 3, "nodes": []},
    "trivy.json": {"SchemaVersion": 2, "Results": [{"Target": "a", "Class": "os-pkgs"}]},
}

TEXT: Final[dict[str, str]] = {
    "pom.xml": _POM,
    "build.xml": '<project name="shop" default="test"><target name="test"/></project>',
    "coverage.xml": '<coverage line-rate="1"><packages/></coverage>',
    "jacoco.xml": '<report name="shop"><package name="a"/></report>',
    "phpunit.xml": '<phpunit><testsuites><testsuite name="a"/></testsuites></phpunit>',
    "testng.xml": '<!DOCTYPE suite SYSTEM "testng-1.0.dtd"><suite name="s"><test name="t"/></suite>',
    "checkstyle.xml": '<checkstyle version="8"><file name="a"><error line="1"/></file></checkstyle>',
    "src/assembly/bin.xml": "<assembly><id>bin</id><formats><format>zip</format></formats></assembly>",
    "app.manifest": '<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0"/>',
    "robot.urdf": '<robot name="arm"><link name="base"/></robot>',
    "urdf/arm.xml": '<?xml version="1.0"?><robot name="arm" xmlns:xacro="http://ros.org"><link/></robot>',
    "Testing/20260102/Build.xml": '<Site BuildName="l" Generator="ctest-3.25"><Build/></Site>',
    "case.xml": '<TestCase name="a"><Step/></TestCase>',
    "run.xml": "<TestRun><Results/></TestRun>",
    "catch.xml": "<Catch><fish/></Catch>",
    "doctest.xml": "<doctest><chapter/></doctest>",
    "a-testsuite.xml": '<a:test-suite xmlns:a="urn:model.allure.qatools.yandex.ru"><a:name/></a:test-suite>',
    "part-of-nunit2.xml": '<test-suite type="TestFixture" name="a" executed="True" result="Success"/>',
    "unit-tests.xml": '<unitTest name="a"><file path="a.py"/></unitTest>',
    "unit-cases.xml": '<unitTest><case name="a"/></unitTest>',
    "explored.xml": '<test-suite type="Assembly" id="1" testcasecount="2"><test-case id="2"/></test-suite>',
    "catalog.xml": '<test-suite name="qt3" type="a" id="1"><test-set name="a"/></test-suite>',
    "template.xml": "<?xml version='1.0'?>\n{% for a in b %}<a>{{ a }}</a>{% endfor %}",
    "tsconfig.json": '{\n  // don\'t emit "suites"\n  "compilerOptions": {"rootDir": "src", /* x */},\n}',
    "settings.json": "{'single': 'quotes'}",
    "README.md": "# jest-junit\n\n```xml\n<testsuites><testsuite name='a'><testcase name='b'/>\n```\n",
    "docs/report.adoc": 'Go prints\n{"Time":"","Action":"run","Package":"p","Test":"T"}\n',
    "docs/tap.md": "ok 1 - is what a test prints\nnot ok 2 - too\n1..2\n",
    "notes.txt": "ok 1 of the things to do\n1. sleep\n",
    "range.txt": "1..3 is a range\n",
    "okay.out": "ok\nok\n",
    "lcov.info": "TN:\nSF:a.js\nend_of_record\n",
    "a.lcov": "TN:\nSF:a.js\nend_of_record\n",
    "app.py": '"""Writes a report."""\nREPORT = """\n<?xml version="1.0"?><testsuites/>"""\n',
    "index.html": "<!DOCTYPE html>\n<html><body><testsuite></body>",
    "run.sh": "#!/bin/sh\n# ok 1\nexit 0\n",
    "empty.txt": "",
    "empty-too.json": "",
}

CONTENTS: Final[dict[str, bytes]] = {
    **{name: json.dumps(value, indent=1).encode() for name, value in JSON.items()},
    **{name: text.encode() for name, text in TEXT.items()},
    "shot.png": b"\x89PNG\r\n\x1a\n\0\0",
    "lib.so": b"\x7fELF\0\0\0<?xml <testsuites>",
}
