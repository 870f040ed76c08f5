"""Citations written from values. What is written here, `finding` reads back as the same law and pin."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from metier_legal.citations.citation import Pin
from metier_legal.law.case import Case
from metier_legal.law.numerals import format_chinese
from metier_legal.law.work import Level, Style, Work

_CJK: Final = re.compile(r"[\u4e00-\u9fff]")
_EU_ACT: Final = re.compile(
    r"(?:(?:Implementing|Delegated) )?(?:Regulation|Directive|Decision) (?:\([A-Z, ]+\) )?(?:No )?\d+/\d+(?:/[A-Z]+)?"
)
_BY_ARTICLES: Final = frozenset(("GG", "EGBGB", "EUV", "AEUV", "GRCh", "EMRK", "DSGVO", "DS-GVO", "WRV"))


def form_law(work: Work, pin: Pin, *, version: str = "") -> str:
    """Returns the citation of a provision in its work's style: "17 U.S.C. § 101(a)(2)", "§ 823 Abs. 1 BGB".

    `version` is shown by Chinese citations only, as 《公司法》（2018修正）第三条.
    """
    if work.style is Style.CHINESE or (work.style is Style.PLAIN and _CJK.search(work.title)):
        shown = f"（{version}）" if version else ""
        return f"《{work.title}》{shown}{form_pin(Style.CHINESE, pin)}"
    return _LAWS[work.style](work, form_pin(work.style, pin))


def form_pin(style: Style, pin: Pin) -> str:
    """Returns the pin alone: "§ 101(a)(2)", "第一千零七十九条第二款", "Abs."-wise, "Article 6(1)(f)", "s 6(1)(b)"."""
    return _PINS[style](pin)


def _sectioned(pin: Pin) -> str:
    if pin.last:
        return f"§§ {pin.number}{_hyphen(pin)}{pin.last}"
    return f"§ {pin.number}{_brackets(pin.path)}{' note' if pin.note else ''}"


def _hyphen(pin: Pin) -> str:
    return "-" if pin.number.isdigit() and pin.last.isdigit() else " to "


def _brackets(path: tuple[str, ...]) -> str:
    return "".join(f"({part})" for part in path)


def _german(pin: Pin) -> str:
    if pin.last:
        return f"§§ {pin.number} bis {pin.last}"
    return f"§ {pin.number}" + "".join(f" {word}" for word in _german_path(pin.path))


def _german_path(path: tuple[str, ...]) -> list[str]:
    words = list[str]()
    for number, part in enumerate(path):
        if match := re.fullmatch(r"(s|h|alt)(\d+)", part):
            words.append(f"{_GERMAN_WORDS[match[1]]} {match[2]}")
        elif part[0].isdigit():
            words.append(f"{'Nr.' if number else 'Abs.'} {part}")
        else:
            words.append(f"Buchst. {part}")
    return words


_GERMAN_WORDS: Final = {"s": "Satz", "h": "Halbsatz", "alt": "Alt."}


def _chinese(pin: Pin) -> str:
    if pin.last:
        return f"{_article(pin.number)}至{_article(pin.last)}"
    signs = [f"第{_han(pin.path[0])}款"] if pin.path else []
    signs += [f"第（{_han(part)}）项" for part in pin.path[1:2]]
    signs += [f"第{part}目" for part in pin.path[2:]]
    return _article(pin.number) + "".join(signs)


def _article(number: str) -> str:
    whole, _, added = number.partition("-")
    return f"第{_han(whole)}条" + (f"之{_han(added)}" if added else "")


def _han(number: str) -> str:
    return format_chinese(int(number)) if number.isdecimal() else number


def _european(pin: Pin) -> str:
    if pin.last:
        return f"Articles {pin.number} to {pin.last}"
    return f"Article {pin.number}{_brackets(pin.path)}"


def _british(pin: Pin) -> str:
    if pin.last:
        return f"ss {pin.number}-{pin.last}"
    return f"s {pin.number}{_brackets(pin.path)}"


def _french(pin: Pin) -> str:
    if pin.last:
        return f"articles {_french_number(pin.number)} à {_french_number(pin.last)}"
    parts = [f", alinéa {pin.path[0]}"] if pin.path else []
    parts += [f", {part}°" for part in pin.path[1:2]] + [f", {part})" for part in pin.path[2:]]
    return f"article {_french_number(pin.number)}{''.join(parts)}{',' if parts else ''}"


def _french_number(number: str) -> str:
    return re.sub(r"^([LRDA])\*?(?=\d)", r"\1. ", number)


_PINS: Final[Mapping[Style, Callable[[Pin], str]]] = {
    Style.US_CODE: _sectioned,
    Style.CFR: _sectioned,
    Style.DC_CODE: _sectioned,
    Style.GERMAN: _german,
    Style.CHINESE: _chinese,
    Style.EU: _european,
    Style.UK: _british,
    Style.FRENCH: _french,
    Style.PLAIN: _sectioned,
}


def _name(work: Work) -> str:
    return work.short or work.title


def _title_number(code: str) -> Callable[[Work, str], str]:
    def write(work: Work, pin: str) -> str:
        name = work.short if code in work.short else f"{work.id.rpartition('/')[2]} {code}"
        return f"{name} {pin}"

    return write


def _german_law(work: Work, pin: str) -> str:
    if work.short in _BY_ARTICLES or work.level is Level.CONSTITUTION:
        pin = pin.replace("§", "Art.", 1).replace("§", "")
    return f"{pin} {_name(work)}"


def _european_law(work: Work, pin: str) -> str:
    act = _EU_ACT.match(work.title)
    name = work.short or (act[0] if act else work.title)
    return f"{pin} {name}" if re.fullmatch(r"[A-Z][A-Za-z]*[A-Z]+", name) else f"{pin} of {name}"


def _french_law(work: Work, pin: str) -> str:
    name = _name(work)
    if name[:1].lower() in "aeiouéèêh":
        return f"{pin} de l'{name}"
    feminine = re.match(r"(?:loi|constitution|convention|charte)\b", name, re.IGNORECASE)
    return f"{pin} {'de la' if feminine else 'du'} {name}"


_LAWS: Final[Mapping[Style, Callable[[Work, str], str]]] = {
    Style.US_CODE: _title_number("U.S.C."),
    Style.CFR: _title_number("C.F.R."),
    Style.DC_CODE: lambda _, pin: f"D.C. Code {pin}",
    Style.GERMAN: _german_law,
    Style.EU: _european_law,
    Style.UK: lambda work, pin: f"{_name(work)}, {pin}",
    Style.FRENCH: _french_law,
    Style.PLAIN: lambda work, pin: f"{_name(work)} {pin}",
}


def form_case(case: Case, paragraph: int | None = None) -> str:
    """Returns the citation of a decision as its jurisdiction cites, with the paragraph when one is given.

    "Ashcroft v. Iqbal, 556 U.S. 662 (2009)"; "BGH, Urteil vom 12. Mai 2010 - I ZR 214/07, Rn. 5"; 最高人民法院（2019）
    最高法民终123号; "Borak v. Stane, Regional Court of Dornava, 14 March 2019, No. RC 123/2018, ¶ 5".
    """
    if case.language == "zh":
        return _chinese_case(case, paragraph)
    if case.language == "de":
        return _german_case(case, paragraph)
    own = next(iter(case.citations), "")
    neutral = own.startswith("[")
    if own and not neutral and case.jurisdiction == "us":
        year = f" ({case.decided.year})" if case.decided else ""
        return f"{case.name}, {own}{year}" + _mark(paragraph, ", ¶ {}")
    parts = [case.name] if neutral else [case.name, case.court]
    if case.decided and not neutral:
        parts.append(f"{case.decided.day} {_ENGLISH_MONTHS[case.decided.month - 1]} {case.decided.year}")
    if neutral:
        return f"{case.name} {own}" + _mark(paragraph, " at [{}]")
    parts += [f"No. {case.docket}"] if case.docket else []
    parts += [own] if own and own != case.docket else []
    return ", ".join(part for part in parts if part) + _mark(paragraph, ", ¶ {}")


def _chinese_case(case: Case, paragraph: int | None) -> str:
    own = next((one for one in case.citations if "案例" in one or "-" in one), "")
    number = case.docket or next(iter(case.citations), "")
    names = f"{case.name}，" if case.name else ""
    return f"{names}{case.court}{number}" + (f"，{own}" if own and own != number else "") + _mark(paragraph, "，第{}段")


_ENGLISH_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip


def _german_case(case: Case, paragraph: int | None) -> str:
    day = case.decided
    dated = f" vom {day.day}. {_MONTHS[day.month - 1]} {day.year}" if day else ""
    return f"{case.court}, Urteil{dated} - {case.docket}" + _mark(paragraph, ", Rn. {}")


def _mark(paragraph: int | None, pattern: str) -> str:
    return "" if paragraph is None else pattern.format(paragraph)
