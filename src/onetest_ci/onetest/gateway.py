"""Interface stub; the body follows."""

from onetest_ci.onetest.http import Http


class Gateway:
    """The Gateway service: is the key accepted."""

    def __init__(self, http: Http) -> None:
        raise NotImplementedError

    def check_key(self) -> None:
        """Return when the key is accepted, else raise."""
        raise NotImplementedError
