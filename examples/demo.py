"""Report the sample project to a local OneTest and print the launch.

Run it with ``make demo``. To keep the local OneTest running afterwards and look around:

    .venv/bin/python examples/demo.py --keep
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = str(Path(sys.executable).parent / "onetest-ci")
REPORT_ARGUMENTS = (
    "examples/sample-project/reports/**/*.xml",
    *("--launch-name", "Sample project"),
    *("--environment", "staging", "--environment-url", "https://staging.shop.example"),
    *("--build-version", "1.4.2"),
    *("--artifacts", "examples/sample-project/reports/attachments/*.log"),
    "--fail-on-upload-error",
)
# The only variables that the commands inherit. Without CI's variables a demo inside CI looks the same, and
# writes nothing into the outputs of its job.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TERM", "NO_COLOR", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT")


def main() -> int:
    """Run the demo and return the exit code of ``onetest-ci report``."""
    parser = argparse.ArgumentParser(description="Report the sample project to a local OneTest.")
    parser.add_argument("--keep", action="store_true", help="keep the local OneTest running until Ctrl-C")
    keep = parser.parse_args().keep
    # On SIGTERM the clean-up below runs too.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with emulator(environment) as (process, onetest):
        print(f"A local OneTest listens on {onetest['url']}\n", flush=True)
        exit_code, launch_url = report(onetest, environment)
        if exit_code != 0:
            print(f"\nonetest-ci report ended with exit code {exit_code}.", flush=True)
        elif keep:
            look_around(process, onetest, launch_url)
        else:
            print(f"\nThe launch was {launch_url}; the local OneTest stops now.")
            again = " ".join(os.path.relpath(path) for path in (sys.executable, __file__))
            print(f"To look at it in a browser: {again} --keep", flush=True)
    return exit_code


@contextmanager
def emulator(environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run ``onetest-ci emulator``; yield its process and the data that it prints when it listens."""
    arguments = [COMMAND, "emulator", "--port", "0"]
    process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            sys.exit(f"The emulator did not start; it ended with exit code {process.wait()}.")
        yield process, json.loads(line)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def report(onetest: dict[str, str], environment: dict[str, str]) -> tuple[int, str]:
    """Run ``onetest-ci report`` on the sample project; return its exit code and the launch's address."""
    ours = {
        "ONETEST_API_KEY": onetest["api_key"],
        "ONETEST_BASE_URL": onetest["url"],
        "ONETEST_PRODUCT_ID": onetest["product_id"],
    }
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "outcome.json"
        arguments = [COMMAND, "report", *REPORT_ARGUMENTS, "--json", str(written)]
        result = subprocess.run(arguments, cwd=ROOT, env=environment | ours, check=False)
        outcome = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
    return result.returncode, outcome.get("launch_url", "")


def look_around(process: subprocess.Popen[str], onetest: dict[str, str], launch_url: str) -> None:
    """Print the addresses to look at and wait for Ctrl-C."""
    launches = f"{onetest['url']}/api/receiver/api/v1/products/{onetest['product_id']}/launches"
    with suppress(KeyboardInterrupt):
        print(f"\nOpen {launch_url}")
        print(f"or look around in all of it: {onetest['url']}/sign-in?token={onetest['session_token']}")
        print("or read the launches over the API:")
        print(f"  curl -H 'Authorization: Bearer {onetest['session_token']}' {launches}")
        print("Ctrl-C stops the local OneTest.", flush=True)
        process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
