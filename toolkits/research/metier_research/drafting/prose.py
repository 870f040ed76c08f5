"""Prose with marks of its sources, read into headings, sentences and the sources that each names. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from metier_research.language.sentences import sentences_of

LONGEST: Final = 200_000
_ASIDE: Final = re.compile(r"[(（]\s*\[[^\[\]\n]{0,200}\]\([a-z]+://?[^\s)]+\)\s*[)）]", re.IGNORECASE)
_EVIDENCE: Final = re.compile(r"\bev-[0-9a-f]{6,64}\b")
_MARKED: Final = re.compile(
    r"[\[【(（]\s*(?P<ids>(?:evidence:?\s*)?ev-[0-9a-f]{6,64}(?:\s*[,;，、]\s*(?:evidence:?\s*)?ev-[0-9a-f]{6,64})*)\s*[\])）】]"
    r"|[\[【]\^?(?P<numbers>\d{1,3}(?:\s*[,;，、–-]\s*\^?\d{1,3})*)(?:†[^\]】]*)?[\]】](?!\()"
    r"|\[(?P<words>[^\[\]\n]{0,200})\]\((?P<link>[a-z]+://?[^\s)]+)\)"
    r"|[<(（]?(?P<bare>(?:https?|wiki|file)://[^\s<>\[\]()（）【】，。；]+[^\s<>\[\]()（）【】，。；.,;:!?\"'])[>)）]?",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"^\s*(?:[-*•]\s*)?[\[【(]?\^?(?P<number>\d{1,3})[\]】).:]*\s*:?\s*(?P<rest>.*?(?:(?:https?|wiki|file)://|\bev-[0-9a-f]{6}).*)$"
)
_SOURCES: Final = re.compile(
    r"^\W*(?:references?|sources?|bibliography|citations?|works cited|参考文献|参考资料|来源|引用)\W*$", re.IGNORECASE
)
_HEADING: Final = re.compile(r"^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$|^\s*\*\*([^*\n]{1,120})\*\*:?\s*$")
_BULLET: Final = re.compile(r"^\s*(?:[-*•+]|\d{1,2}[.)])\s+")
_EMPHASIS: Final = re.compile(r"(\*\*|__|(?<![*\w])\*(?=\S)|(?<=\S)\*(?![*\w])|`)")
_EXACT: Final = re.compile(
    r"^\W*(?:(?:the )?(?:final|exact|short|direct)? ?answer(?: is)?|最终答案|答案)\s*[:：]\s*(?P<exact>\S.*?)\s*$",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"</?(?:answer|report|final|result)>", re.IGNORECASE)
_THOUGHT: Final = re.compile(r"<think>.*?(?:</think>|\Z)", re.IGNORECASE | re.DOTALL)
_FENCE: Final = re.compile(r"^\s*(?:```|~~~)")
_ROW: Final = re.compile(r"^\s*\|")
_SHORT_ANSWER: Final = 12  # words
_FEW: Final = 6
_SENTENCE: Final = 4  # words that, with a full stop, are a sentence
_SHORT_LETTERS: Final = 60


@dataclass(frozen=True, slots=True)
class Drafted:
    """One sentence of the draft, without its marks: the ids of evidence and the addresses that they name."""

    text: str
    ids: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A draft: its title, its parts as (heading, sentences), and the answer in a few words, if it gives one."""

    title: str
    parts: tuple[tuple[str, tuple[Drafted, ...]], ...]
    exact: str


