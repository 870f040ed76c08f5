"""The scripted server of the loops, in a process of its own: so many tool calls, then an answer, over and over."""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.tiny.scripts import script_texts
from metier_sglang.tiny.tokenizer import train_tokenizer, write_tokenizer

CONTEXT = 4_000_000  # tokens: no loop reaches the end
RUNNING = 256
VOCABULARY = 2000


def write_folder(folder: Path, texts: list[str]) -> None:
    """Writes a tokenizer that knows the words of `texts`, so that tokens are about as long as a large model's."""
    write_tokenizer(folder, train_tokenizer([*script_texts(), *texts], size=VOCABULARY), context=CONTEXT)


@contextmanager
def serve(folder: Path, script: str, *, paced: bool = False) -> Iterator[str]:
    """Gives the address of a server in another process. `script` is what `replies` reads.

    It does nothing that takes longer with a longer prompt; `paced`, it does, and gives its tokens one by one.
    """
    command = [sys.executable, "-m", "benchmarks.loops.serving", str(folder), script, "paced" if paced else "at once"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.communicate()


def call(tool: str, arguments: dict[str, object]) -> str:
    """Returns a call as the tiny model's template has it."""
    return f'<tool_call>\n{{"name": "{tool}", "arguments": {json.dumps(arguments)}}}\n</tool_call>'


def replies(script: str) -> Callable[[str], str]:
    """Returns what answers each request in turn: `script` is a JSON list of texts, begun anew at its end."""
    texts = itertools.cycle(json.loads(script))
    return lambda prompt: next(texts)


def main() -> None:
    """Serves until standard input ends; prints the address first. Arguments: the folder, the script, the pace."""
    folder, script, pace = sys.argv[1:4]
    flags = Flags(context=CONTEXT, max_running=RUNNING, light=pace != "paced", incremental=True)
    with FakeServer(Path(folder), replies(Path(script).read_text()), flags=flags) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
