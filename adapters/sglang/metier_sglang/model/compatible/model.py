"""The model over the OpenAI-compatible route: the server renders the messages and reads the answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings

from metier.errors import InputError
from metier_sglang.model.compatible.answers import Lineage
from metier_sglang.model.compatible.bodies import Bodies, Wanted
from metier_sglang.model.compatible.exchange import PROVIDER, Exchange, prepare_exchange
from metier_sglang.model.compatible.streaming import StreamedAnswer
from metier_sglang.model.forcing import choose
from metier_sglang.model.pooled import PooledModel
from metier_sglang.model.profile import IGNORED, PROFILE
from metier_sglang.model.settings import SglangModelSettings, read_settings
from metier_sglang.transport.chat import ChatClient


class CompatibleModel(PooledModel):
    """A model behind an OpenAI-compatible server: vLLM, llama.cpp, Ollama, a gateway, or SGLang's own such route.

    `server` is the base URL, or a client for it; `name` the model's name there. The server applies the chat template
    and parses the calls, so what it takes for structure is its own affair; token ids are kept only with the setting
    `sglang_tokens`, from servers that give them (SGLang; vLLM, not in streams). Where a call is demanded the tools are
    sent as strict, since servers otherwise hold only the call's wrapper to the schema.
    """

    unsupported_settings = IGNORED

    def __init__(
        self,
        server: ChatClient | str,
        name: str,
        *,
        api_key: str = "",
        settings: SglangModelSettings | None = None,
    ) -> None:
        if not name:
            raise InputError("No model was named.", hint="Give the name under which the server has it.")
        read_settings(settings)
        super().__init__(settings=settings, profile=PROFILE)
        self._client = ChatClient(server, api_key=api_key) if isinstance(server, str) else server
        self._name = name
        self._bodies, self._lineage = Bodies(), Lineage()

    @property
    def model_name(self) -> str:
        """Returns the name of the model."""
        return self._name

    @property
    def system(self) -> str:
        """Returns the provider."""
        return PROVIDER

    @property
    def base_url(self) -> str:
        """Returns the server's address."""
        return self._client.address

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        """Returns the response; raises InputError, ServerError, ModelError or MissingError."""
        exchange = self._prepare(messages, model_settings, model_request_parameters, stream=False)
        deadline_s = exchange.wanted.options.deadline_s
        value = await self._client.complete(exchange.body, key=exchange.key, deadline_s=deadline_s)
        return exchange.answer(value)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        """Gives the response as it comes; leaving the context before its end closes the connection."""
        exchange = self._prepare(messages, model_settings, model_request_parameters, stream=True)
        deadline_s = exchange.wanted.options.deadline_s
        async with self._client.stream(exchange.body, key=exchange.key, deadline_s=deadline_s) as chunks:
            yield StreamedAnswer(exchange.wanted.parameters, exchange, chunks)

    async def close(self) -> None:
        """Closes the connections; a later request opens new ones."""
        await self._client.close()

    def _prepare(
        self,
        messages: list[ModelMessage],
        settings: ModelSettings | None,
        parameters: ModelRequestParameters,
        *,
        stream: bool,
    ) -> Exchange:
        merged, prepared = self.prepare_request(settings, parameters)
        choice = choose((merged or {}).get("tool_choice"), prepared)
        wanted = Wanted(self._name, read_settings(merged), choice, prepared, stream)
        return prepare_exchange(messages, wanted, self._bodies, self._lineage, self._client.address)
