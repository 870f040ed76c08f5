"""What an HTTP server answered, whole, and how JSON is read from it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic_core import from_json

from metier.canonical import JSON
from metier.errors import ServerError

OUT_OF_PROTOCOL = "Something else than an SGLang server may listen there, or a proxy between cuts or rewrites replies."


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content_type(self) -> str:
        """Returns the media type without its parameters, "" when the server gave none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def read_object(reply: Reply, *, server: str) -> dict[str, JSON]:
    """Returns the JSON object of a reply; raises ServerError when it is none, naming `server`."""
    kind = reply.content_type
    if kind and kind != "application/json" and not kind.endswith("+json"):
        raise strange(server, f"it answered {kind!r} where JSON belongs")
    return object_of(reply.body, server=server)


def object_of(text: bytes, *, server: str) -> dict[str, JSON]:
    """Returns the JSON object that `text` is; raises ServerError when it is none."""
    try:
        value = from_json(text)
    except ValueError as error:
        raise strange(server, "its JSON is cut off or damaged") from error
    if not isinstance(value, dict):
        raise strange(server, "it answered JSON that is no object")
    return value


def strange(server: str, reason: str) -> ServerError:
    """Returns the error of a server that does not keep to the protocol."""
    return ServerError(f"{server} answers out of protocol: {reason}.", hint=OUT_OF_PROTOCOL)
