"""What a model may fill in: a way to end, or a paper that its mode takes from it and goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_ai.messages import ToolCallPart
from pydantic_ai.tools import GenerateToolJsonSchema, ToolDefinition

from metier.canonical import JSON
from metier.modes.mode import Finishing, Outcome


@dataclass(frozen=True, slots=True)
class Form:
    """A tool that the mode itself answers.

    `take` is given the filled-in shape. It returns None when the conversation is over with it, or what the model is
    told when it goes on; it raises Objection when the model must fill it in again.
    """

    name: str
    shape: type[BaseModel]
    description: str
    take: Callable[[Any], str | None]

    def define(self) -> ToolDefinition:
        """Returns the tool as a model is shown it."""
        schema = self.shape.model_json_schema(schema_generator=GenerateToolJsonSchema)
        told = schema.pop("description", "")
        return ToolDefinition(
            name=self.name,
            description=f"{self.description} {told}".strip(),
            parameters_json_schema=schema,
            kind="output",
        )

    def read(self, call: ToolCallPart) -> BaseModel:
        """Returns what the model filled in; raises ValidationError."""
        adapter: TypeAdapter[BaseModel] = TypeAdapter(self.shape)
        if isinstance(call.args, str):
            return adapter.validate_json(call.args or "{}")
        return adapter.validate_python(call.args or {})


def forms_of(finishings: Sequence[Finishing], hold: Callable[[Outcome], None]) -> tuple[Form, ...]:
    """Returns the ways to end as forms: an outcome that `hold` takes is the end."""

    def take(outcome: Outcome) -> str | None:
        hold(outcome)
        return None

    return tuple(Form(way.name, way.shape, way.description, take) for way in finishings)


def faults_in(error: ValidationError) -> list[Any]:
    """Returns what does not fit, as a model is told it: without links, and without what it wrote."""
    faults: list[dict[str, JSON]] = []
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        faults.append({"type": fault["type"], "loc": [*fault["loc"]], "msg": fault["msg"]})
    return faults
