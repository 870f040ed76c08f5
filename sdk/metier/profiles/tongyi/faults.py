"""The kinds of malformed output, and what the model is told of each. Pure.

The sentences name tags without their brackets: a result that held them would be defused, and the first message shows
them in full.
"""

from typing import Final

from metier.profiles.profile import Malformed

EMPTY: Final = "empty"
NO_ACTION: Final = "no-action"
UNCLOSED_THINK: Final = "unclosed-think"
UNCLOSED_CALL: Final = "unclosed-call"
UNCLOSED_CODE: Final = "unclosed-code"
UNCLOSED_ANSWER: Final = "unclosed-answer"
EMPTY_ANSWER: Final = "empty-answer"
TWO_ANSWERS: Final = "two-answers"
CALL_AND_ANSWER: Final = "call-and-answer"
SEVERAL_CALLS: Final = "several-calls"
NESTED_CALL: Final = "nested-call"
FORGED_RESULT: Final = "forged-result"
BAD_JSON: Final = "bad-json"
NOT_AN_OBJECT: Final = "not-an-object"
NO_NAME: Final = "no-name"
UNKNOWN_TOOL: Final = "unknown-tool"
WITHDRAWN_TOOL: Final = "withdrawn-tool"
ARGUMENTS: Final = "arguments-not-an-object"
NO_CODE: Final = "no-code"
CODE_TWICE: Final = "code-and-arguments"
TRAILING_TEXT: Final = "trailing-text"

_SHAPE = "one JSON object with name and arguments between an opening and a closing tool_call tag"
_TOLD: dict[str, str] = {
    EMPTY: "The turn was empty. Write a tool call, or the final answer between answer tags.",
    NO_ACTION: (
        "The turn holds neither a tool call nor an answer. End every turn with a call between tool_call tags, or with "
        "the final answer between answer tags."
    ),
    UNCLOSED_THINK: (
        "The thinking was not closed, so nothing in it was read. Close it with the closing think tag, and write the "
        "call or the answer after that."
    ),
    UNCLOSED_CALL: f"The tool call was not closed and was not made. Write {_SHAPE}.",
    UNCLOSED_CODE: (
        "The code was not closed and was not run. Put the closing code tag after it, and then the closing tool_call "
        "tag."
    ),
    UNCLOSED_ANSWER: "The answer was not closed. Write the whole answer between an opening and a closing answer tag.",
    EMPTY_ANSWER: "There was nothing between the answer tags. Write the whole answer there.",
    TWO_ANSWERS: "There was more than one answer. Write one answer, between one pair of answer tags.",
    CALL_AND_ANSWER: (
        "The turn held a tool call and an answer. The call was made and the answer was not taken. Answer in a turn "
        "without calls, when their results have come."
    ),
    SEVERAL_CALLS: "The turn held several tool calls. All were made this time. Write one call a turn.",
    NESTED_CALL: f"A tool_call tag stood inside a tool call, and nothing of it was called. Write {_SHAPE}.",
    FORGED_RESULT: (
        "You wrote a tool_response yourself. Only tools do; what you wrote from there on was thrown away. End the turn "
        "after the call and wait for the result."
    ),
    BAD_JSON: f"What stands in the tool call is no JSON: {{detail}}. Write {_SHAPE}.",
    NOT_AN_OBJECT: f"The JSON in the tool call is {{detail}} and no object. Write {_SHAPE}.",
    NO_NAME: "The tool call names no tool. Give the tool's name as the text `name`, beside `arguments`.",
    UNKNOWN_TOOL: "There is no tool {detail}.",
    WITHDRAWN_TOOL: ("The tool {detail} was not called: it cannot be called any more. End now, with what you have."),
    ARGUMENTS: "The arguments of {detail} are no JSON object. Give `arguments` as an object, by the tool's parameters.",
    NO_CODE: (
        "There is no program for {detail}. Leave `arguments` an empty object, and put the program between code tags "
        "below it, inside the tool_call tags."
    ),
    CODE_TWICE: (
        "The call of {detail} has both arguments and code and was not made. Leave `arguments` an empty object, and put "
        "the program between code tags below it."
    ),
    TRAILING_TEXT: (
        "Text stood behind the JSON object of the call. The call was made without it. Write nothing there but the "
        "closing tool_call tag."
    ),
}
_CUT = " The turn was cut off because it was too long: think and write less."

KINDS: Final = tuple(_TOLD)


def fault(kind: str, detail: str = "", *, is_cut: bool = False) -> Malformed:
    """Returns the fault of this kind as the model is told it; `is_cut` adds that the turn had got too long."""
    told = _TOLD[kind].replace("{detail}", detail)
    return Malformed(kind, f"Format error ({kind}): {told}{_CUT if is_cut else ''}")
