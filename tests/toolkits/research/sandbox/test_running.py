"""What a program gets, what it may use up, and how it ends."""

import os
import sys
import tempfile
from pathlib import Path

import anyio
import pytest

from metier.errors import InputError
from metier_research.sandbox.isolation import choose_isolation
from metier_research.sandbox.output import MOST_BYTES, NOTHING, Output
from metier_research.sandbox.running import run_python
from tests.toolkits.research.sandbox.conftest import Run, run_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="isolation needs Linux")


_DEAF = "import signal\nfor n in range(1, 32):\n  try: signal.signal(n, signal.SIG_IGN)\n  except OSError: pass\n"
UNREACHED = 600.0  # the test itself ends earlier, and red, when nothing else ends the program
ENDLESS = (
    "while True: pass",
    "import time\ntime.sleep(99)",
    "import signal\nsignal.pause()",
    f"{_DEAF}while True: pass",
    "import os, time\nos.close(1); os.close(2)\ntime.sleep(99)",
)


def test_what_it_prints_comes_back(run: Run, strength: str) -> None:
    output = run("import sys\nprint('täglich 学')\nprint('so', file=sys.stderr)\nsys.exit(3)")
    assert (output.stdout, output.stderr, output.exit) == ("täglich 学\n", "so\n", 3)
    assert output.isolation == strength
    assert not output.stopped
    assert not output.truncated


def test_the_standard_library_works(run: Run) -> None:
    code = """
import asyncio, concurrent.futures, datetime, decimal, math, sqlite3, statistics, tempfile, zoneinfo
print(asyncio.run(asyncio.sleep(0, "async")))
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(math.factorial, range(6))))
with tempfile.NamedTemporaryFile("w+") as file:
    print(file.write("text"))
database = sqlite3.connect("own.sqlite")
database.execute("create table t (a)")
database.execute("insert into t values (7)")
database.commit()
print(database.execute("select a from t").fetchone())
print(datetime.datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).isoformat())
"""
    output = run(code)
    assert output.text == "stdout:\nasync\n154\n4\n(7,)\n2026-07-01T00:00:00+02:00\n"


def test_the_same_program_prints_the_same(run: Run) -> None:
    code = "print({str(n) for n in range(40)}, __file__)\nimport os; print(os.getcwd())\n1/0"
    assert run(code) == run(code)


def test_a_program_that_prints_nothing_says_that_it_finished(run: Run) -> None:
    assert run("x = 1").text == NOTHING


def test_a_folder_of_packages_can_be_imported_and_not_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own_package.py").write_text("VALUE = 42")
    code = "import own_package\nprint(own_package.VALUE)\nopen(own_package.__file__, 'w')"
    output = run(code, packages=(tmp_path,))
    assert output.stdout == "42\n"
    assert "Error" in output.stderr
    assert (tmp_path / "own_package.py").read_text() == "VALUE = 42"


@pytest.mark.anyio
async def test_they_are_ended_at_their_deadline(strength: str) -> None:
    outputs: list[Output] = []

    async def one(code: str) -> None:
        outputs.append(await run_python(code, isolation=strength, timeout_s=0.6, memory_mb=256))

    async with anyio.create_task_group() as tasks:
        for code in ENDLESS:
            tasks.start_soon(one, f"print('begun')\n{code}")
    assert len(outputs) == len(ENDLESS)
    for output in outputs:
        assert "begun\n".startswith(output.stdout)
        assert output.exit == 137
        assert "0.6 seconds" in output.stopped
        assert "0.6 seconds" in output.text


def test_endless_output_is_cut_and_ends_it(run: Run) -> None:
    output = run("while True: print('x' * 9999)", timeout_s=UNREACHED)
    assert output.truncated
    assert len(output.stdout) == MOST_BYTES
    assert "printed more" in output.stopped


def test_memory_has_an_end(run: Run) -> None:
    output = run("held = []\nwhile True: held.append(bytearray(1 << 24))")
    assert "MemoryError" in output.stderr
    assert output.exit == 1


def test_threads_have_an_end(run: Run) -> None:
    code = """
import threading
held = threading.Event()
threads = []
try:
    while len(threads) < 3000:
        threads.append(threading.Thread(target=held.wait, daemon=True))
        threads[-1].start()
except (RuntimeError, MemoryError) as error:
    print(type(error).__name__, len(threads) < 3000)
held.set()
"""
    output = run(code, memory_mb=128)
    assert output.stdout == "RuntimeError True\n" or output.exit != 0


