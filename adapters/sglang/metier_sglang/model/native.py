"""The model over SGLang's native route: token ids in, token ids out."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings

from metier_sglang.model.history.mapping import PROVIDER
from metier_sglang.model.pooled import PooledModel
from metier_sglang.model.profile import IGNORED, PROFILE
from metier_sglang.model.settings import SglangModelSettings, read_settings
from metier_sglang.model.turns.checking import cross_check
from metier_sglang.model.turns.conversation import Conversation
from metier_sglang.model.turns.opening import open_weights
from metier_sglang.model.turns.streaming import StreamedSample
from metier_sglang.model.turns.turn import Opened, Turn, answer, prepare_turn
from metier_sglang.transport.contract import Transport
from metier_sglang.transport.fleet import Fleet


class SglangModel(PooledModel):
    """Weights behind one or several SGLang servers, spoken to in token ids.

    `servers` is a transport, or the URLs of servers that hold the same weights. `tokenizer` is a folder or a hub name;
    without it, the server's own is used where it can be had. `format` names how the weights write tool calls, `style`
    how tools are shown to them (see `metier_sglang.text.rendering`); without them the server's flags and the template
    decide. Every response carries its tokens (`metier.tokens`), and a run goes on from them, token for token.
    """

    unsupported_settings = IGNORED

    def __init__(
        self,
        servers: Transport | str | Sequence[str],
        *,
        tokenizer: Path | str | None = None,
        format: str = "",
        style: str = "",
        settings: SglangModelSettings | None = None,
        api_key: str = "",
    ) -> None:
        read_settings(settings)
        super().__init__(settings=settings, profile=PROFILE)
        self._transport = _connect(servers, api_key)
        self._tokenizer, self._format, self._style = str(tokenizer or ""), format, style
        self._opened: Opened | None = None

    @property
    def model_name(self) -> str:
        """Returns the name that the server gives its model; "default" until it was asked."""
        return (self._opened.info.served_name if self._opened else "") or "default"

    @property
    def system(self) -> str:
        """Returns the provider."""
        return PROVIDER

    @property
    def base_url(self) -> str | None:
        """Returns the address of the first server, None for a transport of another kind."""
        return self._transport.addresses[0] if isinstance(self._transport, Fleet) else None

    @property
    def context_window(self) -> int | None:
        """Returns the size of the context in tokens; None until the server was asked, or where it does not say."""
        return self._opened.info.context if self._opened else None

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns the response; a cancelled request is aborted on its server.

        Raises InputError, ServerError, ModelError or MissingError.
        """
        turn = await self._prepare(messages, model_settings, model_request_parameters)
        sample = await self._transport.generate(turn.request)
        response = answer(turn, sample)
        if turn.options.cross_check:
            await cross_check(self._transport, turn, sample, response)
        return response

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        """Gives the response as it comes; leaving the context before its end aborts the request on its server."""
        turn = await self._prepare(messages, model_settings, model_request_parameters)
        async with self._transport.stream(turn.request) as chunks:
            yield StreamedSample(turn.parameters, turn, chunks)

    async def close(self) -> None:
        """Closes the connections; a later request opens new ones."""
        await self._transport.close()

    async def open(self) -> Opened:
        """Returns what is known of the server and its weights, asked and read once; raises what `request` raises."""
        if self._opened is None:
            info = await self._transport.info()
            weights = await open_weights(info, tokenizer=self._tokenizer, format=self._format, style=self._style)
            if self._opened is None:
                self._opened = Opened(info, weights, Conversation(weights.renderer, weights.identity))
        return self._opened

    async def _prepare(
        self, messages: list[ModelMessage], settings: ModelSettings | None, parameters: ModelRequestParameters
    ) -> Turn:
        merged, prepared = self.prepare_request(settings, parameters)
        return prepare_turn(await self.open(), messages, merged, prepared)


def _connect(servers: Transport | str | Sequence[str], api_key: str) -> Transport:
    if isinstance(servers, str):
        return Fleet([servers], api_key=api_key)
    if isinstance(servers, Sequence):
        return Fleet(list(servers), api_key=api_key)
    return servers
