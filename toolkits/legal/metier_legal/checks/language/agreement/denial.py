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


def find_new_denial(claim: str, quote: str) -> str:
    """Returns the denial of a claim that speaks of what its quote says, where the quote denies nothing; or ""."""
    if not quote or _LIMIT.search(quote):
        return ""
    for sentence in _SENTENCE.split(claim):
        found = _DENIAL.findall(_HARMLESS.sub(" ", sentence))
        if len(found) % 2 and (share_in(sentence, (quote,)) or 0.0) >= _ALIKE:
            return f"“{found[0]}”, but the quote denies nothing"
    return ""
