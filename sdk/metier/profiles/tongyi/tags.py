"""The tags of the protocol, and how text that nobody may speak through is kept from holding them. Pure."""

import re
from typing import Final

THINK: Final = "<think>"
THINK_END: Final = "</think>"
CALL: Final = "<tool_call>"
CALL_END: Final = "</tool_call>"
CODE: Final = "<code>"
CODE_END: Final = "</code>"
RESULT: Final = "<tool_response>"
RESULT_END: Final = "</tool_response>"
ANSWER: Final = "<answer>"
ANSWER_END: Final = "</answer>"

STOPS: Final = (f"\n{RESULT}", RESULT)
"""Where a server stops sampling: only tools write results."""

_JOINER = "\u200b"  # zero-width space: the text reads the same and is no tag, as the runtime's framing does it
_TOKEN = re.compile(r"<(?=\|[^|<>\s]{1,60}\|>)")
_TAG = re.compile(r"<(?=\s{0,3}/?\s{0,3}(?:think|tool_call|tool_response|tools|answer)\b[^>\n]{0,80}>)", re.IGNORECASE)


def defuse(text: str) -> str:
    """Returns `text` that is not the model's without tags of the protocol and control tokens of chat templates."""
    return _TAG.sub(f"<{_JOINER}", defuse_tokens(text))


def escape_tags(text: str) -> str:
    """Returns the JSON `text` with tags in its strings spelled so that they are none: it stays the same JSON."""
    return _TAG.sub(r"\\u003c", text)


def defuse_tokens(text: str) -> str:
    """Returns `text` without control tokens of chat templates: a server may read them in any message."""
    return _TOKEN.sub(f"<{_JOINER}", text)
