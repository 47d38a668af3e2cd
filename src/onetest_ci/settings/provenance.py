"""Where the values of settings came from."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What the sources of the settings left besides the values.

    Attributes:
        warnings: values that were set and do not count, in sentences for people.
        from_config: names of the options whose value ``.onetest.yml`` holds.
        config_root: the resolved directory that the paths of ``.onetest.yml`` stay below; None without one.
    """

    warnings: tuple[str, ...] = ()
    from_config: frozenset[str] = frozenset()
    config_root: Path | None = None

    def root_of(self, name: str) -> Path | None:
        """Return the directory that an option's paths must stay below; None if a person chose them."""
        return self.config_root if name in self.from_config else None
