"""Whether a file comes with the commit that is checked out."""

from pathlib import Path

from onetest_ci.ci.checkout import git_directories, read_checkout
from onetest_ci.ci.git_objects import NotAFile, ObjectMissing, read_file


def is_tracked(file: Path) -> bool:
    """Return whether a file, or the link that it is, is in the commit around it. False if that is unknown."""
    try:
        place = file.parent.resolve() / file.name
    except (OSError, RuntimeError):
        return False
    checkout = read_checkout(place.parent)
    git = git_directories(checkout.root) if checkout else None
    if checkout is None or git is None or not checkout.commit:
        return False
    try:
        path = place.relative_to(checkout.root).as_posix()
        return read_file(git.common, checkout.commit, path, 0) is not None
    except NotAFile:
        return True
    except ObjectMissing:
        return False
