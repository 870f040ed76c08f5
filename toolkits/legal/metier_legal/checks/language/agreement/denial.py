"""Whether a claim denies where its quote denies, excepts and limits nothing at all. Pure."""

import re
from typing import Final

from metier_legal.checks.language.content import share_in

_DENIAL: Final = re.compile(
    r"\b(?:not|no|never|nothing|none|nobody|cannot|without|unless|until|except)\b|n['’]t\b"
    r"|不得|不能|不予|无权|没有|并非|尚未|未(?=[经能曾])|不(?=[是应可需必承具享负适属视产])",
    re.IGNORECASE,
)
_HARMLESS: Final = re.compile(
    r"\bno(?:t)? (?:later|less|more|fewer|earlier|sooner|longer|greater|higher|lower) than\b|\bwhether or not\b"
    r"|\bnot only\b|\b(?:not|never) (?:to )?exceed\w*|\bnot (?:above|below)\b",
    re.IGNORECASE,
)
_LIMIT: Final = re.compile(
    r"\b(?:not?|never|nothing|none|nobody|neither|nor|cannot|without|unless|until|except\w*|only|exclu\w+|exceed\w*|more"
    r"|less|fewer|least|most|within|before|after|than|prohibit\w*|forbid\w*|forbidden|unlawful\w*|invalid\w*|void|refus\w*"
    r"|den(?:y|ied|ies)|limit\w*|cease\w*|ends?|ending|expir\w+|other|either|free|exempt\w*|lost|loses?|fail\w*|absen\w+)\b"
    r"|[不未无非没只仅除禁但超限满内前后免否]",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[;；。!?\n]|\.(?=\s|\Z)")
_ALIKE: Final = 0.6
_FRAME: Final = re.compile(
    r"\b(?:(?:does|do|did|is|was|are|were|has|have)(?:\s+not|n['’]t)|never|not|cannot|nowhere|false|untrue|wrong"
    r"|incorrect|mistaken|misleading|contrary to|no longer|nothing)\b[^.;。；…]{0,40}[“\"‘:,]?\s*…"
    r"|…\s*[”\"’]?[.,，]?\s*(?:(?:this|that|it|which) )?(?:is|was|has been) "
    r"(?:not|no longer|false|untrue|wrong|incorrect|repealed|superseded)\b"
    r"|…\s*[”」]?[^。；…]{0,12}(?:是错误|不正确|有误|不成立|已被?废止|已失效)"
    r"|(?:并未|并非|没有|未曾|从未|不再|错误|不正确|有误|不是|未)[^。；…，]{0,12}[：:，]?[“「]?\s*…",
    re.IGNORECASE,
)


def find_denied_frame(claim: str, quote: str) -> str:
    """Returns the words by which a claim denies the quote that it introduces ("it is false that …"), or "".

    In `claim` the words of quotes are gaps, written " … ".
    """
    match = _FRAME.search(claim) if quote else None
    return f"“{match[0].strip(' …“”:：,，')}”, but the quote says so" if match else ""


def find_new_denial(claim: str, quote: str) -> str:
    """Returns the denial of a claim that speaks of what its quote says, where the quote denies nothing; or ""."""
    if not quote or _LIMIT.search(quote):
        return ""
    for sentence in _SENTENCE.split(claim):
        found = _DENIAL.findall(_HARMLESS.sub(" ", sentence))
        if len(found) % 2 and (share_in(sentence, (quote,)) or 0.0) >= _ALIKE:
            return f"“{found[0]}”, but the quote denies nothing"
    return ""
