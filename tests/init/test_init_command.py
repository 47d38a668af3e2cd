"""``init`` beside what a project has: hosts, CI files, links, hostile names."""

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml

from onetest_ci.init.existing import include_block, read_existing, stage_of_tests
from support.command import COMMAND, environment
from support.host_tools import tool
from support.init_projects import FILES, file_for, init, runners
from support.terminal import Terminal

GITHUB: Final = FILES["github"]
PYTEST: Final = "pytest --junit-xml=onetest-reports/pytest.xml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with tests for pytest."""
    place = tmp_path / "shop"
    place.mkdir()
    (place / "pytest.ini").touch()
    git(place, "init", "--quiet", "--initial-branch", "trunk")
    return place


def git(place: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@shop.example")
    subprocess.run([tool("git"), *identity, *arguments], cwd=place, check=True, capture_output=True)


def write(project: Path, name: str, text: str) -> Path:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def files(project: Path) -> dict[str, str]:
    """Every file of the checkout but git's own."""
    paths = (path for path in sorted(project.rglob("*")) if path.is_file() or path.is_symlink())
    return {
        name: str(path.readlink()) if path.is_symlink() else path.read_text(encoding="utf-8")
        for path in paths
        if not (name := path.relative_to(project).as_posix()).startswith(".git/")
    }


@pytest.mark.parametrize(
    ("remote", "host"),
    [
        ("https://github.com/acme/shop.git", "github"),
        ("git@github.com:acme/shop.git", "github"),
        ("ssh://git@github.acme.example:22/shop", "github"),
        ("https://user:secret@gitlab.com/acme/shop.git", "gitlab"),
        ("git@gitlab.acme.example:group/shop.git", "gitlab"),
        ("https://code.acme.example/gitlab/github.git", ""),
        ("../github.git", ""),
        ("", ""),
    ],
)
def test_the_remote_chooses_the_host(remote: str, host: str, project: Path) -> None:
    if remote:
        git(project, "remote", "add", "origin", remote)
    done = init(project)
    if host:
        assert (project / FILES[host]).exists(), done.stderr
        assert "doctor --product-id" in done.stdout.splitlines()[-1]
    else:
        assert done.returncode == 2
        assert "error[unknown-ci-host]" in done.stderr
        assert "github|gitlab|jenkins" in done.stderr
        assert files(project) == {"pytest.ini": ""}


def test_a_person_is_asked_for_the_host(project: Path) -> None:
    with Terminal(COMMAND, "init", cwd=project, env=environment()) as terminal:
        terminal.read_until(b"CI host (github, gitlab, jenkins):")
        terminal.press(b"jenkins\n")
        terminal.read_until(b"Wrote Jenkinsfile.")
    assert (project / "Jenkinsfile").exists()


def branches(project: Path) -> list[str]:
    workflow = yaml.safe_load((project / GITHUB).read_text(encoding="utf-8"))
    # YAML 1.1 reads the key "on" as true.
    return list((workflow[True]["push"] or {}).get("branches", []))


def test_the_default_branch(project: Path, tmp_path: Path) -> None:
    write(project, "a", "")
    git(project, "add", "a")
    git(project, "commit", "--message", "a")
    git(project, "branch", "stable")

    def branch() -> list[str]:
        assert init(project, "github", "--force").returncode == 0
        return branches(project)

    assert branch() == ["trunk"]
    write(tmp_path, ".gitconfig", "[init]\n defaultBranch = gone\n")
    assert branch() == ["trunk"]
    write(tmp_path, ".gitconfig", "[init]\n defaultBranch = stable\n")
    assert branch() == ["stable"]
    git(project, "update-ref", "refs/remotes/origin/v1/next", "HEAD")
    git(project, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/v1/next")
    assert branch() == ["v1/next"]
    git(project, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/${{secrets.X}}")
    assert branch() == []
    assert "# The default branch is not known" in (project / GITHUB).read_text(encoding="utf-8")


def test_a_file_is_written_once_and_never_over_another(project: Path) -> None:
    assert "lines added" in init(project, "github").stdout
    first = files(project)
    assert "is up to date" in init(project, "github").stdout
    assert files(project) == first

    path = write(project, GITHUB, "mine\n")
    refused = init(project, "github")
    assert refused.returncode == 2
    assert "error[file-exists]" in refused.stderr
    assert "-mine" in refused.stdout.splitlines()
    assert path.read_text(encoding="utf-8") == "mine\n"

    for number, text in enumerate(("mine\n", "second\n", "third\n")):
        path.write_text(text, encoding="utf-8")
        kept = f"{GITHUB}.bak.{number}" if number else f"{GITHUB}.bak"
        assert f"kept as {kept}" in init(project, "github", "--force").stdout
        assert (project / kept).read_text(encoding="utf-8") == text
    assert path.read_text(encoding="utf-8") == first[GITHUB]
    assert len(files(project)) == len(first) + 3


def test_no_secret_of_the_environment_is_shown(project: Path) -> None:
    key = "ak_0123456789abcdef"
    write(project, ".github/workflows/ci.yml", f"run: KEY={key} pytest\n")
    shown = init(project, "github", ONETEST_API_KEY=key).stdout
    assert "run: KEY=*** pytest" in shown
    write(project, GITHUB, f"mine: {key}\n")
    refused = init(project, "github", "--force", ONETEST_API_KEY=key)
    assert "-mine: ***" in refused.stdout.splitlines()
    assert key not in shown + refused.stdout + refused.stderr


def test_print_writes_nothing(project: Path) -> None:
    write(project, GITHUB, "mine\n")
    before = files(project)
    printed = init(project, "github", "--print").stdout
    assert files(project) == before
    init(project, "github", "--force")
    assert (project / GITHUB).read_text(encoding="utf-8") == printed


def test_the_file_lies_at_the_root_of_the_checkout(project: Path) -> None:
    below = project / "src" / "deep"
    below.mkdir(parents=True)
    assert init(below, "gitlab").returncode == 0
    assert set(files(project)) == {"pytest.ini", FILES["gitlab"]}


@pytest.mark.parametrize(
    ("host", "name", "text", "shown"),
    [
        ("github", ".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: pytest -q\n", "line 4"),
        ("github", ".github/workflows/b.yaml", "run: |\n  mvn -B verify\n", "line 2"),
        ("github", ".github/workflows/c.yml", "a:\n  run: pip install . && pytest\n", "line 2"),
        ("jenkins", "Jenkinsfile", "pipeline {\n  sh 'npm test'\n}\n", "line 2"),
    ],
)
def test_a_job_with_tests_gets_the_step_and_no_second_job(
    host: str, name: str, text: str, shown: str, project: Path
) -> None:
    write(project, name, text)
    before = files(project)
    done = init(project, host)
    assert done.returncode == 0
    assert files(project) == before
    assert f"{name}, {shown}, already runs tests" in done.stdout
    assert PYTEST in done.stdout
    assert "onetest-reports/pytest.xml" in done.stdout.partition("Add to ")[2]
    if host == "github":
        block = done.stdout.partition(f"Add to {name}, after the tests:\n\n")[2].partition("\n\n")[0]
        (report, keep) = yaml.safe_load(block)
        own = done.stdout.partition("the place of COMMAND:\n\n")[2].partition("\n\n")[0]
        (tests,) = yaml.safe_load(own)
        assert tests["id"] == "tests"
        assert "COMMAND || code=$?" in tests["run"]
        assert report["with"]["test-exit-code"] == "${{ steps.tests.outputs.code }}"
        assert report["uses"] == "onetest/report-action@v1"
        assert report["if"] == "always()"
        assert keep["with"]["path"] == "${{ steps.onetest.outputs.bundle-path }}"
    else:
        assert "script: 'COMMAND'" in done.stdout
        assert "testExitCode: code" in done.stdout
    # With --force, both exist.
    assert init(project, host, "--force").returncode == 0
    assert (project / FILES[host]).exists()


def test_a_runner_that_reports_by_default_keeps_its_command(tmp_path: Path) -> None:
    for name in ("pom.xml", "web/build.gradle", "api/go.mod"):
        write(tmp_path, name, "")
    write(tmp_path, ".github/workflows/ci.yml", "run: mvn -B verify\n")
    shown = init(tmp_path, "github").stdout
    assert "maven writes its reports by default" in shown
    assert "gradle in web writes its reports by default" in shown
    assert "Let go write its report:\n\n    cd api\n" in shown
    assert "mvn --batch-mode" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "name: pytest\njobs:\n  a:\n    steps:\n      - run: pip install pytest\n",
        "# run: pytest\njobs: {}\n",
        "run: ./deploy --latest\n",
    ],
)
def test_a_workflow_without_tests_is_no_obstacle(text: str, project: Path) -> None:
    write(project, ".github/workflows/ci.yml", text)
    assert "Wrote " in init(project, "github").stdout
    assert (project / GITHUB).exists()


@pytest.mark.parametrize(
    ("host", "name", "text"),
    [
        ("github", ".github/workflows/ci.yml", "steps:\n  - uses: onetest/report-action@v1\n"),
        ("gitlab", ".gitlab-ci.yml", "a:\n  script:\n    - onetest-ci report x\n"),
        ("gitlab", ".gitlab-ci.yml", "include:\n  - component: gitlab.com/onetest/report-action/report@1\n"),
        ("jenkins", "Jenkinsfile", "onetestReport(files: 'x')\n"),
    ],
)
def test_what_reports_already_is_left_alone(host: str, name: str, text: str, project: Path) -> None:
    write(project, name, text)
    before = files(project)
    done = init(project, host)
    assert done.returncode == 0
    assert f"{name}, line" in done.stdout
    assert "already reports to OneTest" in done.stdout
    assert files(project) == before


@pytest.mark.parametrize(
    ("text", "tests", "stage"),
    [
        ("build:\n  script: make\n", True, None),
        ("stages: [build, test]\nbuild:\n  script: make\n", True, None),
        ("stages:\n  - build\n  - deploy\nbuild:\n  script: make\n", True, ".pre"),
        ("unit:\n  script:\n    - pytest\n", False, None),
    ],
)
def test_a_pipeline_of_gitlab_gets_a_file_to_include(
    text: str, tests: bool, stage: str | None, project: Path
) -> None:
    write(project, ".gitlab-ci.yml", text)
    done = init(project, "gitlab")
    assert done.returncode == 0
    assert (project / ".gitlab-ci.yml").read_text(encoding="utf-8") == text
    included = yaml.safe_load((project / ".gitlab" / "onetest.yml").read_text(encoding="utf-8"))
    assert included["onetest"]["stage"] == ".post"
    assert ("test" in included) == tests
    if tests:
        assert included["test"].get("stage") == stage
    else:
        code = "onetest-reports/tests.exit-code"
        own = yaml.safe_load(done.stdout.partition("the place of COMMAND:\n\n")[2].partition("\n\n")[0])
        assert own["script"][-3:] == ["COMMAND || code=$?", f'echo "${{code:=0}}" > {code}', 'exit "$code"']
        assert own["artifacts"]["paths"] == ["onetest-reports/pytest.xml", code]
        assert f"cat {code}" in included["onetest"]["script"][0]
    lines = done.stdout.partition("Add to .gitlab-ci.yml:\n\n")[2].partition("\n\n")[0]
    assert yaml.safe_load(lines) == {"include": [{"local": ".gitlab/onetest.yml"}]}
    assert ".gitlab/onetest.yml is up to date" in init(project, "gitlab").stdout


@pytest.mark.parametrize(
    ("own", "kept"),
    [
        ("include: a.yml", ["a.yml"]),
        ("include: # ours\n  - local: a.yml\n    rules: [{if: $X}]\n  # more\n  - b.yml\n", None),
        ("include:\n- local: a.yml\n# last\n", [{"local": "a.yml"}]),
        ("include:\n  project: a/b\n  file: c.yml", [{"project": "a/b", "file": "c.yml"}]),
        ("include: ['a.yml', {local: b.yml},]", ["a.yml", {"local": "b.yml"}]),
        ("include: []", []),
    ],
)
def test_files_that_a_pipeline_of_gitlab_includes_are_kept(
    own: str, kept: list[object] | None, tmp_path: Path
) -> None:
    new = {"local": "new.yml"}
    for text in (f"stages: [a]\n{own}\n\na:\n  script: b\n", own, own.replace("\n", "\r\n")):
        write(tmp_path, ".gitlab-ci.yml", text)
        lines, has_own = include_block(tmp_path, "new.yml")
        expected = yaml.safe_load(own)["include"] if kept is None else kept
        assert has_own
        assert yaml.safe_load("\n".join(lines)) == {"include": [*expected, new]}


def test_a_job_of_the_project_is_not_merged_with_an_included_one(project: Path) -> None:
    write(project, ".gitlab-ci.yml", '"test":\n  script: ./own.sh\n')
    init(project, "gitlab")
    included = yaml.safe_load((project / ".gitlab" / "onetest.yml").read_text(encoding="utf-8"))
    assert sorted(included) == ["onetest", "test-onetest"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("linked", [".github", ".github/workflows", GITHUB])
def test_no_link_is_followed(linked: str, force: bool, project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "workflows").mkdir(parents=True)
    (outside / "onetest.yml").write_text("theirs\n", encoding="utf-8")
    (project / linked).parent.mkdir(parents=True, exist_ok=True)
    (project / linked).symlink_to(outside / "onetest.yml" if linked == GITHUB else outside)
    before = files(project), files(outside)
    done = init(project, "github", *(["--force"] if force else []))
    assert done.returncode == 2
    assert "error[link-in-path]" in done.stderr
    assert (files(project), files(outside)) == before


def test_a_marker_behind_a_link_is_not_read(project: Path, tmp_path: Path) -> None:
    outside = write(tmp_path, "outside/package.json", '{"devDependencies": {"jest": "1"}}')
    (project / "package.json").symlink_to(outside)
    (project / "web").symlink_to(outside.parent)
    found = [line for line in init(project, "github").stdout.splitlines() if line.startswith("Found ")]
    assert found == ["Found pytest in the root (pytest.ini)."]


def test_names_of_directories_are_never_code(project: Path) -> None:
    names = ["$(touch pwned)", "a'b", 'a"b', "${{ a }}", "a;b", "a`b", "a#b", "a: b", "a\nb", "[x]"]
    usable = ["with space", "größe", "a-b", "a,b"]
    for name in [*names, *usable]:
        write(project, f"{name}/go.mod", "module a\n")
    done = init(project, "github")
    assert done.stderr.count("was not searched") == len(names)
    lines = [line for line in done.stdout.splitlines() if line.startswith("Found ") and "go.mod" in line]
    found = [line.split(" in ")[1].partition(" (")[0] for line in lines]
    assert found == sorted(usable)
    for host in FILES:
        text = file_for(project, host)
        assert "pwned" not in text
        for name in names:
            assert f"{name}/" not in text
        for name in usable:
            assert f"{name}/onetest-reports" in text


def test_names_of_jobs_differ_by_more_than_case_and_are_short(project: Path) -> None:
    for name in ("App", "app", "a" * 200, "a" * 201):
        write(project, f"{name}/go.mod", "module a\n")
    names = [name.lower() for name in yaml.safe_load(file_for(project, "github"))["jobs"]]
    assert len(names) == len(set(names))
    assert max(map(len, names)) < 100


def test_the_printed_file_is_the_written_one(project: Path) -> None:
    for name in ("+++a", "a/+++b", "---", "+a"):
        write(project, f"{name}/pom.xml", "<project/>")
    for host, path in FILES.items():
        printed = init(project, host, "--print").stdout
        init(project, host)
        assert (project / path).read_text(encoding="utf-8") == printed


@pytest.mark.parametrize(
    ("package", "command"),
    [
        ({"test": "jest --coverage"}, "npm run test -- --ci"),
        ({"test": "npm run lint && jest", "unit": "jest"}, "npm run unit -- --ci"),
        ({"$(touch pwned)": "jest", "a b": "jest", "--help": "jest"}, "npx jest --ci"),
        ({"test": "jest; touch pwned"}, "npx jest --ci"),
        ({"test": "jest --watch"}, "npx jest --ci"),
        ({"test": "echo myjest"}, "npx jest --ci"),
        ({"test": 5}, "npx jest --ci"),
    ],
)
def test_a_script_is_called_if_options_can_be_added_to_it(
    package: dict[str, object], command: str, tmp_path: Path
) -> None:
    text = json.dumps({"scripts": package, "devDependencies": {"jest": "30"}})
    write(tmp_path, "package.json", text)
    printed = file_for(tmp_path, "github")
    assert f" {command} --json --outputFile=onetest-reports/jest.json" in printed
    assert "pwned" not in printed


@pytest.mark.parametrize(
    ("script", "dependency", "expected"),
    [
        ("jest --coverage", "jest", ""),
        ("vitest", "vitest", ""),
        ("npm run unit", "jest", ""),
        ("node --test", "", ""),
        ('echo "Error: no test specified" && exit 1', "", ""),
        ("npm run build && jest", "mocha", "the job calls mocha itself"),
        ("vitest --coverage", "vitest", "the job calls vitest itself"),
        ("tsx --test src/*.ts", "", "it calls no runner that is known"),
        ("turbo run test", "", "it calls no runner that is known"),
        ("$(touch pwned)\njobs:", "", "it calls no runner that is known"),
        ("karma start", "karma", "karma in web: no job is written"),
    ],
)
def test_a_script_that_no_job_runs_is_named(
    script: str, dependency: str, expected: str, project: Path
) -> None:
    package = {"scripts": {"test": script, "unit": "jest"}, "devDependencies": {dependency: "1"}}
    write(project, "web/package.json", json.dumps(package))
    for host in FILES:
        text = file_for(project, host)
        rows = [row for row in text.splitlines() if "web" in row and row[:2] in {"# ", "//"}]
        assert len(rows) == bool(expected), host
        assert expected in "".join(rows)
        assert "pwned" not in text
    if expected:
        done = init(project, "github")
        assert expected in done.stderr
        assert f"# {done.stderr.removeprefix('onetest-ci: warning: ')}" in (project / GITHUB).read_text()


@pytest.mark.parametrize(
    ("marks", "install", "command"),
    [
        (["package-lock.json"], "npm ci", "npx vitest run"),
        (["yarn.lock"], "yarn install --frozen-lockfile", "yarn run vitest run"),
        (["yarn.lock", ".yarnrc.yml"], "yarn install --immutable", "yarn run vitest run"),
        (["pnpm-lock.yaml"], "pnpm install --frozen-lockfile", "pnpm exec vitest run"),
        (["bun.lock"], "bun install --frozen-lockfile", "bunx vitest run"),
        (["uv.lock"], "uv sync --locked", "uv run --no-sync python -m pytest"),
        (["poetry.lock"], "poetry install", "poetry run python -m pytest"),
        (["Pipfile"], "pipenv install --dev", "pipenv run python -m pytest"),
        (["requirements-dev.txt"], "--requirement requirements-dev.txt", "python -m pytest"),
    ],
)
def test_the_lock_file_chooses_the_package_manager(
    marks: list[str], install: str, command: str, tmp_path: Path
) -> None:
    for name in marks:
        (tmp_path / name).touch()
    write(tmp_path, "package.json", '{"devDependencies": {"vitest": "4"}}')
    (tmp_path / "pytest.ini").touch()
    printed = file_for(tmp_path, "gitlab")
    assert install in printed
    assert f"{command} " in printed


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"devDependencies": []}', '{"scripts": 1}', "\0"])
def test_a_package_that_cannot_be_read_is_none(text: str, tmp_path: Path) -> None:
    write(tmp_path, "package.json", text)
    assert runners(tmp_path) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"setup.cfg": "[tool:pytest]\n"}, "pytest"),
        ({"tox.ini": "[pytest]\n"}, "pytest"),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, "pytest"),
        ({"requirements.txt": "requests\npytest>=8\n"}, "pytest"),
        ({"requirements.txt": "pytest-cov-nothing-else\n"}, ""),
        ({"requirements.txt": "behave\n"}, "behave"),
        ({"login.robot": ""}, "robot"),
        ({"setup.py": "", "tests/unit/test_a.py": ""}, "pytest"),
        ({"package.json": '{"scripts": {"test": "node --test"}}'}, "node"),
        ({"package.json": '{"devDependencies": {"cypress": "14"}}'}, "cypress"),
        ({"package.json": '{"devDependencies": {"@cucumber/cucumber": "12"}}'}, "cucumber-js"),
        ({"build.gradle.kts": ""}, "gradle"),
        ({"settings.gradle": "", "app/build.gradle": ""}, "gradle"),
        ({"a.sln": "", "tests/a.csproj": "xunit"}, "dotnet"),
        ({"a.fsproj": "nunit"}, "dotnet"),
        ({"a.csproj": "Microsoft.NET.Sdk.Web"}, ""),
        ({"Gemfile": "gem 'rspec-rails'\n"}, "rspec"),
        ({"composer.json": '{"require-dev": {"pestphp/pest": "3"}}', "phpunit.xml": ""}, "pest"),
        ({"phpunit.xml.dist": ""}, "phpunit"),
        ({"CMakeLists.txt": "project(a)\n  gtest_discover_tests(b)\n"}, "ctest"),
        ({"CMakeLists.txt": "project(a)\n# enable_testing()\n"}, ""),
        ({"deno.jsonc": "{}"}, "deno"),
        ({"pubspec.yaml": "dev_dependencies:\n  test: ^1.25.0\n"}, "dart"),
        ({"test/a.bats": ""}, "bats"),
        ({"node_modules/x/go.mod": "", "vendor/x/go.mod": "", ".hidden/go.mod": "", "a/b/c/go.mod": ""}, ""),
    ],
)
def test_what_shows_a_runner(files: dict[str, str], expected: str, tmp_path: Path) -> None:
    for name, text in files.items():
        write(tmp_path, name, text)
    assert [found.runner for found in runners(tmp_path)] == ([expected] if expected else [])


