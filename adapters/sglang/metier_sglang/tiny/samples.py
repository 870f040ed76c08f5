"""What the tiny model is fitted to: prompts and replies as marked text, joined into sequences of token ids. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from metier_sglang.text.dialogue import Dialogue
from metier_sglang.text.rendering import Renderer
from metier_sglang.text.vocabulary import Vocabulary
from metier_sglang.tiny.scripts import SCRIPTS, Script, dialogues, spell

END = "<|im_end|>"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A whole prompt and the reply to it, both marked; the reply is without the marker that ends the turn."""

    prompt: str
    reply: str


@dataclass(frozen=True, slots=True)
class Sample:
    """Token ids, and for each whether the model sampled it, as in `metier.tokens.Sequence`."""

    ids: tuple[int, ...]
    mask: tuple[bool, ...]


def list_exchanges(renderer: Renderer, scripts: Iterable[Script] = SCRIPTS) -> list[Exchange]:
    """Returns every exchange of the scripts, with thinking and without.

    Each conversation comes as token ids keep it, and again where a server that renders the history anew shows the model
    something else.
    """
    listed: list[Exchange] = []
    for script in scripts:
        for thinking in (True, False):
            kept = list(_play(renderer, script, thinking=thinking))
            anew = list(_render(renderer, script, thinking=thinking))
            listed += [*kept, *(exchange for exchange in anew if exchange not in kept)]
    return listed


def join_exchanges(exchanges: Sequence[Exchange], vocabulary: Vocabulary) -> list[Sample]:
    """Returns the fewest sequences that hold the exchanges: one that goes on from the last is joined to it."""
    samples: list[Sample] = []
    known = ""
    for exchange in exchanges:
        goes_on = bool(known) and exchange.prompt.startswith(known)
        last = samples.pop() if goes_on else Sample((), ())
        sent = vocabulary.encode(exchange.prompt[len(known) if goes_on else 0 :])
        said = vocabulary.encode(exchange.reply + END)
        mask = (*last.mask, *([False] * len(sent)), *([True] * len(said)))
        samples.append(Sample((*last.ids, *sent, *said), mask))
        known = exchange.prompt + exchange.reply + END
    return samples


def _play(renderer: Renderer, script: Script, *, thinking: bool) -> Iterator[Exchange]:
    """Yields the exchanges of a conversation in which what was sampled stays as it was."""
    ids: list[int] = []
    shown = 0
    for dialogue, message in dialogues(script):
        if ids:
            new = Dialogue(dialogue.messages[shown:], script.tools, thinking)
            ids += renderer.follow(new, ended=True)
        else:
            ids += renderer.begin(replace(dialogue, thinking=thinking))
        reply = spell(message, thinking=thinking)
        yield Exchange(renderer.vocabulary.decode(ids), reply)
        ids += renderer.vocabulary.encode(reply + END)
        shown = len(dialogue.messages) + 1


def _render(renderer: Renderer, script: Script, *, thinking: bool) -> Iterator[Exchange]:
    """Yields the same exchanges with every prompt rendered anew from the messages."""
    for dialogue, message in dialogues(script):
        messages = tuple(one if thinking else replace(one, thinking="") for one in dialogue.messages)
        ids = renderer.begin(replace(dialogue, messages=messages, thinking=thinking))
        yield Exchange(renderer.vocabulary.decode(ids), spell(message, thinking=thinking))
