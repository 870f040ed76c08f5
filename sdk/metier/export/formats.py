"""The formats by name: what makes their rows, and the columns of these. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from metier.canonical import JSON
from metier.errors import InputError
from metier.export.messages import chat_rows
from metier.export.record import Record
from metier.export.sharegpt import sharegpt_rows
from metier.export.tokens import token_rows
from metier.export.trainers import trl_rows
from metier.export.verifiers import verifiers_rows

ABOUT: Mapping[str, str] = {
    "run": "text",
    "task": "json",
    "mode": "text",
    "model": "text",
    "policy": "texts",
    "stop": "text",
    "outcome": "text",
    "reward": "number",
    "checks": "json",
    "turns": "count",
    "tool_calls": "count",
    "evidence": "texts",
}


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `rows` makes a run's, `columns` says of what kind each field is (`metier.export.files.KINDS`)."""

    name: str
    summary: str
    rows: Callable[[Record], Iterator[dict[str, JSON]]]
    columns: Mapping[str, str]


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            "messages",
            "conversations in OpenAI's message shape, with tools; TRL's SFTTrainer reads them",
            chat_rows,
            {"messages": "chat", "tools": "text", "trained": "count", **ABOUT},
        ),
        Format(
            "sharegpt",
            "conversations as LLaMA-Factory reads them",
            sharegpt_rows,
            {"conversations": "turns", "system": "text", "tools": "text", **ABOUT},
        ),
        Format(
            "tokens",
            "token ids, masks and log-probabilities, one row for each sequence",
            token_rows,
            {
                "sequence": "count",
                "ids": "counts",
                "mask": "counts",
                "logprobs": "numbers",
                "prompt_length": "count",
                "spans": "spans",
                "responses": "texts",
                "finish": "text",
                **ABOUT,
            },
        ),
        Format(
            "verifiers",
            "episodes of verifiers 0.4: graphs of messages with their token ids",
            verifiers_rows,
            {"id": "text", "env": "json", "task": "json", "ok": "flag", "traces": "json"},
        ),
        Format(
            "trl",
            "what a rollout_func gives TRL's GRPOTrainer",
            trl_rows,
            {
                "prompt_ids": "counts",
                "completion_ids": "counts",
                "logprobs": "numbers",
                "env_mask": "counts",
                **ABOUT,
            },
        ),
    )
}


def find_format(name: str) -> Format:
    """Returns the format called `name`; raises InputError that names them all."""
    found = FORMATS.get(name)
    if found is None:
        raise InputError(f"There is no format {name!r}.", hint=f"Formats: {', '.join(FORMATS)}.")
    return found
