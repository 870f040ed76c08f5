"""Every command of the pages on SGLang and on traces is run, in its order: servers are the fake one, `serve` is dry."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_type_hints

import pytest
import yaml
from typer.testing import CliRunner, Result

from metier.cli.context import size
from metier.cli.main import app
from metier.export.formats import FORMATS
from metier.tokens import TokenRecord
from metier_sglang import SglangModelSettings
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.model.address import open_compatible, open_native
from metier_sglang.serving.weights.memory import cache_bytes, estimate, read_shape
from metier_sglang.tiny.checkpoint import write_random
from tests.adapters.sglang.serving.configs import QWEN3_30B_A3B
from tests.test_docs import ROOT, User, blocks, commands, user

__all__ = ["user"]  # the fixture

PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "adapters/sglang/README.md",
        "docs/serve-with-sglang.md",
        "docs/serve-tongyi-deepresearch.md",
        "docs/from-laptop-to-a-rack.md",
        "docs/traces-for-training.md",
    )
}
ADAPTER, SERVE, TONGYI, LAPTOP, TRACES = PAGES.values()
SAID = "I can not say."  # so runs end refused; that the copilot answers on SGLang is held by contract/test_travel.py
WEIGHTS = "Tongyi-DeepResearch-30B-A3B"


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    write_random(folder)
    return folder


@pytest.fixture(scope="module")
def server(checkpoint: Path) -> Iterator[FakeServer]:
    with FakeServer(checkpoint, lambda prompt: SAID, flags=Flags(context=131_072)) as running:
        yield running


@pytest.fixture
def reader(user: User, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user with programs called sglang, a server's environment, and a folder of Tongyi's shape."""
    for program in ("bin/sglang", "bin/sglang-router", ".sglang-cpu/bin/python"):
        path = user.folder / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    (user.folder / "adapter").mkdir()
    (user.folder / "adapter" / "adapter_config.json").write_text("{}")
    (user.folder / WEIGHTS).mkdir()
    (user.folder / WEIGHTS / "config.json").write_text(json.dumps(QWEN3_30B_A3B))
    monkeypatch.setenv("PATH", str(user.folder / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("COLUMNS", "200")
    return user


def play(page: str, reader: User, server: FakeServer, checkpoint: Path) -> list[tuple[str, Result]]:
    """Returns what each command of a page did; the places that it names are those of the test."""
    places = {
        "127.0.0.1:30000": f"127.0.0.1:{server.port}",
        "10.0.0.1:30000": f"127.0.0.1:{server.port}",
        "10.0.0.2:30000": f"localhost:{server.port}",
        "WEIGHTS": str(checkpoint),
        "ADAPTER": str(reader.folder / "adapter"),
    }
    played, run_id = [], ""
    for command in commands(page):
        line = command.replace("RUN", run_id)
        if command.startswith("metier sglang serve"):
            line += "" if "--dry-run" in command else " --dry-run"
        else:
            for place, ours in places.items():
                line = line.replace(place, ours)
        done = reader.run(line)
        ends_with = 1 if command.startswith("metier run ") else 0  # its model refuses
        assert done.exit_code == ends_with, f"$ {line}\n{done.output}"
        started = re.search(r"metier trace show (\S+)", done.output) if ends_with else None
        run_id = started[1] if started else run_id
        played.append((command, done))
    return played


@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_command_of_the_page_runs(name: str, reader: User, server: FakeServer, checkpoint: Path) -> None:
    played = play(PAGES[name], reader, server, checkpoint)
    assert played
    for command, done in played:
        if " --tokens" in command:
            assert "hit rate" in done.stdout
        if name == "docs/traces-for-training.md" and "--out" in command:
            assert "1 row of 1 run" in done.stdout
            assert (reader.folder / f"{command.rpartition(' ')[2]}.card.md").exists()
    if name == "docs/traces-for-training.md":
        first, trl = blocks("python", TRACES)
        exec(compile(first, "first", "exec"), {})
        compile(trl, "trl", "exec")


def test_what_the_pages_only_show_is_still_understood() -> None:
    shown = [line for page in PAGES.values() for line in commands(page, "text") if line.startswith("metier ")]
    assert len(shown) >= 4
    for line in shown:
        words = line.split()
        explained = CliRunner().invoke(app, [*words[1 : 3 if words[1] in {"sglang", "trace"} else 2], "--help"])
        assert explained.exit_code == 0, line
        for option in re.findall(r"(?<!\S)--[a-z][a-z-]+", line):
            assert option in explained.stdout, f"{line}: {option}"
        model = re.search(r"--model \"?(sglang|compatible):([^\s\"]+)", line)
        if model:
            {"sglang": open_native, "compatible": open_compatible}[model[1]](model[2])


def test_the_command_for_tongyi_is_the_one_that_is_printed(reader: User) -> None:
    (command,) = (line for line in commands(TONGYI) if "--dry-run" in line)
    done = reader.run(command)
    whole = str(reader.folder.resolve() / WEIGHTS)
    assert done.stdout.replace(whole, WEIGHTS) == blocks("text", TONGYI)[0]
    told = re.search(r"http://127.0.0.1:30000(\?\S+)'", done.stderr)
    assert told is not None
    assert told[1] in TONGYI


def test_the_figures_of_tongyis_memory_are_the_programs() -> None:
    shape = read_shape(QWEN3_30B_A3B)
    rows = re.findall(r"^\| (\d) \| (\d+)k \| (\d) \| (.+?) \| (.+?) \| (.+?) \|$", TONGYI, re.MULTILINE)
    assert len(rows) == 6
    for parallel, context, runs, *shown in rows:
        need = estimate(shape, context=int(context) * 1024, concurrency=int(runs), tensor_parallel=int(parallel))
        assert shown == [size(need.weights), size(need.cache), size(need.gpu)]
    assert size(cache_bytes(shape)) in TONGYI
    assert f"{shape.parameters / 1e9:.1f} billion" in TONGYI
    assert f"{shape.active / 1e9:.1f} billion" in TONGYI


@pytest.mark.parametrize(("scheme", "opened"), [("sglang", open_native), ("compatible", open_compatible)])
def test_the_options_of_model_strings_are_those_of_the_page(scheme: str, opened: Callable[[str], object]) -> None:
    section = ADAPTER.partition("## Model strings")[2].partition("From Python")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| (.*) \|$", section, re.MULTILINE)
    other = {"sglang": "`compatible:` only", "compatible": "`sglang:` only"}[scheme]
    found = {name for names, said in rows for name in re.findall(r"`(\w+)`", names) if not said.startswith(other)}
    with pytest.raises(Exception, match="has no option") as error:
        opened("http://host:8000?model=NAME&nonsense=1" if scheme == "compatible" else "http://host?nonsense=1")
    known = set(str(getattr(error.value, "hint", "")).removeprefix("There are: ").rstrip(".").split(", "))
    assert known - {"tokens"} <= found <= known


def test_every_setting_and_field_has_its_line() -> None:
    settings = {name for name in get_type_hints(SglangModelSettings) if name.startswith("sglang_")}
    assert set(re.findall(r"`(sglang_\w+)`", ADAPTER)) - {"sglang_copilot"} == settings
    fields = TRACES.partition("## Token records")[2].partition("## Export")[0]
    rows = " ".join(re.findall(r"^\| (`.*?) \|", fields, re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", rows)) == set(TokenRecord.__dataclass_fields__)
    assert set(re.findall(r"^\| `(\w+)` \| .* \| .* \|$", TRACES, re.MULTILINE)) >= set(FORMATS)


def test_the_flags_of_the_kubernetes_page_are_the_ones_that_serve_gives(reader: User) -> None:
    (page,) = blocks("yaml", SERVE)
    documents = list(yaml.safe_load_all(page))
    (workers,) = (document for document in documents if document["kind"] == "StatefulSet")
    (container,) = workers["spec"]["template"]["spec"]["containers"]
    done = reader.run("metier sglang serve Qwen/Qwen3-8B --host 0.0.0.0 --context 32k --dry-run")
    words = done.stdout.replace("\\\n", " ").split()
    printed = re.sub(r" (?=[^-])", "=", " ".join(words[2:])).split()
    model = {"--model-path=Qwen/Qwen3-8B"}
    assert {argument for argument in container["args"] if "--model-path" not in argument} == set(printed) - model


def test_the_pages_lead_to_each_other() -> None:
    for name, page in PAGES.items():
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page):
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"
