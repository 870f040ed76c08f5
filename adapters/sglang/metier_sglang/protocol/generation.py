"""What goes to a server and what comes back, whatever route it takes. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass

from metier.canonical import JSON
from metier.tokens import Span


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """One sample, asked for over SGLang's native route (`POST /generate`).

    `input_ids` is the prompt; `encoded` the same as JSON text without brackets ("1,2,3"), kept so that a long prompt is
    not written anew each turn. `sampling` are SGLang's sampling parameters. `key` decides which server is asked first:
    requests with equal keys go to one server while it is well.
    """

    rid: str
    input_ids: tuple[int, ...]
    encoded: str
    sampling: Mapping[str, JSON]
    key: str = ""
    logprobs: bool = True
    priority: int | None = None
    lora: str = ""
    images: tuple[str, ...] = ()
    require_reasoning: bool = False
    deadline_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """What came since the last chunk of a stream. The last one has `finish`; numbers are the response's so far."""

    ids: tuple[int, ...]
    logprobs: tuple[float, ...] = ()
    finish: str = ""
    prompt_tokens: int = 0
    cached: int | None = None
    version: str = ""
    server: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """A whole sample. `finish` is "stop" or "length"; an abort is never returned.

    `spans` say which weights gave which tokens: several, when the weights were changed or another server went on.
    """

    ids: tuple[int, ...]
    logprobs: tuple[float, ...]
    finish: str
    prompt_tokens: int
    cached: int | None
    server: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server says of itself (`/server_info`, `/model_info`). Empty or None where it says nothing.

    `tokenizer` is a folder on the server's machine or a repository's name; `context` is in tokens; `model_type` is of
    the weights' config.json.
    """

    model: str
    served_name: str
    tokenizer: str
    context: int | None
    tool_parser: str
    reasoning_parser: str
    version: str
    weight_version: str
    max_running: int | None = None
    has_images: bool = False
    is_router: bool = False
    model_type: str = ""
