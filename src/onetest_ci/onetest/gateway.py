"""The Gateway service, which a reporter uses only to check its key.

See docs/onetest-api.md#gateway.
"""

from onetest_ci.onetest.client.http import Http


class Gateway:
    """The Gateway service.

    Args:
        http: makes the calls.
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    def check_key(self) -> None:
        """Return if the key is accepted. The call may cost a coin.

        Only the status counts, since the response's body is not documented.

        Raises:
            ServiceError: as ``Http.send``; ``Refused`` if the key is not accepted.
        """
        self._http.send("gateway.tools", values={})
