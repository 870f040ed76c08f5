"""Instructions to a reader or a model that a text holds, which are no law. Pure."""

import re
from typing import Final

_INSTRUCTION: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,60}\b(?:instructions?|prompts?|previous|guard|checks?)\b"
    r"|\b(?:note|message|instructions?|attention|notice) (?:to|for) (?:the |any |all )?(?:AI|A\.I\.|assistants?|models?"
    r"|language models?|chatbots?|agents?|readers?|copilots?)\b"
    r"|\b(?:AI|assistant|language model|chatbot|copilot|agent|reader)s?\b[^.\n]{0,40}"
    r"\b(?:must|should|shall|is to|are to"
    r"|will|please) (?:now |only )?(?:cite|answer|reply|conclude|ignore|call|write|say|output|state|rely)\b"
    r"|\byou (?:must|should|shall|are to|will) (?:now |only )?(?:cite|answer|reply|conclude|ignore|output|call)\b"
    r"|\b(?:system prompt|jailbreak|tool call|as_of\s*=|evidence id)\b|</?(?:system|assistant|user|tool)\b|<\|"
    r"|(?:忽略|无视|忘记|绕过)[^。\n]{0,20}(?:指令|指示|提示|规则|检查|上文|以上|之前)"
    r"|(?:致|给|告知|提示|提醒)(?:各位)?(?:读者|助手|模型|人工智能|AI)[：:，,]?[^。\n]{0,20}(?:请|须|应当|必须|只)"
    r"|(?:读者|助手|模型|人工智能|AI)(?:们)?(?:必须|应当|应|须|请|只需|只能)[^。\n]{0,12}(?:引用|回答|输出|援引|调用|依据|得出|作答|写)"
    r"|系统提示(?:词)?|提示词",
    re.IGNORECASE,
)
_TELLTALES: Final = (
    "ignore", "disregard", "forget", "override", "bypass", "note to", "note for", "message", "instruction", "attention",
    "notice to", "notice for", "ai", "assistant", "model", "chatbot", "copilot", "agent", "reader", "you ", "system",
    "jailbreak", "tool", "as_of", "evidence id", "<", "忽略", "无视", "忘记",
    "绕过", "读者", "助手", "模型", "人工智能", "提示",
)  # fmt: skip


def find_instruction(text: str) -> str:
    """Returns the words that address a reader or a model, or ""."""
    lowered = text.lower()
    if not any(word in lowered for word in _TELLTALES):  # most texts have none, and are not searched
        return ""
    match = _INSTRUCTION.search(text)
    return match[0] if match else ""
