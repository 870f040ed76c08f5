"""The pure parts: the filter, the folder, the command line, what is shown."""

import os
import struct
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.sandbox.command import make_command, make_order
from metier_research.sandbox.folder import MOST_ENTRIES, is_too_full, remove_folder, work_folder
from metier_research.sandbox.isolation import WEAK, choose_isolation
from metier_research.sandbox.launcher.calls import ABSENT, ALLOWED_VALUES, CEILING, CLONE, REFUSED, SIGNALS, VALUES
from metier_research.sandbox.launcher.filters import make_filter
from metier_research.sandbox.launcher.order import BUBBLEWRAP, NONE, Order
from metier_research.sandbox.output import MOST_BYTES, Output, clean_output

ALLOW, REFUSE, ABSENT_ANSWER, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
PROCESS = 4242
MACHINES = ("aarch64", "x86_64")


def _answer(machine: str, number: int, arguments: tuple[int, ...] = (), *, architecture: int | None = None) -> int:
    """Runs the filter as the kernel does (Linux's networking/filter.rst) and returns what it answers."""
    data = struct.pack(
        "=IIQ6Q",
        number,
        ARCHITECTURES[machine] if architecture is None else architecture,
        0,
        *(*arguments, *[0] * (6 - len(arguments))),
    )
    program = list(struct.iter_unpack("=HBBI", make_filter(machine, PROCESS)))
    at = held = 0
    while True:
        code, yes, no, constant = program[at]
        at += 1
        if code == 0x06:
            return int(constant)
        if code == 0x20:
            held = struct.unpack_from("=I", data, constant)[0]
            continue
        holds = {0x15: held == constant, 0x35: held >= constant, 0x45: bool(held & constant)}[code]
        at += yes if holds else no


@pytest.mark.parametrize("machine", MACHINES)
def test_every_refused_call_is_refused(machine: str) -> None:
    for numbers in REFUSED[machine].values():
        for number in numbers:
            assert _answer(machine, number) == REFUSE


@pytest.mark.parametrize("machine", MACHINES)
def test_the_calls_of_another_processor_end_the_program(machine: str) -> None:
    assert _answer(machine, 0, architecture=0x40000003) == KILL


@settings(max_examples=60)
@given(st.sampled_from(MACHINES), st.integers(CEILING, 2**32 - 1))
def test_what_later_kernels_add_is_absent(machine: str, number: int) -> None:
    assert _answer(machine, number) == ABSENT_ANSWER


@settings(max_examples=60)
@given(st.sampled_from(MACHINES), st.integers(0, 2**64 - 1))
def test_a_signal_goes_to_the_program_itself_only(machine: str, target: int) -> None:
    for number in SIGNALS[machine]:
        own = target & 0xFFFFFFFF == PROCESS
        assert _answer(machine, number, (target,)) == (ALLOW if own else REFUSE)
        assert _answer(machine, number, (PROCESS,)) == ALLOW


@settings(max_examples=60)
@given(st.sampled_from(MACHINES), st.integers(0, 2**32 - 1))
def test_a_clone_that_is_no_thread_is_refused(machine: str, flags: int) -> None:
    assert _answer(machine, CLONE[machine], (flags,)) == (ALLOW if flags & 0x10000 else REFUSE)


@settings(max_examples=60)
@given(st.sampled_from(MACHINES), st.integers(0, 2**32 - 1))
def test_calls_with_many_uses_are_left_the_named_ones(machine: str, value: int) -> None:
    for number, (place, name) in ALLOWED_VALUES[machine].items():
        wanted = ALLOW if value in VALUES[name] else REFUSE
        assert _answer(machine, number, (0,) * place + (value,)) == wanted


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_has_two_rules(machine: str) -> None:
    numbers = [number for group in REFUSED[machine].values() for number in group]
    numbers += [*ABSENT[machine], CLONE[machine], *SIGNALS[machine], *ALLOWED_VALUES[machine]]
    assert len(numbers) == len(set(numbers))
    assert max(numbers) < CEILING


def test_a_filter_for_an_unknown_processor_is_refused() -> None:
    with pytest.raises(OSError, match="riscv64"):
        make_filter("riscv64", PROCESS)


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_shown_output_has_no_control_characters(data: bytes) -> None:
    shown = clean_output(data, "/tmp/own")
    assert not {unicodedata.category(sign) for sign in shown if sign not in "\n\t"} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_the_own_folder_is_shown_under_one_name() -> None:
    assert clean_output(b"/var/x-17/program.py", "/var/x-17") == "/tmp/program.py"


def test_output_is_cut_at_its_limit() -> None:
    assert len(clean_output(b"x" * (MOST_BYTES + 5), "/tmp/own")) == MOST_BYTES


def test_a_stopped_program_says_so_in_its_text() -> None:
    assert Output("", "", 137, "namespaces", stopped="5 seconds were over").text == (
        "The program was ended: 5 seconds were over."
    )


def test_an_order_is_read_as_it_was_written() -> None:
    order = make_order("print('ä')", NONE, memory_mb=64, cpu_s=1, packages=())
    assert Order.load(order.dump()) == order


def test_no_tree_lies_within_another(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    order = make_order("", BUBBLEWRAP, memory_mb=64, cpu_s=1, packages=(tmp_path, tmp_path / "in", tmp_path))
    assert [tree for tree in order.trees if tree.startswith(os.path.realpath(tmp_path))] == [os.path.realpath(tmp_path)]


def test_bubblewrap_shows_nothing_of_the_project() -> None:
    order = make_order("", BUBBLEWRAP, memory_mb=64, cpu_s=1, packages=())
    command = make_command(order, "/folder/own")
    places = [command[at + 2] for at, word in enumerate(command) if word.endswith("bind")]
    assert not [place for place in places if place.startswith(os.path.realpath(Path(__file__).parents[4]))]
    assert "--unshare-all" in command
    assert "--share-net" not in command


def test_a_deep_nest_and_closed_folders_are_removed(tmp_path: Path) -> None:
    target = tmp_path / "own"
    target.mkdir()
    (tmp_path / "kept").write_text("kept")
    here = os.open(target, os.O_RDONLY)
    for _ in range(100):  # 25,600 characters: no path is that long
        os.mkdir("d" * 255, dir_fd=here)
        below = os.open("d" * 255, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.symlink(tmp_path, "link", dir_fd=here)
    os.mkdir("closed", 0, dir_fd=here)
    os.close(here)
    assert is_too_full(target, 64)
    remove_folder(target)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_what_links_point_to_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    (tmp_path / "kept").chmod(0o640)
    target = tmp_path / "own"
    (target / "in").mkdir(parents=True)
    for link in (target / "link", target / "in" / "link"):
        link.symlink_to(tmp_path / "kept")
    (target / "in").chmod(0o500)
    target.chmod(0o500)
    remove_folder(target)
    assert (tmp_path / "kept").read_text() == "kept"
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o640


def test_a_folder_is_measured() -> None:
    with work_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert not is_too_full(folder, 1)
        (folder / "big").write_bytes(b"x" * (2 << 20))
        assert is_too_full(folder, 1)
        assert not is_too_full(folder, 8)
        for number in range(MOST_ENTRIES):
            (folder / str(number)).touch()
        assert is_too_full(folder, 8)
    assert not folder.exists()


@pytest.mark.parametrize("weak", WEAK)
def test_a_weak_strength_is_taken_by_its_name_alone(weak: str) -> None:
    assert choose_isolation(weak) == weak
