"""`metier sglang ...` as a user meets it: a fake SGLang for what starts one, the fake server for what speaks to one."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from metier.cli.main import app
from metier_sglang.fake.server import FakeServer
from metier_sglang.serving.commands.serve import read_length
from metier_sglang.tiny.checkpoint import write_random
from metier_sglang.tiny.scripts import reply_for

Invoke = Callable[..., Result]
KEY = "sk-4d1f9a77"
PROGRAM = Path(__file__).with_name("fake_sglang.py")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "Tiny Qwen3"
    write_random(folder)
    return folder


@pytest.fixture(scope="module")
def server(model: Path) -> Iterator[FakeServer]:
    with FakeServer(model, reply_for) as running:
        yield running


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Returns a folder with a `sglang` that comes up well, or dies when its model's name says so."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "sglang"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{PROGRAM}" "${{HOW:-oom}}" "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.fixture
def invoke(tmp_path: Path, programs: Path) -> Invoke:
    def run(*arguments: str, **env: str) -> Result:
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        surroundings = {"METIER_HOME": str(tmp_path / "home"), "PATH": path, "COLUMNS": "200", **env}
        return CliRunner().invoke(app, ["sglang", *arguments], env=surroundings)

    return run


def test_a_dry_run_prints_the_command_alone_and_starts_and_writes_nothing(
    invoke: Invoke, model: Path, tmp_path: Path
) -> None:
    done = invoke("serve", str(model), "--context", "4k", "--dry-run", "--", "--page-size", "16")
    assert done.exit_code == 0, done.output
    words = done.stdout.replace("\\\n", " ").split()
    assert words[:2] == ["sglang", "serve"]
    assert f"'{model}'" in done.stdout
    assert done.stdout.rstrip().endswith("--page-size 16")
    assert "--tool-call-parser qwen" in done.stdout
    assert "--context-length 4096" in done.stdout
    assert "Memory of each GPU" in done.stderr
    assert not (tmp_path / "home").exists()


def test_a_key_is_named_by_its_variable_and_never_printed(invoke: Invoke, model: Path) -> None:
    done = invoke("serve", str(model), "--key", "TINY_KEY", "--dry-run", TINY_KEY=KEY)
    assert done.exit_code == 0, done.output
    assert "--config" in done.stdout
    assert KEY not in done.output
    given = invoke("serve", str(model), "--key", KEY, "--dry-run")
    assert given.exit_code == 2
    assert KEY not in given.output


def test_the_file_of_the_keys_is_gone_when_the_server_is(invoke: Invoke, model: Path, tmp_path: Path) -> None:
    done = invoke("serve", str(model), "--port", "29412", "--key", "TINY_KEY", HOW="oom", TINY_KEY=KEY)
    assert done.exit_code == 1
    assert KEY not in done.output
    left = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [path.suffix for path in left] == [".log"]


def test_the_file_of_the_keys_does_not_outlive_the_start_of_the_server(invoke: Invoke, model: Path) -> None:
    """So it is not left behind when metier is killed later."""
    done = invoke("serve", str(model), "--port", "29413", "--key", "TINY_KEY", HOW="keys", TINY_KEY=KEY)
    assert "the keys are gone" in done.stderr


def test_a_server_that_dies_is_told_with_its_cause_and_its_log(invoke: Invoke, model: Path) -> None:
    done = invoke("serve", str(model), "--port", "29411", HOW="oom")
    assert done.exit_code == 1
    assert "not enough memory" in done.stderr
    assert "CUDA out of memory" in done.stderr
    assert "Tiny-Qwen3-29411.log" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("serve", "/no/such/folder"), "There is no folder"),
        (("serve", "Qwen/Qwen3-8B", "--context", "lots"), "no number of tokens"),
        (("serve", "Qwen/Qwen3-8B", "--workers", "0"), "1 or more"),
        (("serve", "Qwen/Qwen3-8B", "--python", "/no/python"), "is no program"),
        (("serve", "Qwen/Qwen3-8B", "--key", "NOT_SET"), "holds no key"),
        (("status", "nonsense"), "no address"),
        (("status", "http://a:b@127.0.0.1:1"), "password"),
        (("bench", "http://127.0.0.1:1", "--concurrency", "0"), "levels of concurrency"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_line_and_exit_2(invoke: Invoke, arguments: tuple[str, ...], said: str) -> None:
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_server_that_is_not_there_is_to_blame(invoke: Invoke) -> None:
    for command in ("status", "bench"):
        done = invoke(command, "http://127.0.0.1:1")
        assert done.exit_code == 1
        assert "To blame: the server." in done.stderr


def test_a_folder_that_is_no_model_is_named(invoke: Invoke, tmp_path: Path) -> None:
    assert "no config.json" in invoke("serve", str(tmp_path)).stderr
    (tmp_path / "config.json").write_text("[1")
    assert "is no JSON" in invoke("serve", str(tmp_path)).stderr


def test_status_shows_what_a_server_is_at(invoke: Invoke, server: FakeServer, model: Path) -> None:
    done = invoke("status", server.url)
    assert done.exit_code == 0, done.output
    assert str(model) in done.stdout
    told = json.loads(invoke("status", server.url, "--json").stdout)
    assert told["url"] == server.url
    assert told["is_router"] is False
    assert told["tool_parser"] == "qwen"


def test_bench_finds_a_growing_history_in_the_cache_and_a_changing_one_not(invoke: Invoke, server: FakeServer) -> None:
    sizes = ("--runs", "2", "--turns", "3", "--first", "200", "--added", "20", "--sampled", "4", "--seed", "1")
    done = invoke("bench", server.url, "--concurrency", "1,2", "--json", *sizes)
    assert done.exit_code == 0, done.output
    levels = json.loads(done.stdout)
    assert [(level["concurrency"], level["append_only"]) for level in levels] == [
        (1, True),
        (1, False),
        (2, True),
        (2, False),
    ]
    assert all(level["requests"] == 6 for level in levels)
    assert all(level["cached"] > 0.4 for level in levels if level["append_only"])
    assert all(level["cached"] < 0.1 for level in levels if not level["append_only"])


def test_weights_and_adapters_are_changed_on_a_server(invoke: Invoke, server: FakeServer, model: Path) -> None:
    done = invoke("weights", "update", server.url, str(model), "--version", "v2")
    assert done.exit_code == 0, done.output
    assert json.loads(invoke("status", server.url, "--json").stdout)["weight_version"] == "v2"
    refused = invoke("weights", "update", server.url, "/no/such/weights", "--version", "v3")
    assert refused.exit_code == 2


def test_lengths_are_numbers_of_tokens() -> None:
    assert (read_length(""), read_length("4096"), read_length("128k")) == (None, 4096, 131072)
