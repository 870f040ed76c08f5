"""What a completion may name: tools, and ways to end. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.settings import ModelSettings, ToolOrOutput
from pydantic_ai.tools import ToolDefinition

from metier.canonical import JSON

PYTHON_TOOLS = ("PythonInterpreter", "python")
"""The names of the tool whose argument is a program; other tools may have `python` in their names or arguments."""

_GIVE = "give_answer"  # alone, or with the name of a toolkit; this family gives an answer as prose
ENDINGS: dict[str, tuple[str, JSON]] = {
    "adopt_answer": ("a result holds the whole answer", {"evidence": "ev-0123456789abcdef"}),
    "refuse_task": ("no answer can be given", {"reasons": ["why"]}),
    "ask_user": ("something must be asked first", {"questions": [{"text": "what"}]}),
}
"""When to end otherwise than in prose, and the least that each way needs, by the names of the runtime's forms."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The names that mean something in a completion.

    `tools` can be called, `endings` end the run, `withdrawn` are tools that cannot be called any more, and `coded` take
    a program in code tags. `takes_prose` says that a text can be the answer, `is_last` that the end must come now.
    """

    tools: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    takes_prose: bool = True
    is_last: bool = False

    @property
    def is_plain(self) -> bool:
        """Returns whether nothing can be called or ended: a plain question, whose answer is a text without tags."""
        return not (self.tools or self.endings or self.withdrawn)


def make_offer(parameters: ModelRequestParameters, settings: ModelSettings | None) -> Offer:
    """Returns what a request offers; with a tool choice that allows no function, the functions are withdrawn.

    A form that is no way to end (a mode's own, such as its outline) is offered like a tool.
    """
    functions = tuple(tool.name for tool in parameters.function_tools)
    forms = tuple(tool.name for tool in parameters.output_tools if not is_ending(tool.name))
    is_last = _allows_no_function(settings)
    return Offer(
        tools=forms if is_last else (*functions, *forms),
        endings=tuple(tool.name for tool in parameters.output_tools if is_ending(tool.name)),
        withdrawn=functions if is_last else (),
        coded=tuple(tool.name for tool in parameters.function_tools if takes_code(tool)),
        takes_prose=takes_prose(parameters),
        is_last=is_last,
    )


def is_ending(name: str) -> bool:
    """Returns whether the form of this name is one of the runtime's ways to end a run."""
    return name in ENDINGS or _is_giving(name)


def takes_prose(parameters: ModelRequestParameters) -> bool:
    """Returns whether a text between answer tags can end the work: where an answer can be given at all."""
    return parameters.allow_text_output or any(_is_giving(tool.name) for tool in parameters.output_tools)


def told_tools(parameters: ModelRequestParameters) -> Iterable[ToolDefinition]:
    """Yields the tools whose signatures the model is told: the same in every turn, whatever may be called."""
    yield from parameters.function_tools
    yield from (tool for tool in parameters.output_tools if not is_ending(tool.name))


def takes_code(tool: ToolDefinition) -> bool:
    """Returns whether a tool is the one that runs a program: by its whole name and by what it takes."""
    properties = tool.parameters_json_schema.get("properties")
    given: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
    return tool.name in PYTHON_TOOLS and (not given or "code" in given)


def _is_giving(name: str) -> bool:
    return name == _GIVE or name.startswith(f"{_GIVE}_")


def _allows_no_function(settings: ModelSettings | None) -> bool:
    choice = (settings or {}).get("tool_choice")
    return choice == "none" or (isinstance(choice, ToolOrOutput) and not choice.function_tools)
