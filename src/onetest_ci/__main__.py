"""``python -m onetest_ci``: the same command as ``onetest-ci``."""

from onetest_ci.cli import main

if __name__ == "__main__":
    main()