def test_the_disk_has_an_end(run: Run) -> None:
    code = """
n = 0
try:
    while True:
        n += 1
        with open(f"file{n}", "wb") as file:
            file.write(b"x" * (1 << 23))
except OSError as error:
    print("full")
"""
    output = run(code, timeout_s=UNREACHED)
    assert output.stdout == "full\n" or "wrote more" in output.stopped


def test_files_have_an_end(run: Run) -> None:
    code = """
import os
try:
    for n in range(10**9):
        open(str(n), "w").close()
except OSError as error:
    print("full")
"""
    output = run(code, timeout_s=UNREACHED)
    assert output.stdout == "full\n" or "too many files" in output.stopped


def test_one_file_has_an_end_even_with_holes(run: Run) -> None:
    output = run("with open('one', 'wb') as file:\n  file.seek(100 << 20)\n  file.write(b'x')")
    assert output.exit == 1
    assert "File too large" in output.stderr


def test_recursion_without_end_ends(run: Run) -> None:
    code = (
        "import sys\nsys.setrecursionlimit(10**9)\na = b = 0\nfor _ in range(2 * 10**5): a, b = [a], [b]\nprint(a == b)"
    )
    assert run(code).exit != 0


def test_what_a_terminal_obeys_is_spelled_out(run: Run) -> None:
    code = r"import sys; sys.stdout.buffer.write(b'a\x1b[31mb\x1b]0;t\x07\xff\x00\r\nc\xe2\x80\xae' + b'd\x9b')"
    assert run(code).stdout == "a\\x1b[31mb\\x1b]0;t\\x07�\\x00\nc\\u202ed�"


def test_a_nest_of_folders_is_removed(run: Run) -> None:
    run("import os\nfor n in range(900):\n  os.mkdir('d')\n  os.chdir('d')\nos.mkdir('x', 0)")
    assert not _left_behind()


def test_nothing_is_left_behind(run: Run) -> None:
    run("open('kept', 'w').write('x')\nimport os\nos.symlink('/etc', 'link')")
    assert not _left_behind()


@pytest.mark.anyio
async def test_a_cancelled_run_ends_its_program(strength: str) -> None:
    before = _children()
    with anyio.move_on_after(0.3) as scope:
        await run_python("while True: pass", isolation=strength, timeout_s=60, memory_mb=256)
    assert scope.cancelled_caught
    assert _children() <= before
    assert not _left_behind()


@pytest.mark.anyio
async def test_many_run_at_once(strength: str) -> None:
    found: list[str] = []

    async def one(number: int) -> None:
        output = await run_python(f"print({number})", isolation=strength, timeout_s=30, memory_mb=128)
        found.append(output.stdout)

    async with anyio.create_task_group() as tasks:
        for number in range(12):
            tasks.start_soon(one, number)
    assert sorted(found) == sorted(f"{number}\n" for number in range(12))


def test_a_grandchild_does_not_hold_an_unisolated_run() -> None:
    code = "import os, time\nif os.fork() == 0:\n  time.sleep(99)\nprint('done', flush=True)"
    output = run_in("none", code)
    assert output.stdout == "done\n"
    assert not output.stopped


def test_weak_strengths_run_when_they_are_named() -> None:
    assert run_in("limits", "print(1)").isolation == "limits"
    assert run_in("none", "print(1)").isolation == "none"


def test_auto_never_takes_a_weak_strength() -> None:
    assert choose_isolation("auto") in ("bubblewrap", "namespaces", "seccomp")


def test_an_unknown_strength_is_refused() -> None:
    with pytest.raises(InputError, match="no isolation 'strong'"):
        choose_isolation("strong")


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("x" * 1_000_001, {}),
        ("'\ud800'", {}),
        ("1", {"timeout_s": 0.0}),
        ("1", {"timeout_s": float("inf")}),
        ("1", {"memory_mb": 8}),
    ],
    ids=["long", "surrogate", "no time", "endless", "no memory"],
)
def test_what_cannot_be_run_is_refused(code: str, options: dict[str, float]) -> None:
    with pytest.raises(InputError):
        run_in("none", code, **options)


def _children() -> set[int]:
    """Returns the processes below this one, which the kernel lists per thread."""
    pending, found = [os.getpid()], set()
    while pending:
        for listed in Path(f"/proc/{pending.pop()}/task").glob("*/children"):
            for child in map(int, listed.read_text().split()):
                found.add(child)
                pending.append(child)
    return found


def _left_behind() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(f"metier-python-{os.getpid()}-*"))
