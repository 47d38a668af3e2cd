"""The Gateway service; a reporter needs it only to ask whether its key is good.

See docs/onetest-api.md#gateway.
"""

from onetest_ci.onetest.client.http import Http


class Gateway:
    """The Gateway service.

    Args:
        http: the connection to use.
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    def check_key(self) -> None:
        """Return when the key is accepted; may cost a coin.

        Relies on the status alone, since the answer's body is not documented.

        Raises:
            ServiceError: as ``Http.send``; ``Refused`` when the key is not accepted.
        """
        self._http.send("gateway.tools", values={})
