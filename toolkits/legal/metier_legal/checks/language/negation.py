"""Negations and exceptions near a quote, which may not be cut away, in English, Chinese, German and French. Pure."""

import re
from typing import Final

_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|neither|nor|none|nothing|nobody|cannot|without|hardly|unlawful|prohibited|forbidden"
    r"|nicht|kein(?:e[mnrs]?)?|niemals|ne|n'|pas|aucune?|ni)\b|n't\b"
    r"|不得|不应|不可|不能|不予|不再|不必|不需|不许|不准|不是|不属|不承担|不适用|不视为|禁止|严禁|无权|并非|未经|拒绝|免除|不",
    re.IGNORECASE,
)
# Words with 不 in them that deny nothing.
_HARMLESS: Final = re.compile(
    r"不动产|不仅|不论|不管|不限于|不低于|不少于|不高于|不超过|不足|不同|不断|不当|不法|不良|不可抗力|不定期|不明|不满|不服|不履行|不正当|不安"
    r"|\bwhether or not\b|\bnot only\b|\bno(?:t)? (?:later|less|more|fewer|earlier|sooner) than\b|\bno longer than\b",
    re.IGNORECASE,
)
_PROVISO: Final = re.compile(
    r"\b(?:except(?:ing)?|unless|notwithstanding|provided,? (?:however|that|further)|provided, however"
    r"|subject to (?:the (?:provisions?|exceptions?|limitations?|requirements?|conditions?)|this|that|any|sub|para"
    r"|sect|art|§|title|chapter|clause)"
    r"|(?:does|do|shall|will) not apply|this (?:section|subsection|paragraph) is not applicable|but only"
    r"|other than|save (?:that|as|for|where)|es sei denn|sofern nicht|soweit nicht|außer|ausgenommen|gilt nicht"
    r"|gelten nicht"
    r"|sauf|à moins|toutefois|sous réserve|excepté|hormis)\w*"
    r"|(?<![不非])但(?:是)?(?!书)|除外|例外|不在此限|另有(?:规定|约定)|不适用(?=[。；，,;])|不受(?:前款|本条|上述)"
    r"|(?<![解免排删清消废扣开革拆])除[^。；;]{1,60}?(?:外|以外|之外)",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(r"[.;:!?。；：！？\n](?![0-9])|[,，](?=\s|\Z|[\u4e00-\u9fff])|[—–]|--")
_SENTENCE_END: Final = re.compile(r"[.!?](?=[\s\"'”’)]|\Z)|[;；。！？]|\n\s*\n")
_NOT_AN_END: Final = re.compile(
    r"(?:\b(?:[A-Z]|No|Nos|Art|Sec|Inc|Co|Corp|Abs|Nr|v|vs|cf|St|Mr|Mrs|Dr|U\.S|art|al|seq|Stat|Ch)\.)\Z"
)


def find_negation(text: str) -> str:
    """Returns the first word of the text that denies, or ""; "not later than" and 不动产 deny nothing."""
    harmless = [match.span() for match in _HARMLESS.finditer(text)]
    for match in _NEGATION.finditer(text):
        if not any(start <= match.start() < end for start, end in harmless):
            return match[0]
    return ""


def find_proviso(text: str) -> tuple[int, str] | None:
    """Returns where the text first takes something back ("unless", 但) and the word that does, or None."""
    match = _PROVISO.search(text)
    return None if match is None else (match.start(), match[0])


def clause_before(text: str, at: int) -> str:
    """Returns what stands before `at` in its clause: after the last comma, colon, dash or stop."""
    before = text[:at]
    last = 0
    for match in _CLAUSE_END.finditer(before):
        last = match.end()
    return before[last:]


def clause_after(text: str, at: int) -> str:
    """Returns what stands from `at` to the end of its clause."""
    match = _CLAUSE_END.search(text, at)
    return text[at : match.start()] if match else text[at:]


def sentence_before(text: str, at: int) -> str:
    """Returns what stands before `at` in its sentence; ";" ends one, as items of a list are judged alone."""
    before = text[:at]
    last = 0
    for match in _SENTENCE_END.finditer(before):
        if not _NOT_AN_END.search(before, max(0, match.end() - 8), match.end()):
            last = match.end()
    return before[last:]


def sentence_after(text: str, at: int) -> str:
    """Returns what stands from `at` to the end of its sentence."""
    for match in _SENTENCE_END.finditer(text, at):
        if not _NOT_AN_END.search(text, max(0, match.end() - 8), match.end()):
            return text[at : match.end()]
    return text[at:]