def read_prose(text: str) -> Prose:
    """Returns the draft as it stands; nothing of it is known to be true."""
    plain = _TAG.sub("\n", _THOUGHT.sub("", text[:LONGEST]))
    lines, listed = _split_sources(plain.splitlines())
    title, exact, heading = "", "", ""
    parts: list[tuple[str, list[Drafted]]] = [("", [])]
    for line in _without_code(lines):
        found = _HEADING.match(line)
        answer = _EXACT.match(_EMPHASIS.sub("", line))
        if found:
            heading = _EMPHASIS.sub("", found[2] or found[3]).strip()
            title = title or (heading if found[1] == "#" else "")
            parts.append(("" if heading == title else heading, []))
        elif answer and not exact and len(answer["exact"].split()) <= _SHORT_ANSWER:
            exact = _strip(answer["exact"])
            parts[-1][1].extend(_sentences(answer["exact"], listed) if len(answer["exact"].split()) > 4 else ())
        elif not _ROW.match(line):
            parts[-1][1].extend(_sentences(_BULLET.sub("", line), listed))
    kept = tuple((heading, tuple(sentences)) for heading, sentences in parts if sentences)
    if not exact and _is_short(_MARKED.sub("", plain).strip()):
        return Prose(title, (), _strip(plain))
    return Prose(title, kept, exact)


def _is_short(text: str) -> bool:
    """Returns whether a text is no sentence but an answer in a few words."""
    if text.endswith((".", "。")) and len(text.split()) >= _SENTENCE:
        return False
    return 0 < len(text) <= _SHORT_LETTERS and not re.search(r"[\n。，]|\.\s", text) and len(text.split()) <= _FEW


def _strip(text: str) -> str:
    return _MARKED.sub("", _EMPHASIS.sub("", text)).strip().strip(".。 ")


def _split_sources(lines: list[str]) -> tuple[list[str], Mapping[int, str]]:
    """Returns the lines without the list of sources, and the addresses or ids that it gives, by number."""
    listed: dict[int, str] = {}
    kept: list[str] = []
    within = False
    for line in lines:
        if _SOURCES.match(line):
            within = True
            continue
        entry = _LISTED.match(line)
        if entry and (within or line.lstrip().startswith(("[", "【"))):
            listed.setdefault(int(entry["number"]), entry["rest"])
        elif not within or _HEADING.match(line):
            within = False
            kept.append(line)
    return kept, listed


def _without_code(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if _FENCE.match(line):
            inside = not inside
        elif not inside and line.strip():
            yield line


def _sentences(line: str, listed: Mapping[int, str]) -> Iterator[Drafted]:
    """Yields the sentences of a line; marks that stand after a full stop belong to the sentence before it."""
    pulled = re.sub(rf"([.!?。！？])(\s*)((?:{_MARKED.pattern}\s*)+)", _pull, line, flags=re.IGNORECASE)
    for sentence in sentences_of(_EMPHASIS.sub("", pulled)):
        ids: list[str] = []
        addresses: list[str] = []
        for match in _MARKED.finditer(sentence):
            _collect(match, listed, ids, addresses)
        text = " ".join(_MARKED.sub(lambda match: match["words"] or "", _ASIDE.sub("", sentence)).split())
        text = re.sub(r"\s+([.,;:!?。，；：！？])", r"\1", text).strip()
        if re.search(r"\w", text):
            yield Drafted(text, tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(addresses)))


def _pull(match: re.Match[str]) -> str:
    """Returns the marks before the full stop that they follow."""
    return f" {match[3].strip()}{match[1]} "


def _collect(match: re.Match[str], listed: Mapping[int, str], ids: list[str], addresses: list[str]) -> None:
    if match["ids"]:
        ids += _EVIDENCE.findall(match["ids"])
    for number in _numbers(match["numbers"] or ""):
        entry = listed.get(number, "")
        ids += _EVIDENCE.findall(entry)
        addresses += [one["link"] or one["bare"] for one in _MARKED.finditer(entry) if one["link"] or one["bare"]]
    if match["link"] or match["bare"]:
        addresses.append(match["link"] or match["bare"])


def _numbers(written: str) -> Iterator[int]:
    for part in re.split(r"[,;，、]", written.replace("^", "")):
        ends = [int(end) for end in re.findall(r"\d+", part)]
        if ends:
            yield from range(ends[0], min(ends[-1], ends[0] + 20) + 1)
