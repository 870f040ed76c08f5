"""What many runs at once cost one client: a hundred streams, long prompts kept, and text to tokens and back.

The streams come token by token from a scripted server in another process, which is the slower of the two; what counts
is the client's processor time per chunk. Memory is the growth of this process's resident set.
"""

import asyncio
import json
import resource
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic_ai.messages import ModelMessage, ModelRequest, UserPromptPart
from pydantic_ai.models import ModelRequestParameters

from benchmarks.loops.plain import TOOL, see
from benchmarks.loops.serving import call, serve, write_folder
from benchmarks.timing import print_table
from metier_sglang import SglangModel
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import find_format
from metier_sglang.parsing.whole import parse
from metier_sglang.protocol.generation import Chunk, GenerateRequest, Generation, ServerInfo
from metier_sglang.text.dialogue import Dialogue, Message
from metier_sglang.text.rendering import Renderer

STREAMS = 100
LETTERS = 2000  # of each streamed answer
RUNS = 100
PROMPT = 30_000  # tokens
ROUNDS = 5
MIB = 1024 * 1024


def main() -> None:
    """Prints the three tables."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        write_folder(folder, [see(at) for at in range(50)])
        _print_streams(folder)
        _print_throughput(folder)
        _print_memory(folder)


def _print_streams(folder: Path) -> None:
    script = folder / "script.json"
    script.write_text(json.dumps([see(1) * (LETTERS // len(see(1)))]))
    with serve(folder, str(script), paced=True) as url:
        before = resident()
        chunks, wall_s, cpu_s = asyncio.run(_stream_all(url, folder))
        grown = resident() - before
    row = [
        f"{chunks / wall_s:.0f}",
        f"{cpu_s / chunks * 1e6:.0f} µs",
        f"{chunks / cpu_s:.0f}",
        f"{grown / MIB:.0f} MiB",
    ]
    columns = ["chunks/s arrived", "CPU a chunk", "chunks/s a core can take", "memory"]
    print_table(f"{STREAMS} streams at once of {chunks // STREAMS} chunks", columns, [row])


async def _stream_all(url: str, folder: Path) -> tuple[int, float, float]:
    """Returns the chunks of all streams, and the seconds they took, on the clock and of the processor."""
    model = SglangModel(url, tokenizer=folder)
    await model.open()
    begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
    counts = await asyncio.gather(*(_stream(model, at) for at in range(STREAMS)))
    taken = time.perf_counter() - begin_s, time.process_time() - begin_cpu_s
    await model.close()
    return sum(counts), *taken


async def _stream(model: SglangModel, at: int) -> int:
    messages: list[ModelMessage] = [ModelRequest([UserPromptPart(f"Tell of place {at}.")])]
    async with model.request_stream(messages, None, ModelRequestParameters()) as response:
        async for _ in response:
            pass
        return response.usage.output_tokens


def _print_throughput(folder: Path) -> None:
    renderer = Renderer.read(folder)
    vocabulary = renderer.vocabulary
    text = "".join(see(at) for at in range(100))
    dialogue = Dialogue((Message("user", text),))
    ids = vocabulary.encode(vocabulary.mask.mask(text))
    said = "".join(f"{call(TOOL, {'at': at, 'why': see(at)})}\n" for at in range(100))
    tokens = len(vocabulary.encode(said))
    format = find_format(name="qwen")
    works: dict[str, tuple[int, Callable[[], object]]] = {
        "render and tokenise a prompt": (len(ids), lambda: renderer.begin(dialogue)),
        "render and tokenise a tool's result of 1 kB": (
            len(vocabulary.encode(see(1))),
            lambda: renderer.follow(Dialogue((Message("tool", see(1), name=TOOL),)), ended=True),
        ),
        "tokens to text, at once": (len(ids), lambda: vocabulary.decode(ids)),
        "tokens to text, one by one": (len(ids), lambda: _decode_singly(renderer, ids)),
        "parse tool calls": (tokens, lambda: parse(format, said, Start(in_thinking=False, tools=[TOOL]))),
        "parse tool calls, in pieces of 4 letters": (tokens, lambda: _parse_in_pieces(said)),
    }
    rows = [[name, f"{count}", f"{count / _least(work) / 1000:.0f}"] for name, (count, work) in works.items()]
    print_table("Text to tokens and back, on one core", ["work", "tokens", "thousand tokens/s"], rows)


def _decode_singly(renderer: Renderer, ids: Sequence[int]) -> None:
    decoder = renderer.vocabulary.decoder()
    for one in ids:
        decoder.feed([one])
    decoder.finish()


def _parse_in_pieces(said: str) -> None:
    parser = find_format(name="qwen").open(Start(in_thinking=False, tools=[TOOL]))
    for at in range(0, len(said), 4):
        parser.feed(said[at : at + 4])
    parser.finish()


def _least(work: Callable[[], object]) -> float:
    """Returns the processor seconds of the fastest round."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


class Unserved:
    """A transport that answers each request at once with the same few tokens."""

    def __init__(self, folder: Path, ids: tuple[int, ...]) -> None:
        self._folder, self._ids = folder, ids

    async def generate(self, request: GenerateRequest) -> Generation:
        """Returns the sample."""
        logprobs = (-0.5,) * len(self._ids)
        return Generation(self._ids, logprobs, "stop", len(request.input_ids), None, "none")

    @asynccontextmanager
    async def stream(self, request: GenerateRequest) -> AsyncIterator[AsyncIterator[Chunk]]:
        """Raises NotImplementedError: nothing is streamed here."""
        raise NotImplementedError
        yield

    async def info(self) -> ServerInfo:
        """Returns what a server would say of itself."""
        return ServerInfo("none", "none", str(self._folder), None, "qwen", "qwen3", "", "")

    async def close(self) -> None:
        """Closes nothing."""


def _print_memory(folder: Path) -> None:
    vocabulary = Renderer.read(folder).vocabulary
    text = see(1)
    long = text * (PROMPT // len(vocabulary.encode(text)) + 1)
    before = resident()
    held = asyncio.run(_hold_runs(folder, long, (*vocabulary.encode("Seen."), min(vocabulary.ends))))
    grown = resident() - before
    tokens = sum(held)
    columns = ["runs", "tokens", "memory", "bytes a token", "their text alone"]
    row = [
        str(RUNS),
        str(tokens),
        f"{grown / MIB:.0f} MiB",
        f"{grown / tokens:.1f}",
        f"{RUNS * len(long) / MIB:.0f} MiB",
    ]
    print_table(f"Runs with prompts of {PROMPT} tokens, all remembered", columns, [row])


async def _hold_runs(folder: Path, long: str, ids: tuple[int, ...]) -> list[int]:
    """Returns the tokens of each run after its first turn; the model is held until the end, as are the histories."""
    model = SglangModel(Unserved(folder, ids))
    runs: list[list[ModelMessage]] = [[ModelRequest([UserPromptPart(f"{at} {long}")])] for at in range(RUNS)]
    for messages in runs:
        messages.append(await model.request(messages, None, ModelRequestParameters()))
    return [response.usage.input_tokens for messages in runs for response in messages[1:] if hasattr(response, "usage")]


def resident() -> int:
    """Returns the bytes of this process in memory, on Linux; elsewhere the most there ever were."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
