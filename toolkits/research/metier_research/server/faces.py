"""How a model sees the tools: their own names and words, or those that weights were trained with (`names=seed`).

The words of the seed are an interface, and kept letter by letter; what its weights pass for a list, a list is. A single
text where a list is asked for is taken for a list of one, which no schema says.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import BeforeValidator, Field

from metier.toolkit import Settings
from metier_research.pages.tools import SCHOLAR, SEARCH, as_list, face_of

MOST: Final = 10
_Url = Annotated[str, Field(description="The address of a page.")]
_Text = Annotated[str, Field(max_length=2_000)]


@dataclass(frozen=True, slots=True)
class Guise:
    """A tool as a model sees it: name, description, and its parameters by name. The others keep their defaults."""

    name: str
    description: str
    parameters: Mapping[str, Any]


_PLAIN: Final = {
    "visit": Guise(
        "visit",
        "Reads pages and returns the passages that help with a goal, letter by letter, each with its evidence id, and "
        "links to go on. A page that cannot be read says why; the others are read all the same.",
        {
            "url": Annotated[
                list[_Url],
                Field(
                    min_length=1,
                    max_length=MOST,
                    description="Addresses that a search or a page named. Add #char=FROM,TO to read just that span.",
                ),
            ],
            "goal": Annotated[_Text, Field(description="What is wanted from the pages, in a sentence.")],
        },
    ),
    "python": Guise(
        "python",
        "Runs a Python program and returns what it prints. It has no network, none of the user's files and no memory "
        "of earlier programs. Use it to compute; a number that it prints can be cited.",
        {"code": Annotated[str, Field(max_length=100_000, description="The program. Print what is to be seen.")]},
    ),
    "read_file": Guise(
        "read_file",
        "Reads files of the user (PDF, Office, HTML, CSV, text, ZIP) and returns the passages that help with a goal, "
        "each with its evidence id. Only files below the folders that the user named can be read. To read on, visit "
        "file:NAME#char=FROM,TO.",
        {
            "files": Annotated[
                list[str], Field(min_length=1, max_length=MOST, description="Names of files below those folders.")
            ],
            "goal": Annotated[_Text, Field(description="What is wanted from them; empty for their beginning.")],
        },
    ),
    "explore": Guise(
        "explore",
        "Looks for the answer to a question on one site by clicking from page to page, 15 clicks at most, and returns "
        "the passages that help, each with its evidence id, and the clicks. It never leaves the site. For a page whose "
        "address is known, visit is cheaper.",
        {
            "site": Annotated[
                str,
                Field(description="Where to begin: a page, https://host/folder/ to stay below it, or wiki://NAME."),
            ],
            "question": Annotated[_Text, Field(description="What is to be found out, as a whole question.")],
        },
    ),
}
_SEED: Final = {
    "visit": Guise(
        "visit",
        "Visit webpage(s) and return the summary of the content.",
        {
            "url": Annotated[
                list[str],
                Field(
                    min_length=1,
                    max_length=MOST,
                    description="The URL(s) of the webpage(s) to visit. Can be a single URL or an array of URLs.",
                ),
            ],
            "goal": Annotated[_Text, Field(description="The specific information goal for visiting webpage(s).")],
        },
    ),
    "python": Guise(
        "PythonInterpreter",
        "Executes Python code in a sandboxed environment. Any output you want to see MUST be printed to standard "
        "output using the print() function.",
        {"code": Annotated[str, Field(max_length=100_000, description="The Python code to be executed.")]},
    ),
    "read_file": Guise(
        "parse_file",
        "This is a tool that can be used to parse multiple user uploaded local files such as PDF, DOCX, PPTX, TXT, "
        "CSV, XLSX, DOC, ZIP, MP4, MP3.",
        {
            "files": Annotated[
                list[str],
                Field(
                    min_length=1,
                    max_length=MOST,
                    description="The file name of the user uploaded local files to be parsed.",
                ),
            ],
        },
    ),
    "explore": _PLAIN["explore"],
}


def guise_of(tool: str, settings: Settings, *, seed: bool) -> Guise:
    """Returns how the tool with that plain name is seen."""
    if tool in (SEARCH, SCHOLAR):
        face = face_of(tool, settings)
        return Guise(face.name, face.description, {"query": face.queries})
    return (_SEED if seed else _PLAIN)[tool]


def put_on(tool: Callable[..., Any], guise: Guise) -> Callable[..., Any]:
    """Returns the tool with the parameters of its guise; what the guise leaves out keeps its default."""
    signature = inspect.signature(tool)
    parameters = [
        signature.parameters[name].replace(annotation=_forgiving(kind)) for name, kind in guise.parameters.items()
    ]

    @functools.wraps(tool)
    async def dressed(**arguments: Any) -> Any:
        return await tool(**arguments)

    dressed.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return dressed


def _forgiving(kind: Any) -> Any:
    return Annotated[kind, BeforeValidator(as_list)] if _is_list(kind) else kind


def _is_list(kind: Any) -> bool:
    """Returns whether an annotated type is that of a list."""
    return get_origin(get_args(kind)[0] if get_origin(kind) is Annotated else kind) is list
