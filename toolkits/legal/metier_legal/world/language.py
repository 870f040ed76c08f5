"""How numbers, dates and citations are written in the two languages of the fictional country."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from metier_legal.law.numerals import format_chinese

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
UNITS_ZH = {
    "days": "日", "weeks": "周", "months": "个月", "years": "年", "crowns": "克朗", "persons": "人",
    "hours": "小时", "employees": "人",
}  # fmt: skip
FOLD = ("", "single", "double", "threefold", "fourfold", "fivefold")
IN_DIGITS = frozenset(("crowns",))


@dataclass(frozen=True, slots=True)
class Both:
    """A text in both languages."""

    en: str
    zh: str

    def of(self, language: Language) -> str:
        """Returns it in one of them."""
        return self.en if language == "en" else self.zh


def say_date(day: date, language: Language) -> str:
    """Returns "3 February 2021" or "2021年2月3日"."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def english_number(number: int) -> str:
    """Returns a number below one hundred in words, others in digits with commas."""
    if number < len(SMALL):
        return SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens] + (f"-{SMALL[ones]}" if ones else "")
    return f"{number:,}"


def say_quantity(number: int, unit: str, language: Language) -> str:
    """Returns "two months", "1,200 crowns", "两个月" or "1200克朗"; raises KeyError for a unit that is unknown.

    "tenths" are tenths of a gram ("十分之二克"), "fold" is how many times ("threefold", "三倍").
    """
    return _say_english(number, unit) if language == "en" else _say_chinese(number, unit)


def _say_english(number: int, unit: str) -> str:
    if unit == "fold":
        return FOLD[number]
    if unit == "percent":
        return f"{english_number(number)} per cent"
    word = unit if number != 1 else unit.removesuffix("s")
    if unit == "tenths":
        word += " of a gram"
    return f"{number:,} {word}" if unit in IN_DIGITS else f"{english_number(number)} {word}"


def _say_chinese(number: int, unit: str) -> str:
    if unit == "tenths":
        return f"十分之{format_chinese(number)}克"
    if unit == "percent":
        return f"百分之{format_chinese(number)}"
    if unit in IN_DIGITS:
        return f"{number}{UNITS_ZH[unit]}"
    counted = "两" if number == 2 and unit != "days" else format_chinese(number)
    return f"{counted}{'倍' if unit == 'fold' else UNITS_ZH[unit]}"


def number_in(number: str, language: Language) -> str:
    """Returns the number of a provision as works of that language have it: "24a" is "24-1" in Chinese."""
    if language == "en" or number.isdigit():
        return number
    return f"{number[:-1]}-{ord(number[-1]) - ord('a') + 1}"


def cite_pin(number: str, path: tuple[str, ...], language: Language) -> str:
    """Returns "§ 24(1)(a)" or "第二十四条第一款第一项"."""
    if language == "en":
        return f"§ {number}" + "".join(f"({step})" for step in path)
    main, _, inserted = number_in(number, "zh").partition("-")
    out = f"第{format_chinese(int(main))}条" + (f"之{format_chinese(int(inserted))}" if inserted else "")
    for step, word in zip(path, ("款", "项"), strict=False):
        out += f"第{format_chinese(int(step) if step.isdigit() else ord(step) - ord('a') + 1)}{word}"
    return out
