"""Measure the image: its size above its base, and its start and a report compared with the plain command.

    python benchmarks/image.py [IMAGE]
    python benchmarks/image.py --size [IMAGE]

Needs a Docker engine with the image (``make image``). Runs alternate; the medians are printed. ``true`` in
the image measures the engine alone.
"""

import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

COMMAND = Path(sys.executable).with_name("onetest-ci")
CASES = 100
ROUNDS = 7


def seconds_to_first_line(command: list[str]) -> float:
    """Return the seconds from the start of a command to its first line of output."""
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout  # noqa: S101 - requested above
        process.stdout.readline()
        took = time.perf_counter() - begin
        process.communicate()
    return took


def seconds(command: list[str]) -> float:
    """Return the seconds that a whole command takes."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def layers_of(image: str) -> list[str]:
    """Return the digests of an image's layers, the lowest first."""
    format_ = '{{join .RootFS.Layers " "}}'
    command = ["docker", "image", "inspect", "--format", format_, image]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def print_size(image: str) -> None:
    """Print the size of the image's layers above its base, as tar archives and compressed by gzip."""
    label = '{{index .Config.Labels "org.opencontainers.image.base.name"}}'
    command = ["docker", "image", "inspect", "--format", label, image]
    base = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    count = len(layers_of(base))
    if layers_of(image)[:count] != layers_of(base):
        sys.exit(f"{image} is not built on the local {base}")
    save = ["docker", "save", image]
    unpacked = compressed = 0
    with tempfile.TemporaryFile() as saved:
        subprocess.run(save, check=True, stdout=saved)
        saved.seek(0)
        with tarfile.open(fileobj=saved) as archive:
            manifest = archive.extractfile("manifest.json")
            assert manifest  # noqa: S101 - each saved image has one
            for name in json.load(manifest)[0]["Layers"][count:]:
                layer = archive.extractfile(name)
                assert layer  # noqa: S101 - the manifest names it
                content = layer.read()
                unpacked += len(content)
                compressed += len(zlib.compress(content))
    mib = 1024 * 1024
    print(f"{image} over {base}: {unpacked / mib:.1f} MiB unpacked, {compressed / mib:.1f} MiB compressed")


def main() -> None:
    """Print the size and, without ``--size``, the table of times."""
    names = [name for name in sys.argv[1:] if name != "--size"]
    image = names[0] if names else "onetest-report"
    print_size(image)
    if "--size" not in sys.argv:
        print_times(image)


def print_times(image: str) -> None:
    """Print the table of times."""
    with tempfile.TemporaryDirectory() as folder:
        cases = "".join(f"<testcase classname='c' name='t{number}'/>" for number in range(CASES))
        (Path(folder) / "a.xml").write_text(f"<testsuite name='s'>{cases}</testsuite>", encoding="utf-8")
        with subprocess.Popen([COMMAND, "emulator", "--port", "0"], stdout=subprocess.PIPE) as onetest:
            assert onetest.stdout  # noqa: S101 - requested above
            announced = json.loads(onetest.stdout.readline())
            settings = {
                "ONETEST_BASE_URL": announced["url"],
                "ONETEST_PRODUCT_ID": announced["product_id"],
                "ONETEST_API_KEY": announced["api_key"],
            }
            plain = ["env", "--chdir", folder, *(f"{name}={value}" for name, value in settings.items())]
            docker = ["docker", "run", "--rm", "--network=host", f"--volume={folder}:/w", "--workdir=/w"]
            docker += [f"--env={name}={value}" for name, value in settings.items()]
            measured: dict[str, Callable[[], float]] = {
                "engine alone (true)": partial(seconds, [*docker, image, "true"]),
                "first line, plain": partial(seconds_to_first_line, [str(COMMAND), "--version"]),
                "first line, image": partial(seconds_to_first_line, [*docker, image, "--version"]),
                f"report of {CASES} tests, plain": lambda: seconds([*plain, str(COMMAND), "report", "a.xml"]),
                f"report of {CASES} tests, image": partial(seconds, [*docker, image, "report", "a.xml"]),
            }
            rounds = [{name: run() for name, run in measured.items()} for _ in range(ROUNDS)]
            onetest.terminate()
    medians = {name: statistics.median(one[name] for one in rounds) for name in measured}
    for name, value in medians.items():
        print(f"{name:30} {value:6.2f} s")
    for what in ("first line", f"report of {CASES} tests"):
        ratio = medians[f"{what}, image"] / medians[f"{what}, plain"]
        print(f"{what}: image / plain = {ratio:.2f}")


if __name__ == "__main__":
    main()