LARGEST: Final = 256 * 1024
HOSTILE_FILES: Final = (
    *("pyproject.toml", "setup.cfg", "tox.ini", "requirements.txt", "Pipfile", "setup.py", "package.json"),
    *("Gemfile", "CMakeLists.txt", "Cargo.toml", "pubspec.yaml", "deno.json", "composer.json", "pom.xml"),
    *("a.csproj", ".gitlab-ci.yml", "Jenkinsfile", ".github/workflows/ci.yml"),
)


@pytest.mark.parametrize(
    "text", ["\n", " ", "gem ", "mvn ", "[project]\n", "[dependency-groups]\n\n", "stages:\n", "npm install "]
)
def test_a_file_of_one_text_repeated_is_read(text: str, tmp_path: Path) -> None:
    """It takes hours where a pattern starts again at each character."""
    for name in HOSTILE_FILES:
        write(tmp_path, name, text * (LARGEST // len(text)))
    runners(tmp_path)
    for host in FILES:
        assert read_existing(tmp_path, host).reporting is None
    assert stage_of_tests(tmp_path) in {"", ".pre"}


@pytest.mark.parametrize("requires", ["github.com/onsi/ginkgo/v2 v2.34.0", "example.com/x v1.0.0"])
def test_a_project_of_ginkgo_learns_what_go_test_does_not_show(requires: str, tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text(f"module example.com/shop\n\nrequire {requires}\n", encoding="utf-8")
    (found,) = runners(tmp_path)
    assert found.command.startswith("go test -json ")
    assert ("ginkgo run" in found.note) == ("ginkgo" in requires)


def test_a_runner_without_a_report_of_its_own_is_named(tmp_path: Path) -> None:
    write(tmp_path, "package.json", '{"devDependencies": {"karma": "6"}}')
    done = init(tmp_path, "github")
    assert done.returncode == 2
    assert "error[no-test-runner]" in done.stderr
    assert "karma in the root" in done.stderr
