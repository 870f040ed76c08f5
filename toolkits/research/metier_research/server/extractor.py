"""The model that reads pages for a goal, where the user named one: any endpoint of the OpenAI chat protocol.

It gets no tools and no conversation. What it says is a choice among passages, or a summary that nobody may cite.
"""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from metier.canonical import JSON
from metier.errors import InputError, ServerError
from metier_research.web.http import ask_json
from metier_research.web.urls import read_target

KEY: Final = "METIER_EXTRACTOR_KEY"
TIMEOUT_S: Final = 45.0
MOST_TOKENS: Final = 2_000

Ask = Callable[[str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Extractor:
    """Where a model is asked. `allowed` is its host with its port: the user named it, on whatever network it is."""

    address: str
    model: str
    allowed: frozenset[str]


def read_extractor(option: str) -> Extractor:
    """Returns what `http://host:port/v1?model=NAME` names; raises InputError for what names no model."""
    try:
        parts = urlsplit(option)
    except ValueError:  # half an IPv6 address
        parts = urlsplit("")
    models = parse_qs(parts.query).get("model", [])
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or len(models) != 1:
        raise InputError("extractor= names no model.", hint="Give extractor=http://host:port/v1?model=NAME.")
    target = read_target(f"{parts.scheme}://{parts.netloc}/", any_port=True)
    address = f"{target.origin}{parts.path.rstrip('/')}/chat/completions"
    return Extractor(address, models[0], frozenset((f"{target.host}:{target.port}",)))


def open_extractor(option: str) -> Ask | None:
    """Returns what asks the model that the option names (`read_extractor`); None for an empty option.

    The key is read from METIER_EXTRACTOR_KEY. Raises InputError for an option that names no model.
    """
    if not option:
        return None
    named = read_extractor(option)

    async def ask(prompt: str) -> str:
        key = os.environ.get(KEY, "").strip()
        body: dict[str, JSON] = {
            "model": named.model,
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "messages": [{"role": "user", "content": prompt}],
        }
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = await ask_json(
            named.address, headers=headers, json=body, timeout_s=TIMEOUT_S, allow_private=named.allowed
        )
        return _said_in(answer)

    return ask


def _said_in(answer: JSON) -> str:
    """Returns what the model said in a chat completion; raises ServerError for an answer of another shape."""
    match answer:
        case {"choices": [{"message": {"content": str(said)}}, *_]}:
            return said
    raise ServerError("The extractor answered in another shape.", hint="It must speak the OpenAI chat protocol.")
