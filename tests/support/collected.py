"""A bundle, written by the installed command and looked at from outside."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from support.command import run
from support.in_process import run_here


class Collected:
    """What ``collect`` wrote, in this process if ``here``."""

    def __init__(
        self, shop: Path, *args: str, env: Mapping[str, str] | None = None, here: bool = False
    ) -> None:
        self.done = (run_here if here else run)("collect", *args, cwd=shop, env=env)
        assert self.done.stdout.count("\n") == 1
        self.place = Path(self.done.stdout.rstrip("\n"))
        self.manifest: dict[str, Any] = json.loads((self.place / "bundle.json").read_text(encoding="utf-8"))

    @property
    def files(self) -> list[tuple[str, str]]:
        """Name and type of the attachments, in order."""
        return [(name, kind) for case in self.cases for name, _, kind, _ in case.get("files", [])]

    @property
    def places(self) -> list[tuple[str, str]]:
        """Name and place of the attachments, in order."""
        return [(name, file) for case in self.cases for name, file, _, _ in case.get("files", [])]

    @property
    def cases(self) -> list[dict[str, Any]]:
        return [row["case"] for row in self.rows() if "case" in row]

    @property
    def warnings(self) -> list[str]:
        return self._texts("warning")

    @property
    def notes(self) -> list[str]:
        return self._texts("note")

    def _texts(self, wanted: str) -> list[str]:
        return [text for _, text, _, level, _ in self.manifest["notices"] if level == wanted]

    def rows(self) -> list[dict[str, Any]]:
        lines = (self.place / "items.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def names(self, folder: str = "") -> list[str]:
        place = self.place / folder
        return sorted(path.name for path in place.iterdir()) if place.is_dir() else []

    def reports(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.place / "artifacts" / "reports.zip") as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}
