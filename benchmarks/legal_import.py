"""What importing law costs per MB against a bare pass of gzip and json, how much memory it takes, and a kill -9."""

import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.timing import print_table
from metier.toolkit import Settings
from metier_legal.corpus.store import open_corpus

LEGAL: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "legal"
CORPORA: Final = (LEGAL / "zh-stard" / "articles.jsonl.gz", LEGAL / "en-dccode" / "sections.jsonl.gz")
MEGABYTE: Final = 1e6
KILL_AT: Final = 0.4
ROUNDS: Final = 3
HALF: Final = 0.5

# an import of its own process: its peak memory is its own, and it can be killed at a share of the way
CHILD: Final = """
import os, re, signal, sys, time
from pathlib import Path
from metier.toolkit import Settings
from metier_legal.corpus.importing import add_source

kill_at = float(sys.argv[3])

def tell(step, share):
    if share >= kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

begin = time.process_time()
add_source(Settings(Path(sys.argv[2])), Path(sys.argv[1]), progress=tell)
# not ru_maxrss: that one remembers the memory of the process that started this one
status = Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s+([0-9]+)", status.read_text())[1] if status.exists() else 0
print(time.process_time() - begin, peak)
"""
NEVER: Final = 2.0


def main() -> None:
    """Prints a table for each corpus given, or for the two largest in ../shared/data/legal; says so where none is."""
    paths = [Path(argument) for argument in sys.argv[1:]] or [path for path in CORPORA if path.is_file()]
    if not paths:
        Console().print(f"No law in {LEGAL.name}: name a file, for example `python -m benchmarks.legal_import FILE`.")
    for path in paths:
        with tempfile.TemporaryDirectory() as name:
            _measure(path, Path(name))


def _measure(path: Path, folder: Path) -> None:
    size = _count_bytes(path) / MEGABYTE
    bare = min(_pass_bare(path) for _ in range(ROUNDS))
    half = _write_half(path, folder / f"half-{path.name}")
    half_s, half_kb = _import(half, folder / "half")
    whole_s, whole_kb = _import(path, folder / "whole")
    _kill(path, folder / "killed")
    resumed_s, _ = _import(path, folder / "killed")
    same = _snapshot(folder / "killed") == _snapshot(folder / "whole")
    stored = (folder / "whole" / "corpus.db").stat().st_size / MEGABYTE
    rows = [
        ["bare pass of gzip and json", f"{bare:.2f} s", f"{size / bare:.1f} MB/s", "1.0", ""],
        ["import of half of it", f"{half_s:.2f} s", f"{size * HALF / half_s:.2f} MB/s", "", f"{half_kb / 1e3:.0f} MB"],
        [
            "import",
            f"{whole_s:.2f} s",
            f"{size / whole_s:.2f} MB/s",
            f"{whole_s / bare:.1f}",
            f"{whole_kb / 1e3:.0f} MB",
        ],
        [
            f"killed at {KILL_AT:.0%} and resumed",
            f"{resumed_s:.2f} s",
            "",
            "",
            "same snapshot" if same else "ANOTHER SNAPSHOT",
        ],
        ["on disk afterwards", f"{stored:.1f} MB", "", f"{stored / size:.2f}", ""],
    ]
    columns = ["step", "CPU", "speed", "ratio", "peak memory"]
    print_table(f"Import of {path.parent.name}/{path.name}, {size:.1f} MB unpacked", columns, rows)


def _count_bytes(path: Path) -> int:
    with gzip.open(path) as stream:
        return sum(len(piece) for piece in iter(lambda: stream.read(1 << 20), b""))


def _pass_bare(path: Path) -> float:
    begin = time.process_time()
    with gzip.open(path) as stream:
        sum(1 for line in stream if json.loads(line))
    return time.process_time() - begin


def _write_half(path: Path, half: Path) -> Path:
    with gzip.open(path) as stream:
        lines = list(stream)
    with gzip.open(half, "wb") as out:
        out.writelines(lines[: len(lines) // 2])
    for beside in path.parent.glob("*.csv"):
        (half.parent / beside.name).write_bytes(beside.read_bytes())
    return half


def _import(path: Path, data: Path) -> tuple[float, float]:
    """Returns the CPU seconds and the kilobytes at the peak of an import in a process of its own."""
    done = subprocess.run(_command(path, data, NEVER), check=True, capture_output=True, text=True)
    seconds, kilobytes = done.stdout.split()[-2:]
    return float(seconds), float(kilobytes)


def _kill(path: Path, data: Path) -> None:
    done = subprocess.run(_command(path, data, KILL_AT), check=False, capture_output=True)
    if done.returncode != -signal.SIGKILL:
        raise SystemExit(f"The import was not killed: {done.stderr.decode()}")


def _command(path: Path, data: Path, kill_at: float) -> list[str]:
    return [sys.executable, "-c", CHILD, os.fspath(path), os.fspath(data), str(kill_at)]


def _snapshot(data: Path) -> str:
    return open_corpus(Settings(data)).snapshot()


if __name__ == "__main__":
    main()
