"""What a text says that it does to the cases it cites: read off words in the clause of the citation, or not at all.

The treatment is always this decision's own. "X, overruled by Y" says what Y did, which is not this decision: it is read
as nothing for X here. A negated signal ("we do not overrule") is no signal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from metier_legal.citations.citation import CaseCitation, Citation
from metier_legal.law.case import Treatment

CLAUSE: Final = 160  # characters on either side of a citation that can belong to its clause


@dataclass(frozen=True, slots=True)
class _Signal:
    treatment: Treatment
    before: re.Pattern[str]
    after: re.Pattern[str]


_FILL: Final = (
    r"(?:[ ](?:the|our|its|this|that|of|in|from|with|rule|holding|decisions?|judgment|ruling|case|part|opinion|earlier"
    r"|expressly|to|extent|announced|stated|laid|down|and|as|,|therefore|hereby|both|also|Court['’]s)){0,8}[ ,:]{0,2}"
)
_NEVER: Final = r"(?!)"
_IS: Final = (
    r"[ ,]{0,2}(?:which[ ]|that[ ])?(?:is|are|was|were|must[ ]be|should[ ]be|is[ ]hereby|is[ ]now|are[ ]hereby"
    r"|can[ ]no[ ]longer[ ]be)(?:[ ](?:hereby|therefore|expressly|accordingly|easily|readily|clearly|now|thus))?[ ]"
)
_WE: Final = (
    r"(?:[Ww]e|[Tt]he[ ]Court|[Tt]his[ ][Cc]ourt)"
    r"(?:[ ](?:now|today|here|hereby|therefore|must|expressly|accordingly|thus|should|also)){0,2}[ ]"
)
_THAT: Final = r"[ ](?:that|this)[ ](?:case|decision|judgment|ruling|order|holding)\b"
_ZH_CASE: Final = r"[^，。；！？（）\n]{0,14}"
_ZH_WE: Final = r"[^。；！？（）\n]{0,16}，(?:本院)?(?:认为)?(?:应当|予以|依法|应予)?"


def _signal(treatment: Treatment, english: str, chinese: str, *, before: str = _NEVER, after: str = _NEVER) -> _Signal:
    """Returns a signal by what ends directly before the citation, and what begins directly behind it.

    `english` and `chinese` are the verbs of "we overrule X", "X, which we overrule", "X; we overrule that decision" and
    本院推翻X, X，本院推翻该判决; `before` and `after` are other words.
    """
    ends = rf"(?:\b{_WE}(?:{english}){_FILL}|(?:{chinese}){_ZH_CASE}|{before})$"
    begins = (
        rf"(?:[ ,]{{1,2}}which[ ]{_WE}(?:{english})\b|[ ,;.]{{1,3}}{_WE}(?:{english}){_THAT}"
        rf"|{_ZH_WE}(?:{chinese})(?:该|其|此|。|，|$)|{_ZH_CASE}(?:予以|应予)(?:{chinese})|{after})"
    )
    return _Signal(treatment, re.compile(ends), re.compile(begins))


_SIGNALS: Final = (
    _signal(
        Treatment.OVERRULES,
        "overrules?|abrogates?",
        "推翻|不再适用|不再参照|不再援引",
        before=rf"\b(?:overruling|abrogating){_FILL}|Aufgabe[ ](?:von|der|des|seiner|ihrer)[^.;]{{0,60}}",
        after=rf"{_IS}(?:overruled|abrogated)(?![ ]by)|[ ,(]{{1,3}}(?:wird|werden)[ ]aufgegeben"
        rf"|{_ZH_CASE}(?:不再适用|不再参照)",
    ),
    _signal(
        Treatment.REVERSES,
        "reverses?",
        "撤销",
        before=rf"\breversing{_FILL}",
        after=rf"{_IS}reversed(?![ ]by)",
    ),
    _signal(
        Treatment.VACATES,
        "vacates?",
        _NEVER,
        before=rf"\bvacating{_FILL}",
        after=rf"{_IS}vacated(?![ ]by)",
    ),
    _signal(
        Treatment.SUPERSEDED_BY_STATUTE,
        _NEVER,
        _NEVER,
        after=rf"(?:{_IS}|[ ,(]{{1,3}})superseded[ ]by[ ](?:a[ ]|the[ ])?(?:statute|legislation|[A-Z0-9§])"
        rf"|{_IS}no[ ]longer[ ]good[ ]law[ ](?:since|after)[ ]the[ ]"
        rf"|[^。；！？\n]{{0,20}}已?被(?:新法|法律|[^，。；]{{0,8}}法)[^，。；]{{0,60}}取代",
    ),
    _signal(
        Treatment.CRITICISES,
        "declines?[ ]to[ ]follow|refuses?[ ]to[ ]follow|do(?:es)?[ ]not[ ]follow",
        _NEVER,
        before=rf"(?:\bdeclin(?:ed|ing)|\brefus(?:ed|ing))[ ]to[ ]follow{_FILL}"
        rf"|\b(?:criticizing|criticising|questioning|disapproving){_FILL}"
        r"|(?:entgegen|abweichend[ ]von|Abweichung[ ]von)[^.;]{0,30}",
        after=rf"{_IS}(?:not[ ]followed|disapproved|wrongly[ ]decided)",
    ),
    _signal(
        Treatment.DISTINGUISHES,
        "distinguish(?:es|ed)?",
        "区别于|不同于|有别于",
        before=rf"\b(?:distinguish(?:es|ed|ing)?|unlike[ ]in|differs?[ ]from){_FILL}",
        after=rf"{_IS}(?:distinguishable|distinguished)(?![ ]by)"
        rf"|{_ZH_CASE}(?:不同|有别|相区别|加以区别|不具有可比性|不相类似)",
    ),
    _signal(
        Treatment.AFFIRMS,
        "affirms?",
        "维持",
        before=rf"\baffirming{_FILL}",
        after=rf"{_IS}affirmed(?![ ]by)",
    ),
    _signal(
        Treatment.FOLLOWS,
        "follows?|followed|adheres?[ ]to|adhered[ ]to|reaffirms?",
        "参照|参考|遵循",
        before=rf"\b(?:[Ff]ollowing|adhering[ ]to){_FILL}|[Ii]m[ ]Anschluss[ ]an[^.;]{{0,20}}"
        r"|(?:Fortführung|Bestätigung)[ ](?:von|der|des)[^.;]{0,20}",
        after=rf"{_IS}(?:followed|to[ ]be[ ]followed)(?![ ]by)",
    ),
)
_OF_ANOTHER: Final = re.compile(
    r"[ ,(]{1,4}(?:\w+ly[ ])?(?:overruling|abrogating|reversing|vacating|affirming|distinguishing|following"
    r"|criticizing|questioning|"
    r"declining|adhering)\b"
)
_NEGATED: Final = re.compile(
    r"(?:\b(?:not|never|no|nor|cannot|neither|without|rather[ ]than|declin\w+|refus\w+|urg\w+|ask\w+|invit\w+"
    r"|request\w+|whether|if|would|could|"
    r"argu\w+|contend\w+|suggest\w+|n['’]t)\b|[不未无][应予得能宜须]?|没有|拒绝|是否|请求|主张|要求|认为应|nicht|kein\w*|ohne"
    r"|ob\b)[^.;。；]{0,45}$"
)
_NEGATIVE_INSIDE: Final = re.compile(r"\b(?:not|never|n['’]t|nicht)\b|[不未][^同再具相]")
_BOUNDARY: Final = re.compile(
    r"[;；。！？\n]|(?<=[a-z\)”’\"])\.[ ](?=[A-Z“\"(])|(?<!\bv)\.[ ](?=(?:We|The|This|It|In|See|But|However)\b)"
)
_GOES_ON: Final = re.compile(rf"[;.][ ]{_WE}\w+{_THAT}")


def find_treatments(text: str, citations: Sequence[Citation]) -> tuple[tuple[int, Treatment], ...]:
    """Returns, for each cited case with a signal in its clause, its index and what this decision does to it.

    At most one treatment for a citation, the first of: overrules, reverses, vacates, superseded by statute, criticises
    (declined to follow), distinguishes, affirms, follows. Citations of legislation have none. The words must stand
    directly before or behind the citation, which may be one of a list; another case between them ends the clause.
    """
    found = list[tuple[int, Treatment]]()
    for index, citation in enumerate(citations):
        if isinstance(citation, CaseCitation):
            treatment = _treatment(text, citations, index)
            if treatment is not None:
                found.append((index, treatment))
    return tuple(found)


def _treatment(text: str, citations: Sequence[Citation], index: int) -> Treatment | None:
    before, after = _before(text, citations, index), _after(text, citations, index)
    for signal in _SIGNALS:
        match = signal.before.search(before)
        if match and not _NEGATED.search(before[: match.start()]):
            return None if _by_another(after) else signal.treatment
    for signal in _SIGNALS:
        match = signal.after.match(after)
        if match and not _NEGATIVE_INSIDE.search(
            after[: match.end()].replace("不同", "").replace("不具有", "").replace("不相", "")
        ):
            return signal.treatment
    return None


def _by_another(after: str) -> bool:
    return re.match(r"[ ,(]{0,3}(?:overruled|reversed|vacated|abrogated)[ ]by\b", after) is not None


def _before(text: str, citations: Sequence[Citation], index: int) -> str:
    """Returns the clause before the citation; in a list ("overruling A and B") that before the first of it.

    It is empty where the words are of the case cited before: "Y, 5 U.S. 1 (overruling X, 4 U.S. 1)" says what Y did.
    """
    start = citations[index].start
    place = index
    while place > 0 and re.fullmatch(
        r"(?:,?[ ](?:and|or|und)[ ]|,[ ]|、|和|及|以及|与)", text[citations[place - 1].end : start]
    ):
        place -= 1
        start = citations[place].start
    floor = citations[place - 1].end if place > 0 else 0
    piece = text[max(floor, start - CLAUSE) : start]
    if floor and _OF_ANOTHER.match(text, floor):
        return ""
    cut = max((match.end() for match in _BOUNDARY.finditer(piece)), default=0)
    return " ".join(piece[cut:].split()) + (" " if piece[-1:].isspace() else "")


def _after(text: str, citations: Sequence[Citation], index: int) -> str:
    """Returns the clause behind the citation, and the next one where that speaks of "that decision"."""
    end = citations[index].end
    limit = citations[index + 1].start if index + 1 < len(citations) else len(text)
    piece = text[end : min(limit, end + CLAUSE)]
    cut = None if _GOES_ON.match(piece) else _BOUNDARY.search(piece)
    piece = piece[: cut.start()] if cut else piece
    return (" " if piece[:1].isspace() else "") + " ".join(piece.split())
