"""What the fake model says to a prompt."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from metier_sglang.fake.sampling.grammar import constrain, is_constrained
from metier_sglang.fake.sampling.speech import Speech, split_opening

Reply = Callable[[str], str | None]

UNSCRIPTED = "This is a fake server, and it has no reply to this prompt."
_THOUGHT = "</think>"


class Script:
    """Turns prompts into scripted token ids by way of `reply`, from marked text to marked text."""

    def __init__(self, speech: Speech, reply: Reply) -> None:
        self._speech = speech
        self._reply = reply

    def ids_for(self, prompt: Sequence[int], sampling: Mapping[str, Any], *, reasoning: bool = False) -> list[int]:
        """Returns the tokens that follow `prompt`, the end of the turn included.

        A prompt that already holds the beginning of the scripted answer is gone on with, as a model would: that is how
        an aborted sample is resumed. Under a grammar the answer is made to fit it; with `reasoning` the grammar binds
        only what follows the thinking. Raises GrammarError.
        """
        start = split_opening(prompt, self._speech.end, self._speech.openings)
        begun = tuple(prompt[start:])
        if begun:
            whole = self._answer(prompt[:start], sampling, reasoning=reasoning)
            if tuple(whole[: len(begun)]) == begun and len(whole) > len(begun):
                return whole[len(begun) :]
        return self._answer(prompt, sampling, reasoning=reasoning)

    def _answer(self, prompt: Sequence[int], sampling: Mapping[str, Any], *, reasoning: bool) -> list[int]:
        marked = self._reply(self._speech.vocabulary.decode(prompt))
        text = UNSCRIPTED if marked is None else marked
        if is_constrained(sampling):
            text = self._constrain(text, sampling, reasoning=reasoning)
        ids = self._speech.vocabulary.encode(text)
        return ids if ids and ids[-1] in self._speech.vocabulary.ends else [*ids, self._speech.end]

    def _constrain(self, text: str, sampling: Mapping[str, Any], *, reasoning: bool) -> str:
        thinking, closed, answer = text.rpartition(_THOUGHT)
        mask = self._speech.vocabulary.mask
        end = self._speech.spell(self._speech.end)
        fitted = mask.mask(constrain(mask.unmask(answer.removesuffix(end)), sampling))
        return thinking + closed + fitted if reasoning else fitted
