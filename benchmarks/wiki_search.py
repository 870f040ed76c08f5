"""What importing and searching a wiki costs, in time and memory: the generated wiki, and an export of MediaWiki."""

import bz2
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final

from benchmarks.timing import print_table
from metier_research.pages.page import Hit
from metier_research.wiki.store import Wiki

SEED: Final = 7
SIZES: Final = (2_500, 10_000)
DUMPS: Final = (1_000, 2_000)
ROUNDS: Final = 3
QUESTIONS: Final = (
    "{}",
    "When was {} founded?",
    "Who is the head of {} today?",
    "population of {} in 2001",
    "What is the name of the person who wrote {} before the war?",
)

# an import of its own process: its peak memory is its own
PEAK: Final = """
# not ru_maxrss: that one remembers the memory of the process that started this one
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+([0-9]+)", status.read_text())[1] if status.exists() else 0
"""
CHILD: Final = f"""
import re, sys, time
from pathlib import Path
from metier.world import make_country
from metier_research.wiki.importing import import_pages
from metier_research.world.pages import make_pages

seed, count, path = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
begin = time.process_time()
pages = list(make_pages(make_country(seed), count))
made = time.process_time()
import_pages(pages, path, name=path.stem, licence="CC0-1.0", synthetic=True)
done = time.process_time()
{PEAK}
print(made - begin, done - made, peak)
"""
DUMP_CHILD: Final = f"""
import re, sys, time
from pathlib import Path
from metier_research.wiki.collections import add_dump

begin = time.process_time()
add_dump(Path(sys.argv[1]), Path(sys.argv[2]), name="dump", licence="CC0-1.0")
{PEAK}
print(time.process_time() - begin, peak)
"""
ARTICLE: Final = """<page><title>Town {number}</title><ns>0</ns><revision><timestamp>2024-01-02T03:04:05Z</timestamp>
<text xml:space="preserve">{{{{Infobox settlement
| name = Town {number}
| population_total = {{{{formatnum:{number}}}}}
| leader_name = [[Mayor {number}]]
}}}}
'''Town {number}''' is a [[town]] on the [[River {other}|river]].&lt;ref&gt;source&lt;/ref&gt;
{body}
{{| class="wikitable"
! Year !! People
|-
| 1900 || {number}
|}}
[[Category:Towns]]</text></revision></page>
"""


def main() -> None:
    """Prints a table for each size of the generated wiki, or for the one that is given."""
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            _measure(size, Path(folder))
    _measure_dumps()


def _measure(size: int, folder: Path) -> None:
    path = folder / f"world-{SEED}.sqlite"
    made_s, import_s, peak_kb = _import(size, path)
    first_hits, times = _search(path, size)
    again = folder / "again" / path.name
    again.parent.mkdir()
    _import(size, again)
    same = _search(again, size)[0] == first_hits
    wall, cpu = (statistics.quantiles(column, n=100) for column in zip(*times, strict=True))
    rows = [
        ["pages generated", f"{made_s:.1f} s CPU", ""],
        ["import", f"{import_s:.1f} s CPU", f"{peak_kb / 1e3:.0f} MB with the pages in memory"],
        ["file", f"{path.stat().st_size / 1e6:.1f} MB", ""],
        ["LIKE scan of the titles", f"{_scan(path) * 1e3:.1f} ms", ""],
        ["search, median", f"{wall[49] * 1e3:.1f} ms", f"{cpu[49] * 1e3:.1f} ms CPU, {len(times)} queries"],
        ["search, p95", f"{wall[94] * 1e3:.1f} ms", f"{cpu[94] * 1e3:.1f} ms CPU"],
        ["the page asked about is among the first 3", f"{_share_found(path, size):.1%}", ""],
        ["imported again", "same bytes" if same else "OTHER BYTES", "of every hit"],
    ]
    print_table(f"The generated wiki of seed {SEED}: {size} pages", ["what", "measure", "note"], rows)


def _import(size: int, path: Path) -> tuple[float, float, float]:
    """Returns the CPU seconds of making the pages and of importing them, and the kilobytes at the peak."""
    command = [sys.executable, "-c", CHILD, str(SEED), str(size), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    made, imported, peak = map(float, done.stdout.split())
    return made, imported, peak


def _measure_dumps() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for count in DUMPS:
            dump = Path(name) / f"{count}.xml.bz2"
            size = _write_export(dump, count) / 1e6
            command = [sys.executable, "-c", DUMP_CHILD, str(dump), str(Path(name) / str(count))]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            seconds, peak = map(float, done.stdout.split())
            rows.append([f"{count} pages, {size:.1f} MB", f"{seconds:.1f} s CPU", f"{peak / 1e3:.0f} MB"])
    print_table("Import of a MediaWiki export (.xml.bz2) of synthetic pages", ["export", "import", "peak memory"], rows)


def _write_export(path: Path, count: int) -> int:
    """Returns the bytes of the export, unpacked."""
    random = Random(count)
    words = [f"word{number}" for number in range(5_000)]
    size = 0
    with bz2.open(path, "wt", encoding="utf-8") as file:
        size += file.write('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en">')
        for number in range(count):
            body = "\n\n".join(" ".join(random.choices(words, k=60)) for _ in range(8))
            size += file.write(ARTICLE.format(number=number, other=number // 3, body=body))
        size += file.write("</mediawiki>")
    return size


def _questions(wiki: Wiki, size: int) -> list[tuple[str, str]]:
    random = Random(size)
    titles = [title for title in wiki.titles("", 1_000) if not re.search(r"\(copy\)|Survey|List", title)]
    return [(title, random.choice(QUESTIONS).format(title)) for title in random.sample(titles, min(300, len(titles)))]


def _search(path: Path, size: int) -> tuple[str, list[tuple[float, float]]]:
    """Returns a digest of every hit, and the seconds of each query at its quickest: by the clock, and of the CPU."""
    wiki = Wiki.open(path)
    seen, times = sha256(), list[tuple[float, float]]()
    for _, question in _questions(wiki, size):
        taken = []
        for _ in range(ROUNDS):
            begin, begin_cpu = time.perf_counter(), time.thread_time()
            hits: tuple[Hit, ...] = wiki.search(question)
            taken.append((time.perf_counter() - begin, time.thread_time() - begin_cpu))
        times.append((min(wall for wall, _ in taken), min(cpu for _, cpu in taken)))
        seen.update(repr(hits).encode())
    return seen.hexdigest(), times


def _share_found(path: Path, size: int) -> float:
    wiki = Wiki.open(path)
    asked = _questions(wiki, size)
    return sum(any(hit.title == title for hit in wiki.search(question, 3)) for title, question in asked) / len(asked)


def _scan(path: Path) -> float:
    with closing(sqlite3.connect(path)) as connection:
        begin = time.perf_counter()
        connection.execute("select key from pages where title like '%ford%'").fetchall()
        return time.perf_counter() - begin


if __name__ == "__main__":
    main()
