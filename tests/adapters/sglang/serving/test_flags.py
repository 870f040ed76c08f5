"""The command of a server is exact, and no key is on it."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_sglang.serving.launch.flags import (
    ServeOptions,
    check_options,
    router_command,
    server_command,
    shell_line,
    with_family,
)
from metier_sglang.serving.launch.plan import Keys
from metier_sglang.serving.weights.families import find_family

OPTIONS = ServeOptions("Qwen/Qwen3-30B-A3B", tool_parser="qwen", reasoning_parser="qwen3")
PROGRAM = ("sglang", "serve")


def test_the_plain_command_has_what_agents_need() -> None:
    assert shlex.join(server_command(PROGRAM, OPTIONS)) == (
        "sglang serve --model-path Qwen/Qwen3-30B-A3B --host 127.0.0.1 --port 30000 --tool-call-parser qwen "
        "--reasoning-parser qwen3 --enable-metrics --enable-cache-report --enable-priority-scheduling --sleep-on-idle "
        "--incremental-streaming-output "
        "--constrained-json-disable-any-whitespace"
    )


def test_every_option_has_its_flag() -> None:
    options = replace(
        OPTIONS,
        context=131072,
        memory_fraction=0.85,
        max_running=64,
        max_queued=256,
        chunked_prefill=8192,
        tensor_parallel=4,
        data_parallel=2,
        lora=True,
        deterministic=True,
        remote_code=True,
        keys="/home/a/keys.yaml",
        extra=("--page-size", "16"),
    )
    line = shlex.join(server_command(PROGRAM, options))
    for flag in (
        "--context-length 131072",
        "--mem-fraction-static 0.85",
        "--max-running-requests 64",
        "--max-queued-requests 256",
        "--chunked-prefill-size 8192",
        "--tp-size 4",
        "--dp-size 2",
        "--enable-lora --max-lora-rank 64 --lora-target-modules all",
        "--enable-deterministic-inference",
        "--trust-remote-code",
        "--config /home/a/keys.yaml",
    ):
        assert flag in line
    assert line.endswith("--page-size 16")


def test_workers_have_gpus_and_ports_of_their_own_behind_the_router() -> None:
    options = replace(OPTIONS, workers=2, tensor_parallel=2, host="0.0.0.0")
    first, second = (server_command(PROGRAM, options, worker=n) for n in range(2))
    assert "--base-gpu-id" not in first
    assert shlex.join(second).endswith("--tp-size 2 --base-gpu-id 2")
    assert [command[command.index("--port") + 1] for command in (first, second)] == ["30001", "30002"]
    assert "0.0.0.0" not in first
    assert shlex.join(router_command(("router",), options)) == (
        "router --worker-urls http://127.0.0.1:30001 http://127.0.0.1:30002 --policy cache_aware --host 0.0.0.0 "
        "--port 30000"
    )


def test_several_nodes_share_one_address() -> None:
    options = replace(OPTIONS, nodes=2, node_rank=1, head_address="10.0.0.1:20000", tensor_parallel=16)
    line = shlex.join(server_command(PROGRAM, options))
    assert "--tp-size 16 --nnodes 2 --node-rank 1 --dist-init-addr 10.0.0.1:20000" in line


def test_a_cpu_needs_its_own_backends() -> None:
    line = shlex.join(server_command(PROGRAM, replace(OPTIONS, device="cpu")))
    assert "--device cpu --attention-backend torch_native --sampling-backend pytorch" in line


@pytest.mark.parametrize(
    "changes",
    [
        {"tensor_parallel": 0},
        {"context": 0},
        {"memory_fraction": 1.0},
        {"port": 0},
        {"port": 65535},
        {"nodes": 2},
        {"nodes": 2, "head_address": "a:1", "node_rank": 2},
        {"workers": 2, "nodes": 2, "head_address": "a:1"},
        {"workers": 2, "keys": "/k.yaml"},
    ],
    ids=str,
)
def test_options_that_start_no_server_are_refused(changes: dict) -> None:
    with pytest.raises(InputError):
        check_options(replace(OPTIONS, **changes))


def test_parsers_are_the_familys_unless_others_are_asked_for() -> None:
    family = find_family("Qwen/Qwen3-8B")
    bare = ServeOptions("Qwen/Qwen3-8B")
    assert with_family(bare, family) == ("qwen", "qwen3")
    assert with_family(replace(bare, reasoning_parser="none", tool_parser="hermes"), family) == ("hermes", "")
    assert with_family(bare, None) == ("", "")


@settings(max_examples=50)
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1, max_size=8))
def test_a_printed_command_is_what_a_shell_would_run(command: list[str]) -> None:
    assert shlex.split(shell_line(command).replace("\\\n", "\n")) == command


def test_keys_are_in_their_file_and_nowhere_else(tmp_path: Path) -> None:
    keys = Keys('a"b', "c: d")
    assert keys.text() == b'api-key: "a\\"b"\nadmin-api-key: "c: d"\n'
    assert "a" not in repr(keys).removeprefix("Keys()")
    assert not Keys()
