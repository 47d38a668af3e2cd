"""The command line."""


def main() -> None:
    """Run ``onetest-ci``."""
