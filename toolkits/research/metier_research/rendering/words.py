"""What the files of a report say around it, in English and Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from metier_research.language.words import is_chinese


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. `{}` is filled in."""

    tag: str
    report: str
    question: str
    answer: str
    conflicts: str
    conflict_note: str
    open_questions: str
    sources: str
    no_sources: str
    verification: str
    checks: str
    outcomes: Mapping[str, str]
    rules: Mapping[str, str]
    summary: str
    unsettled: str
    removed: str
    removed_note: str
    confirmed: str
    provisional: str
    confidence: Mapping[str, str]
    kinds: Mapping[str, str]
    published: str
    modified: str
    outdated: str
    copy_of: str
    invented: str
    back: str
    no_evidence: str
    not_found: str
    program: str
    fictional: str
    partly_fictional: str
    notice: str
    run: str
    contents: str
    colon: str


ENGLISH: Final = Words(
    tag="en",
    report="Research report",
    question="Question",
    answer="Answer",
    conflicts="Where the sources disagree",
    conflict_note="Nothing was merged: each side stands with its own source.",
    open_questions="Not found",
    sources="Sources",
    no_sources="Nothing is cited.",
    verification="Verification",
    checks="Check",
    outcomes={"holds": "holds", "violated": "violated", "unknown": "undecided"},
    rules={
        "read": "Cited pages were read",
        "quoted": "Quotes stand in their pages",
        "no-instructions": "No page's orders were taken for facts",
        "numbers": "Numbers stand in the quotes",
        "named": "Names are those of the sources",
        "supported": "Statements say what the quotes say",
        "independent": "Copies count as one source",
        "conflicts-shown": "Contradictions are shown",
        "grounded": "The report rests on what was read",
        "cited": "Every statement is cited",
    },
    summary="{} findings: {} hold, {} are violated, {} could not be decided.",
    unsettled="What does not hold or could not be decided",
    removed="Removed from the report",
    removed_note="These statements did not hold against the sources. They are shown here only to say so.",
    confirmed="Every check holds",
    provisional="Not every check holds",
    confidence={"high": "high confidence", "medium": "medium confidence", "low": "low confidence"},
    kinds={"passage": "Page", "record": "Catalogue entry", "output": "Computation", "": "Tool result"},
    published="published {}",
    modified="modified {}",
    outdated="Outdated: {}",
    copy_of="Copy of {}",
    invented="Fictional",
    back="Back to statement",
    no_evidence="No evidence of this run",
    not_found="The quote does not stand in this source.",
    program="Program",
    fictional="Fictional: every source of this report is of a generated world. Nothing in it exists.",
    partly_fictional="Partly fictional: some sources of this report are of a generated world, and are marked so.",
    notice="Every statement was held against the words it quotes. It is no truer than its sources.",
    run="Run",
    contents="Contents",
    colon=": ",
)
CHINESE: Final = Words(
    tag="zh",
    report="研究报告",
    question="问题",
    answer="回答",
    conflicts="来源之间的分歧",
    conflict_note="各方说法分别列出，未作合并。",
    open_questions="未能查明",
    sources="来源",
    no_sources="没有引用任何来源。",
    verification="核验",
    checks="检查",
    outcomes={"holds": "成立", "violated": "不成立", "unknown": "无法判定"},
    rules={
        "read": "引用的网页均已阅读",
        "quoted": "引文与原文一致",
        "no-instructions": "未把网页中的指令当作事实",
        "numbers": "数字见于引文",
        "named": "名称见于来源",
        "supported": "陈述与引文相符",
        "independent": "副本只算一个来源",
        "conflicts-shown": "矛盾均已列出",
        "grounded": "报告以所读内容为据",
        "cited": "每条陈述均有引用",
    },
    summary="共 {} 项：成立 {} 项，不成立 {} 项，无法判定 {} 项。",
    unsettled="不成立或无法判定的事项",
    removed="已从报告中删去",
    removed_note="以下陈述与来源不符，列在此处仅为说明。",
    confirmed="全部检查成立",
    provisional="并非全部检查成立",
    confidence={"high": "把握高", "medium": "把握中等", "low": "把握低"},
    kinds={"passage": "网页", "record": "目录条目", "output": "计算结果", "": "工具结果"},
    published="发表于 {}",
    modified="修改于 {}",
    outdated="已过时：{}",
    copy_of="副本，原文为 {}",
    invented="虚构",
    back="返回陈述",
    no_evidence="并非本次运行的证据",
    not_found="该来源中没有这段引文。",
    program="程序",
    fictional="虚构：本报告的全部来源均属生成的虚构世界，其中内容并不存在。",
    partly_fictional="部分虚构：本报告的部分来源属于生成的虚构世界，均已标明。",
    notice="每条陈述均已对照其引文核验；其真实性不超过来源本身。",
    run="运行",
    contents="目录",
    colon="：",
)


def words_for(text: str) -> Words:
    """Returns the words for a report on that question."""
    return CHINESE if is_chinese(text) else ENGLISH
