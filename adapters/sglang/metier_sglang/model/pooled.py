"""What both models share: connections that are open while somebody uses it, and messages that stay as they are."""

from abc import abstractmethod
from types import TracebackType
from typing import Self

from pydantic_ai.messages import ModelMessage
from pydantic_ai.models import Model, ModelRequestParameters


class PooledModel(Model):
    """A model over connections that several runs use at once."""

    _users = 0

    def prepare_messages(
        self, messages: list[ModelMessage], model_request_parameters: ModelRequestParameters | None = None
    ) -> list[ModelMessage]:
        """Returns `messages` unchanged: nothing is announced to the model and no text is rewritten."""
        return messages

    @abstractmethod
    async def close(self) -> None:
        """Closes the connections; a later request opens new ones."""

    async def __aenter__(self) -> Self:
        """Keeps the connections open until the last user leaves."""
        self._users += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the connections when nobody else uses this model."""
        self._users -= 1
        if not self._users:
            await self.close()
