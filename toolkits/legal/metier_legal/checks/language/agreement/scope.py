"""Whether a claim reaches further than its quote: only, always, never, in any case, 只有, 一律, 随时. Pure."""

import re
from typing import Final

from metier_legal.checks.language.negation import find_proviso

_I: Final = re.IGNORECASE
_WIDER: Final = (
    (
        re.compile(r"(?<!not )(?<!persuasive )\b(?:only|solely|exclusively)\b(?! persua)", _I),
        re.compile(
            r"\b(?:only|solely|sole|exclusiv\w+|unless|until|without|except\w*|no|nothing|none|other than|limit\w*"
            r"|alone|exceed\w*|at most|more than|later than|condition\w*|before)\b|[\u4e00-\u9fff]",
            _I,
        ),
    ),
    (
        re.compile(
            r"\b(?:always|at any time|at all times|in (?:all|any|every) (?:cases?|circumstances?|events?)|regardless"
            r"|irrespective|no matter|whether or not|without (?:any )?exceptions?|unconditionally|invariably"
            r"|under (?:all|any) circumstances|automatically)\b",
            _I,
        ),
        re.compile(
            r"\b(?:always|at (?:any|all) times?|in (?:all|any|every)|regardless|irrespective|whether|without exception"
            r"|notwithstanding|unconditional\w*|automatic\w*|under (?:all|any|no)|even (?:if|where|when|though)|never"
            r"|whatever|any)\b|[\u4e00-\u9fff]",
            _I,
        ),
    ),
    (
        re.compile(r"只能|只可|只有|仅(?!供)|唯一|方(?=可(?!以)|能|应当|得)|才(?=能|可|应)|除非"),
        re.compile(r"只|仅|唯一|方可|方能|方得|才|不得|未|除非|外|非|不予|须经|[A-Za-z]{4}"),
    ),
    (
        re.compile(r"一律|任何(?:情况|情形|时候|条件)|无论|不论|不管|随时|始终|必然|绝对|毫无例外|无条件|无须任何"),
        re.compile(r"一律|任何|无论|不论|不管|随时|始终|绝对|无条件|所有|一切|[A-Za-z]{4}"),
    ),
    (re.compile(r"多次|再次|反复|任意"), re.compile(r"[多再两二数每]次|反复|任意|[A-Za-z]{4}")),
)
_NEVER: Final = re.compile(r"\b(?:never|under no circumstances|in no (?:case|event))\b|任何(?:情况|情形|时候)|一律", _I)
_DENIES: Final = re.compile(r"\b(?:never|not?|nothing|nobody|none|neither|cannot|without)\b|[\u4e00-\u9fff]", _I)


def find_wider_scope(claim: str, quote: str) -> str:
    """Returns the word by which the claim reaches further than the quote, or ""."""
    for wide, counterpart in _WIDER:
        match = wide.search(claim)
        if match and not counterpart.search(quote):
            return f"“{match[0]}” says more than the quote"
    never = _NEVER.search(claim)
    if never is None:
        return ""
    proviso = find_proviso(quote)
    if proviso is not None and find_proviso(claim) is None:
        return f"“{never[0]}”, but the quote goes on “{proviso[1]}”"
    return "" if _DENIES.search(quote) else f"“{never[0]}” says more than the quote"
