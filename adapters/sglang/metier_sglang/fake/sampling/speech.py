"""Text and token ids as the server's own tokenizer has them."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from metier_sglang.text.dialogue import Dialogue, Message
from metier_sglang.text.rendering import Renderer

_PIECE = "�"  # what a decoder writes for a code point that is not complete yet


class Speech:
    """The tokenizer and the chat template of a checkpoint's folder.

    `render` is what the chat route of a server does: it tokenises the whole rendered text, so that a marker spelled in
    a message becomes the marker's token. metier's own `Renderer` never lets that happen; the fake has to, as SGLang
    does.
    """

    def __init__(self, folder: Path, *, style: str) -> None:
        self.renderer = Renderer.read(folder, style=style)
        self.vocabulary = self.renderer.vocabulary
        self.end = self._turn_end()
        self.openings = self._find_openings()
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def encode(self, text: str) -> list[int]:
        """Returns the ids of plain text; spelled markers become their tokens."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Sequence[int], *, skip_special: bool = True) -> str:
        """Returns plain text, without the special tokens unless they are asked for."""
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=skip_special)
        return text

    def decode_part(self, ids: Sequence[int], *, skip_special: bool = True) -> str:
        """Returns the text so far of an unfinished sample: a code point of which bytes are missing waits."""
        return self.decode(ids, skip_special=skip_special).rstrip(_PIECE)

    def spell(self, token: int) -> str:
        """Returns the text of one token."""
        return self.decode([token], skip_special=False)

    def render(self, dialogue: Dialogue) -> list[int]:
        """Returns the prompt of a dialogue as the chat route makes it."""
        marked = self.vocabulary.decode(self.renderer.begin(dialogue))
        return self.encode(self.vocabulary.mask.unmask(marked))

    def _turn_end(self) -> int:
        """Returns the token that ends a turn of this template: the last one that it writes in a whole turn."""
        ids = self.renderer.begin(Dialogue((Message("user", "?"), Message("assistant", "!"), Message("user", "?"))))
        found = [token for token in ids if token in self.vocabulary.ends]
        return found[-1] if found else min(self.vocabulary.ends)

    def _find_openings(self) -> tuple[tuple[int, ...], ...]:
        """Returns what the template may write to open an answer, the longest first."""
        asked = (Message("user", "?"),)
        prompts = [self.renderer.begin(Dialogue(asked, thinking=thinking)) for thinking in (None, True, False)]
        openings = {_after_last(prompt, self.end) for prompt in prompts}
        return tuple(sorted(openings, key=lambda opening: (-len(opening), opening)))


def _after_last(ids: Sequence[int], end: int) -> tuple[int, ...]:
    """Returns what stands after the last `end` in `ids`, or everything."""
    if end not in ids:
        return tuple(ids)
    return tuple(ids[len(ids) - tuple(reversed(ids)).index(end) :])


def split_opening(prompt: Sequence[int], end: int, openings: Sequence[tuple[int, ...]]) -> int:
    """Returns where the answer begins in a prompt that may already hold a part of it."""
    tail = _after_last(prompt, end)
    start = len(prompt) - len(tail)
    for opening in openings:
        if tail[: len(opening)] == opening:
            return start + len(opening)
    return len(prompt)
