"""What holding an answer against its sources costs, and what the quote rule accepts of real and of changed quotes."""

import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from datetime import date
from html import unescape
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from rapidfuzz.fuzz import partial_ratio
from rich.console import Console

from benchmarks.timing import print_table
from metier.check import CITED
from metier_legal.attacks import KINDS, Sample, Stock, make_attacks, make_honest
from metier_legal.attacks.editing import drop_not, swap_word
from metier_legal.attacks.material import Law
from metier_legal.checks import CHECKS
from metier_legal.law.case import Case, Paragraph, Part
from metier_legal.law.provision import Provision
from metier_legal.law.units import split_units
from metier_legal.law.work import Style, Work
from metier_legal.quoting.matching import match_quote

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "legal"
TODAY: Final = date(2024, 11, 1)
SINCE: Final = date(2021, 10, 18)
ANSWERS: Final = 300
TITLES: Final = (9, 17, 35)  # of title 11 the data has the rules only
ATTRIBUTED: Final = 92.0  # a piece that is further from the cited section is of a case, a report or another section
PIECE: Final = 3
BEFORE: Final = 160
AFTER: Final = 120
CHANGED: Final = "words changed in brackets, which the rule takes for a paraphrase"
SHORTEST: Final = 6
EDITED: Final = 5_000

_TAG: Final = re.compile(r"<[^>]*>")
_SECTION: Final = re.compile(r"(\d+) USC Sec\. (\S+)\s.*?-STATUTE-\n(.*?)\n-SOURCE-", re.DOTALL)
_QUOTED: Final = re.compile(r"“([^“”]{20,1500})”")
_NUMBER: Final = re.compile(r"§+\s*(\d{1,4}[A-Z]?)(?![\d-])")
_HYPHENED: Final = re.compile(r"(?<=[a-z])[-\xad]\s*\n\s*(?=[a-z])")
_ELLIPSIS: Final = re.compile(r"\. \. \.(?: \.)?")
_PIECES: Final = re.compile(r"\w*\[[^\]]*\]\w*|\. \. \.(?: \.)?")
_ALLOWED: Final = re.compile(r"(?<!\w)\[[A-Za-z]\]|\[e?s\]")
_PARAGRAPH: Final = re.compile(r"\n\s*\n")


def main() -> None:
    """Prints the cost of an answer, the quotes of the Supreme Court that hold, and the changed quotes that do."""
    if not DATA.exists():
        Console().print("No ../shared/data/legal: there is nothing to verify.")
        return
    stocks = {"statutes and opinions (US)": _american(), "statutes (China)": _chinese()}
    print_table(
        f"Verification of an answer by all {len(CHECKS) + 1} checks, CPU",
        ["answers", "number", "median", "p90", "objected to"],
        [row for name, stock in stocks.items() for row in _time_answers(name, stock)],
    )
    _print_supreme_court()
    _print_edits(stocks)


