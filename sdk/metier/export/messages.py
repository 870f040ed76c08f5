"""Conversations in the message shape of OpenAI's chat API, which trainers for supervised fine-tuning read. Pure."""

from collections.abc import Iterator

from metier.canonical import JSON, canonical_json
from metier.export.record import Record, about


def chat_rows(record: Record) -> Iterator[dict[str, JSON]]:
    """Yields a row for each conversation: `messages`, `tools`, and what is said of the run.

    The arguments of calls and `tools` are JSON in text: as objects of many shapes a table could not hold them without
    filling each with the fields of all others. TRL's SFTTrainer reads `tools` so, and chat templates take arguments as
    text. `trained` counts the assistant's messages that the model of this run gave.
    """
    tools = canonical_json([*record.tools])
    for conversation in record.conversations:
        messages: list[JSON] = [dict(message) for message in conversation.messages]
        if conversation.system:
            messages.insert(0, {"role": "system", "content": conversation.system})
        yield {"messages": messages, "tools": tools, "trained": len(conversation.turns), **about(record)}
