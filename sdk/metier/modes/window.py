"""How full a model's context is: by what its server counted, and an estimate of what came since. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    RetryFeedbackPart,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from metier.canonical import canonical_json

LETTERS_PER_TOKEN = 3.2
"""Letters of a Latin script to a token, on the low side: an estimate is better too high than too low."""
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def estimate_tokens(text: str) -> int:
    """Returns about how many tokens a text is: one for each Chinese, Japanese or Korean character."""
    wide = len(_WIDE.findall(text))
    return wide + int((len(text) - wide) / LETTERS_PER_TOKEN) + 1


def keep_end(text: str, tokens: int) -> str:
    """Returns as much of the end of a text as is about `tokens` long."""
    begin = bisect_left(range(len(text)), True, key=lambda at: estimate_tokens(text[at:]) <= tokens)
    return text[begin:]


def text_of_part(part: object) -> str:
    """Returns the words of a part of a message, as a model reads them."""
    if isinstance(part, ToolCallPart):
        return f"{part.tool_name} {part.args if isinstance(part.args, str) else canonical_json(part.args)}"
    if isinstance(part, ToolReturnPart | RetryFeedbackPart | UserPromptPart):
        return part.content if isinstance(part.content, str) else str(part.content)
    return part.content if isinstance(part, TextPart | ThinkingPart | SystemPromptPart) else ""


@dataclass(slots=True)
class Meter:
    """Counts the tokens of a growing conversation. Looks at each message once."""

    _known: int = 0
    _since: int = 0

    @property
    def tokens(self) -> int:
        """Returns about how many tokens the next prompt has."""
        return self._known + self._since

    def begin(self, messages: Iterable[ModelMessage], beside: str = "") -> None:
        """Starts anew with these messages, and what stands beside them (instructions, tools)."""
        self._known, self._since = 0, estimate_tokens(beside)
        for message in messages:
            self.add(message)

    def add(self, message: ModelMessage) -> None:
        """Counts one more message; a response whose server counted its prompt settles all before it."""
        if isinstance(message, ModelResponse) and message.usage.input_tokens:
            self._known, self._since = message.usage.input_tokens + message.usage.output_tokens, 0
            return
        self._since += sum(estimate_tokens(text_of_part(part)) for part in message.parts)
