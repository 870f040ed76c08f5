"""Failures of the transport, told to the one call that they befell.

The SDK carries answers to callers, and only answers: an error raised inside a transport ends the whole session. So a
transport that knows what went wrong with one call answers it with a token, and the owner of the session gives the error
for the token. No server can make one: a token is random and works once.
"""

import secrets
from collections import OrderedDict

from mcp.shared.exceptions import MCPError
from mcp.types import INTERNAL_ERROR, ErrorData

from metier.errors import MetierError

KEPT = 1_000  # errors whose callers left before they were told
_KEY = "metier/fault"


class Faults:
    """The failures of one session: of calls, by token, and the one that ended it.

    `ended` is why the session is of no more use, None while nobody knows of a reason; `lasting` says that opening
    another would end the same way. `last_words` is the last line of a child process on standard error, as it is.
    """

    def __init__(self) -> None:
        self.ended: MetierError | None = None
        self.broken = False
        self.lasting = False
        self.last_words = ""
        self._kept: OrderedDict[str, MetierError] = OrderedDict()

    def note(self, error: MetierError) -> ErrorData:
        """Returns what stands for `error` on the wire."""
        token = secrets.token_hex(8)
        self._kept[token] = error
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return ErrorData(code=INTERNAL_ERROR, message=error.message, data={_KEY: token})

    def end(self, error: MetierError, *, lasting: bool = False) -> None:
        """Notes why the session ends; the first reason counts."""
        self.broken = True
        self.lasting = self.lasting or lasting
        self.ended = self.ended or error

    def behind(self, error: MCPError) -> MetierError | None:
        """Returns the failure that `error` stands for, if it stands for one."""
        data = error.data
        token = data.get(_KEY) if isinstance(data, dict) else None
        return self._kept.pop(token, None) if isinstance(token, str) else None
