"""Interface stub; the body follows."""

from collections.abc import Mapping


class Endpoints:
    """The paths in force."""

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        raise NotImplementedError

    def path(self, name: str, /, **values: str) -> str:
        """The first path of the named call."""
        raise NotImplementedError
