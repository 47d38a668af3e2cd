"""``init`` for Python: how the tests' packages are installed, and by which version of Python they run."""

from pathlib import Path
from typing import Final

import pytest

from onetest_ci.init.python_version import newest_allowed
from support.init_projects import file_for, runners

PROJECT: Final = "[project]\nname = 'shop'\n"
EXTRA: Final = PROJECT + "[project.optional-dependencies]\n"
GROUPS: Final = "[dependency-groups]\n"
POETRY: Final = "[tool.poetry]\nname = 'shop'\n"
OPTIONAL: Final = "[tool.poetry.group.qa]\noptional = true\n[tool.poetry.group.qa.dependencies]\n"
WORKSPACE: Final = "[tool.uv.workspace]\nmembers = ['libs/*', './apps/*']\n"


@pytest.mark.parametrize(
    ("lock", "text", "install"),
    [
        ("uv.lock", f"{PROJECT}dependencies = ['pytest']", ["uv sync --locked"]),
        ("uv.lock", f"{EXTRA}e2e = ['PyTest[x]>=8; python_version>\"3\"']", ["uv sync --locked --extra e2e"]),
        ("uv.lock", f"{EXTRA}ui = ['pytest']\ntest = ['pytest']", ["uv sync --locked --extra test"]),
        ("uv.lock", f"{EXTRA}test = ['pytest']\n{GROUPS}dev = ['pytest']", ["uv sync --locked"]),
        ("uv.lock", f"{GROUPS}qa = ['pytest']", ["uv sync --locked --group qa"]),
        (
            "uv.lock",
            f"{GROUPS}a = [{{include-group = 'B_c'}}]\nb-c = ['pytest']",
            ["uv sync --locked --group a"],
        ),
        ("uv.lock", f"{GROUPS}dev = [{{include-group = 'dev'}}, 'pytest']", ["uv sync --locked"]),
        ("uv.lock", f"{GROUPS}dev = []\nqa = ['pytest-cov']", ["uv sync --locked --group qa"]),
        ("uv.lock", f"{GROUPS}qa = ['pytest']\n[tool.uv]\ndefault-groups = ['qa']", ["uv sync --locked"]),
        ("uv.lock", f"{GROUPS}qa = ['pytest']\n[tool.uv]\ndefault-groups = 'all'", ["uv sync --locked"]),
        ("uv.lock", "[tool.uv]\ndev-dependencies = ['pytest']", ["uv sync --locked"]),
        ("uv.lock", PROJECT, ["uv sync --locked", "uv pip install pytest"]),
        ("uv.lock", f"{EXTRA}'$(id)' = ['pytest']", ["uv sync --locked", "uv pip install pytest"]),
        ("uv.lock", "dependencies = [", ["uv sync --locked", "uv pip install pytest"]),
        ("poetry.lock", f"{POETRY}[tool.poetry.group.qa.dependencies]\npytest = '*'", ["poetry install"]),
        ("poetry.lock", f"{POETRY}[tool.poetry.dev-dependencies]\npytest = '*'", ["poetry install"]),
        ("poetry.lock", f"{POETRY}{OPTIONAL}pytest = '*'", ["poetry install --with qa"]),
        (
            "poetry.lock",
            f"{POETRY}dependencies = {{pytest = '8'}}\n[tool.poetry.extras]\ntest = ['pytest']",
            ["poetry install --extras test"],
        ),
        ("poetry.lock", f"{EXTRA}test = ['pytest']", ["poetry install --extras test"]),
        ("poetry.lock", f"{GROUPS}test = ['pytest']", ["poetry install"]),
        ("poetry.lock", PROJECT, ["poetry install", "poetry run python -m pip install pytest"]),
        ("a.txt", f"{POETRY}[tool.poetry.group.dev.dependencies]\npytest = '*'", ["poetry install"]),
        ("Pipfile.lock", "", ["pipenv install --dev --deploy", "pipenv run pip install pytest"]),
        ("a.txt", f"{EXTRA}qa = ['pytest']", ["python -m pip install '.[qa]'"]),
        ("a.txt", f"{EXTRA}test = ['x']\n{GROUPS}qa = ['pytest']", ["'.[test]'", "--group qa"]),
        ("a.txt", PROJECT, ["python -m pip install .", "python -m pip install pytest"]),
    ],
)
def test_the_packages_of_the_tests_are_installed(
    lock: str, text: str, install: list[str], tmp_path: Path
) -> None:
    (tmp_path / lock).touch()
    (tmp_path / "pytest.ini").touch()
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    (found,) = runners(tmp_path)
    commands = [one for one in found.install if not one.endswith(("install uv", "install poetry", "pipenv"))]
    assert [one for one, part in zip(commands, install, strict=True) if not one.endswith(part)] == []


