"""The weather agent of the model's tests, and the token records of what it said."""

import json
from collections.abc import Sequence

from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelResponse,
)
from pydantic_ai.models import Model

from metier.tokens import TokenRecord, load_record

SYSTEM = "You answer questions about the weather. Look it up."
CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Astra"}}\n</tool_call>'


class Report(BaseModel):
    city: str
    celsius: int


def weather_agent(model: Model) -> Agent[None, str]:
    agent = Agent(model, instructions=SYSTEM)

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """Returns today's weather in a city."""
        return json.dumps({"city": city, "celsius": 18, "sky": "clear"})

    return agent


def records(messages: Sequence[ModelMessage]) -> list[TokenRecord]:
    return [
        load_record(message.provider_details["tokens"])
        for message in messages
        if isinstance(message, ModelResponse) and message.provider_details
    ]


def reload(messages: Sequence[ModelMessage]) -> list[ModelMessage]:
    return ModelMessagesTypeAdapter.validate_json(ModelMessagesTypeAdapter.dump_json(list(messages)))
