"""The plain mode: think, call tools, look, and again, until there is an outcome."""

from typing import Any

from pydantic_ai import Agent, ModelRetry, ToolOutput, UsageLimits
from pydantic_ai.exceptions import UnexpectedModelBehavior

from metier.errors import ModelError
from metier.modes.mode import Assignment, Objection

UNLIMITED = UsageLimits(request_limit=None)  # metier counts for itself, over all sessions of a run
TOOL_RETRIES = 25


async def react(assignment: Assignment) -> None:
    """Works on the assignment in one conversation; raises ModelError when the model gives nothing usable."""
    outputs: list[Any] = [
        ToolOutput(way.shape, name=way.name, description=way.description) for way in assignment.finishings
    ]
    agent: Agent[None, Any] = Agent(
        assignment.model,
        output_type=outputs,
        instructions=assignment.instructions,
        toolsets=[assignment.toolset],
        retries={"tools": TOOL_RETRIES, "output": assignment.retries},
        end_strategy="early",
        deps_type=type(None),
    )

    @agent.output_validator
    def hold(output: Any) -> Any:
        try:
            assignment.hold(output)
        except Objection as objection:
            raise ModelRetry(str(objection)) from objection
        return output

    try:
        await agent.run(assignment.prompt, usage_limits=UNLIMITED)
    except UnexpectedModelBehavior as error:
        raise ModelError(
            f"The model gave nothing usable: {error.message}", hint="Try again, or use another model."
        ) from error
