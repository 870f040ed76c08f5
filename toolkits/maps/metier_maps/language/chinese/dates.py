"""When: dates and numbers of days in Chinese."""

import re
from datetime import date, timedelta

from metier_maps.language.chinese.numerals import NUMBER, number_of
from metier_maps.language.draft import Draft, ask, note, say
from metier_maps.language.moments import begin, day_of, last_for, next_weekday, span
from metier_maps.language.sheet import Rule, rule

_Y = rf"(?:({NUMBER})年)?"
_M = rf"({NUMBER})月"
_D = rf"({NUMBER})[日号](?!游)"
_LEAD = r"(?:从|自|于|在|打算|计划)?\s*"
_FROM = r"\s*(?:开始|出发|起程|启程|起(?!点)|动身)?"
_TO = r"\s*(?:开始)?(?:到|至|-|~|—)\s*"
_WEEK = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
_AHEAD = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}


def _whole(text: str | None) -> int:
    value = number_of(text or "")
    return -1 if value is None else int(value)


def _year(text: str | None, today: date) -> int | None:
    if not text:
        return None
    year = _whole(text)
    return year + 2000 if 0 <= year < 100 else year


def _word_year(m: re.Match[str], draft: Draft, today: date) -> Draft:
    year = today.year + {"今": 0, "明": 1, "后": 2}[m.group(1)]
    day = day_of(year, _whole(m.group(2)), _whole(m.group(3)), today)
    return begin(note(draft, f"{m.group(1)}年读作 {year}"), day, today, said=str(year))


def _span(m: re.Match[str], draft: Draft, today: date) -> Draft:
    year, month, day, end_year, end_month, end_day = m.groups()
    first = day_of(_year(year, today), _whole(month), _whole(day), today)
    last_month = _whole(end_month) if end_month else first.month
    last_year = _year(end_year, today) if end_year else first.year + (last_month < first.month)
    if not year:
        draft = note(draft, f"没有说年份：{first.isoformat()} 是下一个这样的日子")
    return span(draft, first, day_of(last_year, last_month, _whole(end_day), today), today)


def _date(m: re.Match[str], draft: Draft, today: date) -> Draft:
    day = day_of(_year(m.group(1), today), _whole(m.group(2)), _whole(m.group(3)), today)
    return begin(draft, day, today, said=m.group())


def _end_date(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return say(draft, "end_date", day_of(_year(m.group(1), today), _whole(m.group(2)), _whole(m.group(3)), today))


def _near(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return begin(draft, today + timedelta(days=_AHEAD[m.group(1)]), today, said=m.group(1))


def _weekday(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return begin(draft, next_weekday(_WEEK[m.group(2)], today, skip="下" in m.group(1)), today, said=m.group())


def _weekend(m: re.Match[str], draft: Draft, today: date) -> Draft:
    saturday = next_weekday(5, today, skip="下" in m.group(1))
    draft = note(draft, f"{m.group(1)}周末读作 {saturday} 和 {saturday + timedelta(days=1)}")
    return span(draft, saturday, saturday + timedelta(days=1), today)


def _vague(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return ask(draft, f"“{m.group().strip()}”不是日期：哪一天出发？")


def _days(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    if count is None or count != int(count):
        return None
    return last_for(int(count) * (1 if m.group(2) in ("天", "日") else 7), draft)


def _nights(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    if count is None:
        return None
    return note(last_for(int(count) + 1, draft), f"{int(count)}晚读作{int(count) + 1}天")


DATE_RULES: tuple[Rule[Draft], ...] = (
    rule(rf"{_LEAD}{_Y}\s*{_M}\s*({NUMBER})[日号]?{_TO}{_Y}\s*(?:{_M})?\s*{_D}", _span),
    rule(rf"(?:到|至|直到|截止到?|结束于)\s*{_Y}\s*{_M}\s*{_D}(?:为止|结束|回来)?", _end_date),
    rule(rf"{_LEAD}([今明后])年\s*{_M}\s*{_D}{_FROM}", _word_year),
    rule(rf"{_LEAD}{_Y}\s*{_M}\s*{_D}{_FROM}", _date),
    rule(rf"{_LEAD}(大后天|今天|今日|明天|明日|后天){_FROM}", _near),
    rule(rf"{_LEAD}((?:这个?|本|下个?)?)(?:周|星期|礼拜)末{_FROM}", _weekend),
    rule(rf"{_LEAD}((?:这个?|本|下个?)?)(?:周|星期|礼拜)([一二三四五六日天]){_FROM}", _weekday),
    rule(
        r"(?:下个?|这个?|本)(?:周|星期|礼拜|月)|(?:今|明)年(?:春天|夏天|秋天|冬天)?|(?:国庆|春节|五一|暑假|寒假)(?:节|期间|假期)?",
        _vague,
    ),
    rule(
        rf"(?:一共|共|总共|玩|待|住|为期|游玩|历时)?\s*({NUMBER})\s*个?(天|日(?=游|[^\d]|$)|周|星期|礼拜)(?:的?时间|之旅|的?(?:自驾)?(?:游|旅行|行程)"
        rf"(?!玩))?",
        _days,
    ),
    rule(rf"(?:一共|共|住|待)?\s*({NUMBER})\s*个?(?:晚上?|夜)", _nights),
)
