"""One exchange with an OpenAI-compatible server: a body out, a response in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelResponse

from metier.canonical import JSON
from metier.errors import ServerError
from metier.tokens import DETAILS, dump_record
from metier_sglang.model.compatible.answers import (
    Lineage,
    Tokens,
    choice_of,
    finish_in,
    parts_in,
    text_in,
    usage_in,
)
from metier_sglang.model.compatible.bodies import Bodies, Wanted
from metier_sglang.model.history.routing import conversation_of

PROVIDER = "compatible"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A body, ready to be sent; `earlier` are the ids of the responses before it, where tokens are kept."""

    wanted: Wanted
    body: bytes
    key: str
    earlier: tuple[str, ...]
    lineage: Lineage
    url: str

    def details(self, tokens: Tokens, rid: str, finish: str) -> dict[str, Any] | None:
        """Returns the provider details of a response: its tokens, where the server gave them."""
        if not tokens.prompt or not tokens.sampled:
            return None
        return {DETAILS: dump_record(self.lineage.record(tokens, rid, self.earlier, finish))}

    def answer(self, value: Mapping[str, JSON]) -> ModelResponse:
        """Returns the response that a whole completion is; raises ServerError when it is none."""
        choice = choice_of(value)
        message = choice.get("message")
        if not isinstance(message, dict):
            raise ServerError(f"{self.url} gave a completion without a message.", hint="Is it OpenAI-compatible?")
        tokens = Tokens()
        tokens.take(value, choice)
        rid = self.lineage.name(text_in(value, "id"), self.earlier)
        return ModelResponse(
            parts=parts_in(message),
            usage=usage_in(value),
            model_name=text_in(value, "model") or self.wanted.model,
            provider_name=PROVIDER,
            provider_url=self.url,
            provider_response_id=rid,
            finish_reason=finish_in(choice),
            provider_details=self.details(tokens, rid, text_in(choice, "finish_reason")),
        )


def prepare_exchange(
    messages: Sequence[ModelMessage], wanted: Wanted, bodies: Bodies, lineage: Lineage, url: str
) -> Exchange:
    """Returns the next exchange; raises InputError for a history that can not be shown."""
    ids = (
        [m.provider_response_id or "" for m in messages if isinstance(m, ModelResponse)]
        if wanted.options.tokens
        else []
    )
    return Exchange(
        wanted=wanted,
        body=bodies.write(messages, wanted),
        key=wanted.options.key or conversation_of(messages),
        earlier=tuple(ids),
        lineage=lineage,
        url=url,
    )