def _time_answers(name: str, stock: Stock) -> Iterator[list[str]]:
    yield _row(f"{name}, correct", islice(make_honest(stock, seed=1), ANSWERS))
    attacks = (one for kind in KINDS for one in islice(make_attacks(stock, kind, seed=1), ANSWERS // len(KINDS)))
    yield _row(f"{name}, attacks", attacks)


def _row(name: str, samples: Iterable[Sample]) -> list[str]:
    taken, objected = [], 0
    for sample in samples:
        begin = time.process_time()
        violated = [check(sample.task, sample.memo, sample.evidence).violated for check in (*CHECKS, CITED)]
        taken.append(time.process_time() - begin)
        objected += any(violated)
    median, ninth = statistics.median(taken), statistics.quantiles(taken, n=10)[-1]
    return [name, str(len(taken)), f"{median * 1e3:.2f} ms", f"{ninth * 1e3:.2f} ms", str(objected)]


def _print_supreme_court() -> None:
    """Prints how many quotes of three titles in 50 opinions hold in the section beside them, and why not."""
    sections = {(title, number): text for title in TITLES for number, text in _sections(title)}
    beside = [one for one in _quotes(sections) if len(one[0].split()) >= SHORTEST]
    near = {(quote, *key): None for quote, keys in beside if (key := _section_of(quote, keys, sections)) is not None}
    told = {one: _why_refused(one[0], sections[one[1:]]) for one in near}
    refused = Counter(why for why in told.values() if why)
    held = len(told) - refused.total()
    unchanged = len(near) - refused[CHANGED]
    rows = [
        [f"quotes of at least {SHORTEST} words beside a section of the three titles", str(len(beside))],
        ["whose every piece stands near enough in that section, each once", str(len(near))],
        ["that hold by the quote rule", f"{held} ({held / max(len(near), 1):.1%})"],
        *([f"refused: {why}", str(number)] for why, number in refused.most_common()),
        ["hold, of those that change no word of the statute", f"{held} ({held / max(unchanged, 1):.1%})"],
    ]
    print_table("Quotes of the U.S. Code in opinions of the Supreme Court", ["quotes", "number"], rows)
    for (quote, title, number), why in told.items():
        if why:
            line = f"  {why}, {title} U.S.C. § {number}: {quote[:160]}"
            Console().print(line, markup=False, highlight=False)


def _why_refused(quote: str, text: str) -> str:
    """Returns why the quote rule refuses a quote that is of the section, "" when it holds."""
    found = match_quote(quote, text, language="en")
    if found.holds:
        return ""
    bare = _ALLOWED.sub("", _ELLIPSIS.sub("", quote))
    return CHANGED if "[" in bare else found.problem


def _section_of(
    quote: str, keys: Iterable[tuple[int, str]], sections: dict[tuple[int, str], str]
) -> tuple[int, str] | None:
    """Returns the section of which every piece of the quote between brackets and ellipses is, or None."""
    pieces = [piece for piece in _PIECES.split(quote) if len(piece.split()) >= PIECE]
    for key in sorted(keys):
        text = " ".join(sections[key].split())
        if pieces and all(partial_ratio(piece, text) >= ATTRIBUTED for piece in pieces):
            return key
    return None


def _print_edits(stocks: dict[str, Stock]) -> None:
    rows = []
    for name, stock in stocks.items():
        random, counts = Random(1), {"number, modal or word": [0, 0], "denial dropped": [0, 0], "none": [0, 0]}
        for passage in random.sample(stock.passages, min(EDITED, len(stock.passages))):
            text, language = passage.version.text, stock.language
            edits = {"number, modal or word": swap_word, "denial dropped": drop_not}
            for kind, edit in edits.items():
                changed = edit(random, passage.quote, language)
                if changed is not None and changed not in text:
                    counts[kind][0] += 1
                    counts[kind][1] += match_quote(changed, text, language=language).holds
            counts["none"][0] += 1
            counts["none"][1] += match_quote(passage.quote, text, language=language).holds
        rows += [[f"{name}: {kind}", str(tried), str(held)] for kind, (tried, held) in counts.items()]
    print_table("Quotes with one change", ["change", "quotes", "accepted"], rows)


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _sections(title: int) -> Iterator[tuple[str, str]]:
    with gzip.open(DATA / "en-uscode" / f"usc{title:02}_pl112-90.txt.gz", "rt", encoding="utf-8") as file:
        for part in file.read().split("-CITE-"):
            match = _SECTION.search(part)
            if match:
                yield match[2], match[3]


def _quotes(sections: Container[tuple[int, str]]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yields the quotes of each opinion that cites one of the titles, with the sections of them named nearby."""
    for row in _lines("en-scotus50/opinions.jsonl.gz"):
        text = _HYPHENED.sub("", unescape(_TAG.sub("", row["html"])))
        titles = [title for title in TITLES if re.search(rf"\b{title}\s+U\.\s*S\.\s*C\.", text)]
        for match in _QUOTED.finditer(text) if titles else ():
            near = (text[max(0, match.start() - BEFORE) : match.start()], text[match.end() : match.end() + AFTER])
            numbers = {number for part in near for number in _NUMBER.findall(part)}
            keys = [(title, number) for title in titles for number in numbers if (title, number) in sections]
            if keys:
                yield " ".join(match[1].split()), keys


def _american() -> Stock:
    given = {"id": "us-dc/code", "jurisdiction": "us-dc", "title": "District of Columbia Official Code"}
    work = Work(**given, short="D.C. Code", style=Style.DC_CODE, complete=True)
    laws = []
    for row in _lines("en-dccode/sections.jsonl.gz"):
        text = row["text"].removeprefix(row["num"]).strip().removeprefix(row["heading"] or "").strip()
        units = split_units(text, Style.DC_CODE)
        # Half of the real texts are taken to be repealed, so that there is something to revive.
        ended = date(2023, 6, 1) if len(laws) % 2 else None
        version = Provision(work=work.id, number=row["num"], text=text, units=units, valid_from=SINCE, valid_to=ended)
        laws += [] if row["reason"] else [Law(work, (version,))]
    return Stock("us-dc", "en", TODAY, tuple(laws[::4] + laws[1::20]), tuple(_opinions()))


def _opinions() -> Iterator[Case]:
    for row in _lines("en-scotus50/opinions.jsonl.gz"):
        text = unescape(_TAG.sub("", row["html"]))
        body = text[text.find("delivered the opinion") :]
        blocks = [" ".join(re.sub(r"[-\xad]\s*\n\s*", "", block).split()) for block in _PARAGRAPH.split(body)]
        paragraphs = [Paragraph(number=i, text=block, part=Part.MAJORITY) for i, block in enumerate(blocks, start=1)]
        if row["date_filed"]:
            yield Case(
                id=f"us/scotus/{row['courtlistener_id']}",
                jurisdiction="us",
                name=row["case_name"],
                court="Supreme Court of the United States",
                court_level=3,
                decided=date.fromisoformat(row["date_filed"]),
                paragraphs=tuple(one for one in paragraphs if 200 < len(one.text) < 6000),
            )


def _chinese() -> Stock:
    texts: dict[tuple[str, str], list[Provision]] = {}
    works: dict[str, Work] = {}
    for row in _lines("zh-stard/articles_other_versions.jsonl.gz"):
        name, number = row["law"], row["article"].strip("第条")
        works.setdefault(name, Work(id=f"cn/{name}", jurisdiction="cn", title=name, language="zh", style=Style.CHINESE))
        if row["version_date"]:
            version = Provision(
                work=f"cn/{name}",
                number=number,
                text=row["text"],
                units=split_units(row["text"], Style.CHINESE),
                valid_from=date.fromisoformat(row["version_date"]),
            )
            texts.setdefault((name, number), []).append(version)
    laws = [Law(works[name], tuple(sorted(found, key=_begin))) for (name, _), found in texts.items()]
    return Stock("cn", "zh", TODAY, tuple(laws))


def _begin(version: Provision) -> date:
    return version.valid_from or date.min


if __name__ == "__main__":
    main()
