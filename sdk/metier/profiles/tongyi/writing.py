"""Messages as these weights see them: texts of a system, a user and an assistant. Pure.

What tools and users say is defused: no page closes its own result and speaks for the user, also where a mode quotes it
in a prompt. What the model wrote is written back as it was read, malformed stretches included: it sees what it is told
about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pydantic_ai.messages import (
    CachePoint,
    CapabilityLoadDeltaPart,
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    ModelResponsePart,
    ModelSettingsDeltaPart,
    RetryFeedbackPart,
    SystemPromptPart,
    TextContent,
    TextPart,
    ThinkingPart,
    ToolAvailabilityDeltaPart,
    ToolCallPart,
    ToolReturnPart,
    UserContent,
    UserPromptPart,
)

from metier.errors import InputError
from metier.profiles.profile import final_in
from metier.profiles.tongyi.json_text import read_object, write_json
from metier.profiles.tongyi.offer import Offer
from metier.profiles.tongyi.tags import (
    ANSWER,
    ANSWER_END,
    CALL,
    CALL_END,
    CODE,
    CODE_END,
    RESULT,
    RESULT_END,
    THINK,
    THINK_END,
    defuse,
    escape_tags,
)

UNREAD: Final = "unread"
"""The key, in a response's `provider_details`, of the malformed stretches as the model wrote them."""

LAST = (
    f"No function can be called any more. Write the final answer now, between {ANSWER} and {ANSWER_END}, from what "
    "stands above."
)
LAST_FORM = "No function can be called any more but these: {names}. Call one of them now."


@dataclass(frozen=True, slots=True)
class Turn:
    """One message as it is sent."""

    role: Literal["user", "assistant"]
    text: str


def write_turns(messages: Sequence[ModelMessage], offer: Offer) -> list[Turn]:
    """Returns the conversation behind the system message; messages of one side in a row are one turn.

    When the answer must be given now, the newest turn says so. Raises InputError for what is no text.
    """
    turns: list[Turn] = []
    for at, message in enumerate(messages):
        if isinstance(message, ModelResponse):
            _add(turns, Turn("assistant", write_response(message, offer)))
        else:
            _add(turns, Turn("user", _write_request(message, is_first=at == 0)))
    if offer.is_last and not offer.is_plain:
        names = ", ".join((*offer.tools, *offer.endings))
        _add(turns, Turn("user", LAST if offer.takes_prose else LAST_FORM.format(names=names)))
    return turns


def write_response(response: ModelResponse, offer: Offer) -> str:
    """Returns what the model said in a turn; raises InputError for a part that is neither text nor call."""
    final = final_in(response)
    answer = next((part for part in reversed(response.parts) if _is_text(part, final)), None)
    thinking, said, acts = [], [], []
    for part in response.parts:
        match part:
            case ThinkingPart():
                thinking.append(_between(THINK, part.content, THINK_END))
            case TextPart() if part is answer:
                acts.append(_between(ANSWER, part.content, ANSWER_END))
            case TextPart():
                said.append(part.content)
            case ToolCallPart():
                acts.append(write_call(part, offer))
            case _:
                raise _unsupported(part.part_kind)
    unread = (response.provider_details or {}).get(UNREAD)
    return "\n".join([*thinking, *said, *acts, *(unread if isinstance(unread, list) else ())])


def write_call(part: ToolCallPart, offer: Offer) -> str:
    """Returns a call between its tags; a way to end as the JSON of an answer, and a program between code tags."""
    arguments = read_object(part.args or "{}") if isinstance(part.args, str) else part.args or {}
    spelled = str(part.args) if arguments is None else escape_tags(write_json(arguments))
    code = arguments.get("code") if part.tool_name in offer.coded and arguments and len(arguments) == 1 else None
    below = ""
    if isinstance(code, str) and not any(tag in code for tag in (CALL, CALL_END, RESULT)):
        spelled, below = "{}", f"\n{_between(CODE, code, CODE_END)}"
    written = f'{{"name": {write_json(part.tool_name)}, "arguments": {spelled}}}{below}'
    if part.tool_name in offer.endings:
        return _between(ANSWER, written, ANSWER_END)
    return _between(CALL, written, CALL_END)


def _is_text(part: ModelResponsePart, text: str | None) -> bool:
    return isinstance(part, TextPart) and part.content == text


def _add(turns: list[Turn], turn: Turn) -> None:
    if not turn.text:
        return
    if turns and turns[-1].role == turn.role:
        turn = Turn(turn.role, f"{turns.pop().text}\n{turn.text}")
    turns.append(turn)


def _write_request(request: ModelRequest, *, is_first: bool) -> str:
    """Returns what a request tells; the system prompts of the first one stand in the system message."""
    parts = [part for part in request.parts if not (is_first and isinstance(part, SystemPromptPart))]
    return "\n".join(text for part in parts if (text := _write_part(part)))


def _write_part(part: ModelRequestPart) -> str:
    match part:
        case SystemPromptPart():
            return part.content
        case UserPromptPart():
            return defuse(_text_of(part.content))
        case ToolReturnPart():
            return _between(RESULT, defuse(_text_of_result(part)), RESULT_END)
        case RetryFeedbackPart():
            told = part.content if isinstance(part.content, str) else write_json(part.content)
            return _between(RESULT, defuse(told), RESULT_END)
        case ToolAvailabilityDeltaPart() | CapabilityLoadDeltaPart() | ModelSettingsDeltaPart():
            return ""  # notes of the framework's to itself
    raise _unsupported(part.part_kind)


def _text_of_result(part: ToolReturnPart) -> str:
    text, files = part.model_response_str_and_user_content(wrap_if_error=False)
    lost = sum(not isinstance(item, str | TextContent) for item in files)
    note = f"\n[files that cannot be shown as text: {lost}]" if lost else ""
    return f"{'' if part.outcome == 'success' else 'Error: '}{text}{note}"


def _text_of(content: str | Sequence[UserContent]) -> str:
    items: Iterable[UserContent] = [content] if isinstance(content, str) else content
    return "\n".join(_item(item) for item in items if not isinstance(item, CachePoint))


def _item(item: UserContent) -> str:
    match item:
        case str():
            return item
        case TextContent():
            return item.content
    raise _unsupported(item.kind)


def _between(opening: str, text: str, closing: str) -> str:
    return f"{opening}\n{text}\n{closing}"


def _unsupported(kind: str) -> InputError:
    return InputError(f"These weights read text only and cannot be shown a {kind}.", hint="Give its text instead.")
