"""The whole error tree, and who is to blame.

MetierError                      what every error of metier is; carries `blame` and `hint`
|-- CallerError        caller    the request, a file or the set-up is wrong; the command line exits with 2
|   |-- InputError               a value, a file or a text that cannot be used
|   |-- MissingError             something asked for is not there: data, a toolkit, a run, a key, an extra
|   `-- StorageError             a folder or disk that cannot be read or written
|-- ModelError         model     the model failed or gave what cannot be used
|-- ToolError          tool      a tool refused its arguments or failed; told to the model, which may go on
|-- ServerError        server    a tool server or model server is dead, silent or out of protocol
|   `-- NotCoveredError          a source that is well and does not have what is asked of it; another may
|-- CheckError         check     a check itself is broken (it raised, or judged what it may not)
`-- JournalError       caller    a journal does not fit its run: another task, other code, or a damaged file

Every message says what happened in one line; `hint` says what to do next. Constructing one does no IO.
"""

from typing import ClassVar, Literal

Blame = Literal["caller", "model", "tool", "server", "check"]


class MetierError(Exception):
    """An error with somebody to blame and a next step."""

    blame: ClassVar[Blame] = "caller"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.hint))


def _rebuild(kind: type[MetierError], message: str, hint: str) -> MetierError:
    return kind(message, hint=hint)


class CallerError(MetierError):
    """The request, a file or the set-up is wrong."""

    blame = "caller"


class InputError(CallerError, ValueError):
    """A value, a file or a text that cannot be used."""


class MissingError(CallerError, LookupError):
    """Something asked for is not there: data, a toolkit, a run, a key, an extra."""


class StorageError(CallerError, OSError):
    """A folder or disk that cannot be read or written."""


class JournalError(CallerError):
    """A journal that does not fit its run."""


class ModelError(MetierError):
    """The model failed, or gave what cannot be used."""

    blame = "model"


class ToolError(MetierError):
    """A tool refused its arguments or failed. The model is told and may go on."""

    blame = "tool"


class ServerError(MetierError, ConnectionError):
    """A tool server or a model server is dead, silent or out of protocol.

    `sent` says whether the call may have reached it: when not, making it again cannot do anything twice.
    `retry_after_s` is the pause that the server asked for, in seconds, when it asked for one.
    """

    blame = "server"

    def __init__(self, message: str, *, hint: str = "", sent: bool = True, retry_after_s: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.sent = sent
        self.retry_after_s = retry_after_s

    def __reduce__(self) -> tuple[object, ...]:
        return (
            _rebuild,
            (type(self), self.message, self.hint),
            {"sent": self.sent, "retry_after_s": self.retry_after_s},
        )


class NotCoveredError(ServerError):
    """A source that is well but was not asked, for it does not cover this; another may."""

    def __init__(self, message: str, *, hint: str = "Another source may have it.") -> None:
        super().__init__(message, hint=hint, sent=False)


class CheckError(MetierError):
    """A check is broken: it raised, or judged what it may not."""

    blame = "check"
