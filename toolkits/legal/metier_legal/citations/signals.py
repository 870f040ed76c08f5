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


def _signal(treatment: Treatment, before: str, after: str) -> _Signal:
    """Returns a signal by what ends directly before the citation, and what begins directly behind it."""
    return _Signal(treatment, re.compile(rf"(?:{before})$"), re.compile(rf"(?:{after})"))


_FILL: Final = (
    r"(?:[ ](?:the|our|its|this|that|that|of|in|from|with|rule|holding|decision|decisions|judgment"
    r"|ruling|case|part|opinion|earlier|expressly|to|extent|announced|stated|laid|down|and|as|,|therefore|hereby"
    r"|both|also|Court['’]s)){0,8}[ ,:]{0,2}"
)
_NEVER: Final = r"(?!)"
_IS: Final = (
    r"[ ,]{0,2}(?:which[ ]|that[ ])?(?:is|are|was|were|must[ ]be|should[ ]be|is[ ]hereby|is[ ]now"
    r"|are[ ]hereby|can[ ]no[ ]longer[ ]be)(?:[ ](?:hereby|therefore|expressly|accordingly|easily|readily|clearly"
    r"|now|thus))?[ ]"
)
_ZH_CASE: Final = r"(?:[^，。；！？（）\n]{0,14})"

_SIGNALS: Final = (
    _signal(
        Treatment.OVERRULES,
        rf"\b(?:[Ww]e|[Tt]he[ ]Court|[Tt]his[ ]Court)(?:[ ](?:now|today|hereby|therefore|must|expressly"
        rf"|accordingly|thus|should)){{0,2}}[ ](?:overrules?|abrogates?){_FILL}"
        rf"|\b(?:overruling|abrogating){_FILL}|推翻{_ZH_CASE}|(?:不再适用|不再参照|不再援引){_ZH_CASE}"
        r"|(?:(?:unter|in)[ ])?Aufgabe[ ](?:von|der|des|seiner|ihrer)[^.;]{0,60}"
        r"|Abweichung[ ]von[^.;]{0,20}(?<=wird)",
        rf"{_IS}(?:overruled|abrogated)(?![ ]by)|[ ,(]{{1,3}}(?:wird|werden)[ ]aufgegeben|{_ZH_CASE}(?:予以推翻"
        rf"|应予推翻"
        rf"|不再适用|不再参照)",
    ),
    _signal(
        Treatment.REVERSES,
        rf"\b(?:[Ww]e|[Tt]he[ ]Court)(?:[ ](?:now|hereby|therefore|must|accordingly"
        rf"|thus)){{0,2}}[ ]reverses?{_FILL}|\breversing{_FILL}|撤销{_ZH_CASE}",
        rf"{_IS}reversed(?![ ]by)|{_ZH_CASE}(?:予以撤销|应予撤销)",
    ),
    _signal(
        Treatment.VACATES,
        rf"\b(?:[Ww]e|[Tt]he[ ]Court)(?:[ ](?:now|hereby|therefore|must|accordingly"
        rf"|thus)){{0,2}}[ ]vacates?{_FILL}|\bvacating{_FILL}",
        rf"{_IS}vacated(?![ ]by)",
    ),
    _signal(
        Treatment.SUPERSEDED_BY_STATUTE,
        _NEVER,
        rf"(?:{_IS}|[ ,(]{{1,3}})superseded[ ]by[ ](?:a[ ]|the[ ])?(?:statute|legislation|[A-Z0-9§])"
        rf"|{_IS}no[ ]longer[ ]good[ ]law[ ](?:since|after)[ ]the[ ]",
    ),
    _signal(
        Treatment.CRITICISES,
        rf"(?:\bdeclin(?:e|es|ed|ing)|\brefus(?:e|es|ed|ing))[ ]to[ ]follow{_FILL}|\b(?:criticizing|criticising"
        rf"|questioning|disapproving){_FILL}|\bdo(?:es)?[ ]not[ ]follow{_FILL}"
        r"|(?:entgegen|abweichend[ ]von|Abweichung[ ]von)[^.;]{0,30}",
        rf"{_IS}(?:not[ ]followed|disapproved|wrongly[ ]decided)",
    ),
    _signal(
        Treatment.DISTINGUISHES,
        rf"\b(?:distinguish(?:es|ed|ing)?|unlike[ ]in|differs?[ ]from){_FILL}"
        rf"|(?:区别于|不同于|有别于){_ZH_CASE}|与{_ZH_CASE}",
        rf"{_IS}(?:distinguishable|distinguished)(?![ ]by)|{_ZH_CASE}(?:不同|有别|不具有可比性|不相类似)",
    ),
    _signal(
        Treatment.AFFIRMS,
        rf"\b(?:[Ww]e|[Tt]he[ ]Court)(?:[ ](?:now|hereby|therefore|accordingly|thus)){{0,2}}[ ]affirms?{_FILL}"
        rf"|\baffirming{_FILL}|维持{_ZH_CASE}",
        rf"{_IS}affirmed(?![ ]by)|{_ZH_CASE}(?:予以维持|应予维持)",
    ),
    _signal(
        Treatment.FOLLOWS,
        rf"\b(?:[Ww]e|[Tt]he[ ]Court|[Tt]his[ ]Court)(?:[ ](?:now|here|therefore|also)){{0,2}}[ ](?:follows?"
        rf"|followed|adheres?[ ]to|adhered[ ]to|reaffirms?){_FILL}|\b(?:[Ff]ollowing|adhering[ ]to){_FILL}"
        rf"|(?:参照|参考|遵循){_ZH_CASE}|(?:im|Im)[ ]Anschluss[ ]an[^.;]{{0,20}}|(?:Fortführung|Bestätigung)[ ](?:von"
        rf"|der|des)[^.;]{{0,20}}",
        rf"{_IS}(?:followed|to[ ]be[ ]followed)(?![ ]by)",
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
    end = citations[index].end
    limit = citations[index + 1].start if index + 1 < len(citations) else len(text)
    piece = text[end : min(limit, end + CLAUSE)]
    cut = _BOUNDARY.search(piece)
    piece = piece[: cut.start()] if cut else piece
    return (" " if piece[:1].isspace() else "") + " ".join(piece.split())
