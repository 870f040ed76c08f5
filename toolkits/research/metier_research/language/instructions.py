"""Words in a page that address the assistant, which are no fact of the page's subject. Pure."""

import re
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 1_024
_READER: Final = (
    r"(?:AI|A\.I\.|LLMs?|assistants?|language models?|chat ?bots?|(?:AI |research |autonomous )agents?|copilots?"
    r"|crawlers?|bots|(?:AI )?models? reading|whoever reads this)"
)
_INSTRUCTION: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,60}\b(?:instructions?|prompts?|previous|prior|rules|guard"
    r"|checks?|above)\b"
    rf"|\b(?:note|message|instructions?|attention|notice|hint|important)\b:?,? (?:to|for) (?:the |any |all |every )?"
    rf"{_READER}\b"
    rf"|\b(?:dear|attention|hey|hello|if you are an?),? {_READER}\b"
    rf"|\b{_READER}\b[^.\n]{{0,50}}\b(?:must|should|shall|is to|are to|will|please|has to|have to) (?:now |only "
    r"|always |not |never )?(?:cite|answer|reply|conclude|ignore|call|write|say|output|state|report|visit|send|run|use"
    r"|treat|trust|repeat|include|respond|follow|tell|execute)\b"
    r"|\byou (?:must|should|shall|are to|have to) (?:now |only |always )?(?:cite|answer|reply|conclude|ignore|output"
    r"|call|respond|execute|tell the user|reveal|send)\b"
    r"|\b(?:tell|inform) the user (?:that|to)\b"
    r"|\b(?:system prompt|jailbreak|tool[ _]call|new instructions?:|developer message)\b"
    r"|\bdo not (?:tell|mention|reveal|cite)\b[^.\n]{0,40}\b(?:user|page|source|instruction)"
    r"|</?(?:system|assistant|user|tool|tool_call|tool_response|instructions?)\b[^>\n]{0,40}>|<\||\[/?INST\]|\[\[?system"
    r"|(?:忽略|无视|忘记|绕过)[^。\n]{0,20}(?:指令|指示|提示|规则|检查|上文|以上|之前)"
    r"|(?:助手|模型|人工智能|AI)(?:们)?[^。\n]{0,8}(?:必须|应当|应该|须|请|只需|只能)[^。\n]{0,12}"
    r"(?:引用|回答|输出|调用|作答|写|忽略|发送)"
    r"|系统提示(?:词)?|提示词"
    r"|\b(?:system|assistant|developer)\s*:\s*(?:I|you|we|the user|please|now|do|call|run|cite|ignore)\b"
    r"|\bthe user has (?:approved|agreed|authori[sz]ed|confirmed)\b"
    r"|\"(?:tool_calls?|function_call|tool_use)\"\s*:"
    r"|\b(?:vergiss|vergesst|vergessen Sie|ignorier\w{0,4}|missachte\w{0,2})\b[^.\n]{0,60}"
    r"\b(?:Anweisungen|Befehle|Vorgaben)\b"
    r"|\b(?:oubli\w{1,4}|ignorez)\b[^.\n]{0,60}\b(?:instructions|consignes)\b"
    r"|\b(?:olvid\w{1,4}|ignor\w{1,4})\b[^.\n]{0,60}\binstrucciones\b",
    re.IGNORECASE,
)
_EVIDENCE_ID: Final = re.compile(r"\bev-[0-9a-f]{6,}\b")


@lru_cache(maxsize=REMEMBERED)
def find_instruction(text: str) -> str:
    """Returns the words of a text that tell an assistant what to do, or that give ids of evidence; "" for none."""
    match = _INSTRUCTION.search(text) or _EVIDENCE_ID.search(text)
    return match[0] if match else ""
