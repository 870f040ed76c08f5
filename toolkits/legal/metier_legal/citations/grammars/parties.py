"""Names of cases that stand directly before their citations: "Ashcroft v. Iqbal, ", "In re Winship, "."""

import re
from typing import Final

LOOK_BACK: Final = 240

_WORD: Final = re.compile(r"\S+")

_GAP: Final = re.compile(r",?[ \u00a0\n]{1,3}(?:\n[ ]{0,12})?[(]?$")
_LONE: Final = re.compile(
    r"(?<![\w.])(?:In\s+re|Ex\s+parte|In\s+the\s+[Mm]atter\s+of|Matter\s+of|Re)\s+(?:[A-Z][\w’'&.,-]{0,40}\s+"
    r"|of\s+|the\s+|and\s+|for\s+|v\.?\s+){0,12}[A-Z(][\w’'&.)-]{0,40}$"
)
_VERSUS: Final = re.compile(r"\s(?:v|vs|V)\.?\s")
_SMALL_WORDS: Final = """
of and the for on to by ex rel. rel de la du plc von van der den del y et al. & a an f/k/a d/b/a ex.
"""
_SMALL: Final = frozenset(_SMALL_WORDS.split())
_SIGNALS_WORDS: Final = """
See Cf. In But Compare Accord E.g., Also Contra Under Citing Quoting With And As Like Unlike Cf From By Following
Thus, Moreover, Here, Because Overruling Both Then Since When While Although Although, To At On Of Only Later Nor
That This After Before Indeed, Nevertheless, However, Instead, For Take Consider Relying Held Finally, First,
Second, Third, Likewise, Similarly, Accordingly, Again, Ibid. Id. Justice Court’s Court's
"""
_SIGNALS: Final = frozenset(_SIGNALS_WORDS.split())
_ABBREVIATED_WORDS: Final = """
v. vs. Co. Corp. Inc. Ltd. Bros. Bd. Comm’n Dept. Dep’t Dist. Educ. Gen. Ins. Int’l Mfg. Mut. Nat. No. R. Ry. St.
Sav. Sch. Servs. Sys. Tel. Transp. Univ. U. S. U.S. N. E. W. N.Y. Mr. Mrs. Dr. Jr. Sr. L.P. L.L.C. P.C. Assn. Ass’n
Cty. Auth. Bldg. Cal. Cas. Chem. Commr. Commn. Cons. Constr. Coop. Ctr. Def. Dev. Distrib. Div. Elec. Equip. Fed.
Fin. Found. Gov. Govt. Guar. Hosp. Hous. Indep. Indus. Info. Inst. Invs. Lab. Labs. Liab. Mach. Mgmt. Mem. Merch.
Metro. Mkt. Mun. Org. Pac. Petrol. Pharm. Prod. Prods. Prop. Pub. R.R. Rd. Ref. Reg. Rels. Sec. Soc. Son. Steel.
Supp. Sur. Tech. Tr. Trans. Treas. Wash. Ass. Cent. Am. Amer. Mo. Pa. Va. Md. Tex. Ill. Ind. Mich. Minn. Wis. Conn.
Mass. Ala. Ariz. Ark. Colo. Del. Fla. Ga. Kan. Ky. La. Me. Miss. Mont. Neb. Nev. Okla. Ore. Tenn. Vt. Wyo. D.C. Et
al. Sec’y Empl. Exch. Civ. Com. Bank. Mortg. Fid. Cir. Emp. Wel. Welf. Adm’r Adm’x Ex. rel. Rel. Rep. Sup. Ct. App.
Ltd., Inc., Co., Corp., LLC, al., Ft. Mt. Sta. Twp. Vill. Oil. Natl. Comm. Cmty. Envtl. Pls. Pharms. Sols. Techs.
Entm’t Prot. Lib. Libs. Hist. Lit. Comput. Const. Contr. Detr. Econ. Enter. Fr. Gas. Intell. Pet. Pipe. Print.
Publ’g Refin. Sci. Ent. Ents.
"""
_ABBREVIATED: Final = frozenset(_ABBREVIATED_WORDS.split())


def names_of_parties(text: str, position: int, floor: int = 0, *, ended: bool = False) -> tuple[str, str]:
    """Returns the name of the case that ends directly before the position, and the text from its start to there.

    Both are empty when anything else stands there: a name is never fetched over other words, nor from before
    the floor. `ended` says that the name ends at the position itself, with no comma between.
    """
    before = text[max(floor, position - LOOK_BACK) : position]
    gap = _GAP.search(before)
    if gap is None and not ended:
        return "", ""
    core = before[: gap.start()] if gap and not ended else before
    start = _lone_start(core)
    if start is None:
        start = _versus_start(core)
    if start is None:
        return "", ""
    return " ".join(core[start:].split()), before[start:]


def short_name_before(text: str, position: int) -> str:
    """Returns the short name that ends at the position, as "Iqbal" before ", supra"; "" when none does."""
    core = text[max(0, position - 120) : position]
    start, words = len(core), 0
    for match in reversed(list(_WORD.finditer(core))):
        word = match[0]
        sentence = word.endswith(".") and word not in _ABBREVIATED and (words or len(word) > 3)
        if sentence or words == 6 or word.endswith((",", ";", ":", ")")) or not _belongs(word) or word in _SIGNALS:
            break
        start, words = match.start(), words + 1
    start = _without_small(core, start)
    return core[start:].lstrip('(“‘"[')


def _lone_start(core: str) -> int | None:
    match = _LONE.search(core)
    return match.start() if match else None


def _versus_start(core: str) -> int | None:
    versus = list(_VERSUS.finditer(core))
    if not versus:
        return None
    last = versus[-1]
    if not _is_party(core[last.end() :]):
        return None
    start = _start_of_party(core[: last.start()])
    return start if start < last.start() else None


def _is_party(text: str) -> bool:
    words = text.split()
    if not words or len(words) > 18 or any(word.endswith((").", "),", ");")) for word in words):
        return False
    return words[0][:1].isupper() and all(map(_belongs, words))


def _belongs(word: str) -> bool:
    plain = word.lstrip("(“\"‘'")
    if plain in _SMALL or plain.rstrip(",") in _SMALL:
        return True
    if "/" in word and any(sign.isdigit() for sign in word):
        return False
    if word.endswith((";", ":")) or not plain[:1].isalnum():
        return plain[:1] in ("&", "-")
    return plain[0].isupper() or plain[0].isdigit()


def _start_of_party(text: str) -> int:
    start, first = len(text), True
    for match in reversed(list(_WORD.finditer(text))):
        word = match[0]
        if _ends_sentence(word, first=first) or not _belongs(word) or word in _SIGNALS:
            break
        start, first = match.start(), False
        if word[0] in '(“"‘[' and ")" not in word:
            return start + 1
    return _without_small(text, start)


def _ends_sentence(word: str, *, first: bool) -> bool:
    if word.endswith((";", ":", "?", "!", ").", "),", ".”", '."')):
        return True
    if not word.endswith("."):
        return False
    return not first and word not in _ABBREVIATED and len(word) > 2 and word.count(".") < 2


def _without_small(text: str, start: int) -> int:
    while (match := re.match(r"(\S+)\s+", text[start:])) is not None and (
        match[1] in _SMALL or match[1] in _SIGNALS or match[1].isdigit()
    ):
        start += match.end()
    return start
