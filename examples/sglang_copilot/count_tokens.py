"""Runs a copilot on an SGLang server, and shows the tokens of each turn: sent, found in the prefix cache, sampled.

The server is metier's fake one, with a tiny tokenizer and a script for a model, so that this runs offline. Give
`SglangModel` the address of a real server, and nothing else changes.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from mcp.server import MCPServer

from metier import Answer, Citation, Claim, Copilot, Settings, Toolkit
from metier.check import CITED
from metier_sglang import SglangModel
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.tiny.checkpoint import write_random


class Report(Answer):
    """A sentence, and the evidence it quotes."""

    text: str
    citation: Citation

    def claims(self) -> Iterable[Claim]:
        """Returns the one claim."""
        yield Claim(subject="/text", text=self.text, citations=(self.citation,))


def make_server(settings: Settings) -> MCPServer:
    """Returns the server with the one tool."""
    clock = MCPServer("clock", log_level="WARNING")

    @clock.tool()
    def read_clock(town: str) -> str:
        """Tells the time on the town hall's clock."""
        return f"The clock of {town} shows a quarter past nine."

    return clock


telling = Toolkit(
    name="telling",
    summary="Tells what was read.",
    instructions="Quote what the tools say.",
    server=make_server,
    answer=Report,
    checks=(CITED,),
)


def say(prompt: str) -> str:
    """Returns what the weights would say to `prompt`: a call of the tool first, then the answer that quotes it."""
    evidence = re.findall(r"ev-[0-9a-f]+", prompt)
    if not evidence:
        return '<tool_call>\n{"name": "read_clock", "arguments": {"town": "Ordino"}}\n</tool_call>'
    citation = f'{{"evidence": "{evidence[-1]}", "quote": "a quarter past nine"}}'
    arguments = f'{{"text": "It is a quarter past nine.", "citation": {citation}}}'
    name = re.findall(r'"name": "(give_answer\w*)"', prompt)[0]
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


def main() -> None:
    """Prints the answer, and a line for each turn."""
    with TemporaryDirectory() as folder:
        weights = Path(folder) / "weights"
        write_random(weights)
        with FakeServer(weights, say, flags=Flags(context=32_768)) as server:
            model = SglangModel(server.url, tokenizer=weights, settings={"temperature": 0.0})
            result = Copilot([telling], model=model, home=Path(folder)).run_sync("What time is it in Ordino?")
    if not isinstance(result.answer, Report):
        raise SystemExit(f"No answer: {result.trace.reason or result.trace.error}")
    print(result.answer.text)
    for turn in result.trace.turns:
        if tokens := turn.tokens:
            print(f"{turn.path}: {tokens.prompt} sent, {tokens.cached} of them cached, {len(tokens.sampled)} sampled")


if __name__ == "__main__":
    main()
