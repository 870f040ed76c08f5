"""The sentences of a memo that the playbook writes, in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from metier_legal.law.case import DONE_BY, Treatment
from metier_legal.playbook.question import Language


def day_words(day: date, language: Language) -> str:
    """Returns a date as prose has it: "3 February 2021", 2021年2月3日."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B} {day.year}"


@dataclass(frozen=True, slots=True)
class Words:
    """The templates of one language; `{…}` are filled with citations, quoted words and days."""

    join: str
    rule: str
    exception: str
    holding: str
    overruled: str
    nearest_law: str
    nearest_case: str
    matches: str
    later: str
    split: str
    no_case: str
    unchecked: str
    absent: str
    several: str
    future: str
    ask_date: str
    no_issue: str
    searched: str
    not_here: str
    done_by: Mapping[Treatment, str]


ENGLISH = Words(
    join=", ",
    rule="{cite}: “{quote}”",
    exception="But {cite}: “{quote}”",
    holding="{name}: “{quote}”",
    overruled="{name} is no longer good law ({by}). It held: “{quote}”",
    nearest_law="Nearest to the question in the law of the day: {cites}. Whether that decides it is not judged here.",
    nearest_case="Nearest to the question in the law of the day: {cites}. The nearest decision is {case}: “{quote}”",
    matches="The stated facts and {cite} have this in common: {terms}.",
    later="{cite} has another version from {day}, which does not apply to the relevant day.",
    split="The cases found do not agree: {names}.",
    no_case="No decision on these facts was found.",
    unchecked="Later treatment of the cases was not checked: the corpus does not have every later decision.",
    absent="The question is about the law of {named}; this corpus has only {there}.",
    several="Which law applies? Add it to the question, for example: Jurisdiction: {first}.",
    future="The date of the facts, {day}, lies in the future: what the law will be then cannot be proved.",
    ask_date="On which day did the facts happen? The answer depends on the law of that day.",
    no_issue="No rule of this corpus speaks to the question.",
    searched="Searched: {queries}.",
    not_here="The question rests on {written}, which this corpus does not have ({state}): {reason}",
    done_by=DONE_BY,
)
CHINESE = Words(
    join="、",
    rule="{cite}：“{quote}”",
    exception="但{cite}：“{quote}”",
    holding="{name}：“{quote}”",
    overruled="{name}已不再有效（{by}）。其曾认为：“{quote}”",
    nearest_law="相关日期的法律中与问题最接近的是{cites}；其是否适用，此处不作判断。",
    nearest_case="相关日期的法律中与问题最接近的是{cites}。检索到的最接近的裁判是{case}：“{quote}”",
    matches="所述事实与{cite}的共同之处：{terms}。",
    later="{cite}自{day}起另有版本，不适用于相关日期。",
    split="检索到的案例结论不一致：{names}。",
    no_case="未检索到针对此类事实的裁判。",
    unchecked="案例的后续处理未经核查：语料库并未收录全部后续裁判。",
    absent="问题涉及{named}的法律；本语料库只有{there}。",
    several="适用哪一法域的法律？请在问题中写明，例如：法域：{first}。",
    future="事实日期{day}在未来：届时的法律无法证明。",
    ask_date="事实发生于哪一天？答案取决于当日的法律。",
    no_issue="本语料库中没有规则涉及该问题。",
    searched="检索词：{queries}。",
    not_here="问题所依据的{written}不在本语料库中（{state}）：{reason}",
    done_by={
        Treatment.OVERRULES: "已被推翻，见",
        Treatment.REVERSES: "已被改判，见",
        Treatment.VACATES: "已被撤销，见",
        Treatment.SUPERSEDED_BY_STATUTE: "已被法律取代，见",
    },
)


def words_of(language: Language) -> Words:
    """Returns the templates of a language."""
    return CHINESE if language == "zh" else ENGLISH