@pytest.mark.parametrize(
    ("name", "text", "is_used"),
    [
        ("requirements.txt", "pytest\npytest-reportlog>=1\n", True),
        ("requirements.txt", "pytest\npytest-reportlog-extra\n", False),
        ("pyproject.toml", f"{EXTRA}test = ['pytest', 'pytest-reportlog']", True),
        ("pyproject.toml", f"{EXTRA}test = ['pytest']\nlog = ['pytest-reportlog']", False),
        ("Pipfile", "[dev-packages]\npytest = '*'\npytest-reportlog = '*'\n", True),
        ("Pipfile", "[dev-packages]\npytest = '*'\n# 'pytest-reportlog'\n", False),
    ],
)
def test_the_log_of_pytest_is_used_if_its_plugin_is_installed(
    name: str, text: str, is_used: bool, tmp_path: Path
) -> None:
    (tmp_path / "pytest.ini").touch()
    (tmp_path / name).write_text(text, encoding="utf-8")
    (found,) = runners(tmp_path)
    log = "onetest-reports/pytest.jsonl"
    assert (log in found.reports, f"pytest --report-log={log}" in found.command) == (is_used, is_used)
    assert ("--junit-xml" in found.command) != is_used


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        (("shop.py", "tests/test_cart.py"), [""]),
        (("test/conftest.py", "test/unit/test_cart.py", "test/web/test_page.py"), [""]),
        (("a/tests/test_cart.py", "b/tests/test_page.py"), ["a", "b"]),
        (("checks/test_cart.py",), ["checks"]),
        (("a/requirements.txt", "a/tests/test_cart.py"), ["a"]),
        (("a/tests/setup.cfg", "a/tests/test_cart.py"), ["a/tests"]),
    ],
)
def test_the_directory_in_which_files_of_tests_run(
    files: tuple[str, ...], folders: list[str], tmp_path: Path
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [found.folder for found in runners(tmp_path)] == folders


@pytest.mark.parametrize(("folder", "tool"), [("libs/a", "uv"), ("apps/a", "uv"), ("other/a", "python")])
def test_a_member_of_a_workspace_of_uv(folder: str, tool: str, tmp_path: Path) -> None:
    (tmp_path / "uv.lock").touch()
    (tmp_path / "pyproject.toml").write_text(WORKSPACE, encoding="utf-8")
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "pytest.ini").touch()
    (tmp_path / folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    assert [found.command.partition(" ")[0] for found in runners(tmp_path)] == [tool]


@pytest.mark.parametrize(
    ("allowed", "version"),
    [
        ("", "3.14"),
        (">=3.10", "3.14"),
        (">=3.9,<3.13", "3.12"),
        ("<3.14,>3.9", "3.13"),
        ("<=3.12", "3.11"),
        (">=3.9, !=3.14.*", "3.13"),
        (">=3.9, !=3.14", "3.14"),
        ("~=3.11", "3.14"),
        ("~=3.11.2", "3.11"),
        ("==3.12.*", "3.12"),
        ("==3.12.4", "3.12.4"),
        ("3.11", "3.11"),
        ("^3.10", "3.14"),
        ("~3.10", "3.10"),
        (">=3.8 <3.9 || >=3.10,<3.12", "3.11"),
        (">=3.15", "3.15"),
        ("<3", "3.14"),
        ("x" * 2000, "3.14"),
    ],
)
def test_the_newest_version_that_is_allowed(allowed: str, version: str) -> None:
    assert newest_allowed(allowed) == version


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("pyproject.toml", f"{PROJECT}requires-python = '>=3.9,<3.12'", "3.11"),
        ("pyproject.toml", f"{POETRY}[tool.poetry.dependencies]\npython = '~3.12'", "3.12"),
        ("setup.cfg", "[options]\npython_requires = >=3.9, <3.11\n", "3.10"),
        ("setup.py", "setup(\n    python_requires='<3.10',\n)\n", "3.9"),
        ("Pipfile", '[requires]\npython_version = "3.11"\n', "3.11"),
        ("Pipfile", '[requires]\npython_full_version = "3.11.4"\n', "3.11.4"),
        (".python-version", "# ours\n3.12.4\n", "3.12.4"),
        (".python-version", "pypy3.10\n", "3.14"),
        (".python-version", "3.12$(id)\n", "3.14"),
    ],
)
def test_the_project_chooses_the_version(name: str, text: str, version: str, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").touch()
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert f"\n  image: python:{version}\n" in file_for(tmp_path, "gitlab")
    chosen = "-file: .python-version" if name == ".python-version" else f': "{version}"'
    assert f"          python-version{chosen}\n" in file_for(tmp_path, "github")
