"""A tokenizer whose added tokens are structure and nothing else: marked text to token ids and back.

A marker's spelling becomes its id only where marked text has it unmasked; the same letters in masked text are read as
any other letters, also for markers that tokenizers do not call special (Qwen's `<think>` and `<tool_call>`).
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from tokenizers import Tokenizer

from metier.canonical import JSON
from metier_sglang.text.decoding import StreamDecoder, byte_alphabet
from metier_sglang.text.folder import Shelf, need_object, read_object, spelled, whole_numbers
from metier_sglang.text.kinds import Added, added_tokens, plain_tokenizer
from metier_sglang.text.masking import BREAK, Mask, pattern_of, unmask

FILES = ("tokenizer.json", "tokenizer_config.json", "generation_config.json")

_HALF = re.compile("[\ud800-\udfff]")  # half of a surrogate pair: no UTF-8 has it
# White space as the tokenizers library has it (Unicode's White_Space); Python's strip() takes more.
_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_ALPHABET = byte_alphabet()


class Vocabulary:
    """Marked text to token ids and back. `markers` are the spellings of the markers, `ends` the ids that end a turn.

    `named` are the tokens that the configuration gives a name, such as `bos_token`, by name.
    """

    def __init__(
        self, tokenizer: Mapping[str, JSON], config: Mapping[str, JSON], generation: Mapping[str, JSON]
    ) -> None:
        added = added_tokens(tokenizer, config)
        marked = [token for token in added if token.is_marker]
        self._plain: Tokenizer = plain_tokenizer(tokenizer, marked)
        self._by_spelling = {token.spelling: token for token in marked}
        self.markers = tuple(self._by_spelling)
        self.mask = Mask(self.markers)
        self._find = re.compile(pattern_of(self.markers) or "(?!)")
        self._shown = _shown(self._by_spelling)
        self._words = {token.spelling: token.id for token in added if not token.is_marker}
        self._find_word = re.compile(f"({pattern_of(self._words)})") if self._words else None
        self._bytes = {number: spelling.encode() for spelling, number in self._words.items()}
        self.named = {
            name: spelled(value) for name, value in config.items() if name.endswith("_token") and spelled(value)
        }
        self.ends = self._read_ends(generation)

    @classmethod
    def read(cls, folder: Path) -> "Vocabulary":
        """Returns the vocabulary of a model's folder; read once a process while its files stay as they are.

        Raises MissingError where there is no tokenizer.json, InputError for one that is damaged or of a kind that
        cannot be used token by token, StorageError when it cannot be read.
        """
        return _VOCABULARIES.get(folder, FILES, cls._read)

    @classmethod
    def _read(cls, folder: Path) -> "Vocabulary":
        config = read_object(folder / "tokenizer_config.json") or {}
        generation = read_object(folder / "generation_config.json") or {}
        return cls(need_object(folder / "tokenizer.json"), config, generation)

    def encode(self, marked: str) -> list[int]:
        """Returns the ids of marked text. Half a surrogate pair, which no UTF-8 has, is read as U+FFFD."""
        if _HALF.search(marked):
            marked = marked.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        ids: list[int] = []
        at, before = 0, None
        for found in self._find.finditer(marked):
            marker = self._by_spelling[found[0]]
            self._extend(ids, marked[at : found.start()], before, marker)
            ids.append(marker.id)
            at, before = found.end(), marker
        self._extend(ids, marked[at:], before, None)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Returns marked text: markers as their spellings, the same letters in other tokens masked.

        Ids that the tokenizer does not have are left out; bytes that are no UTF-8 become U+FFFD.
        """
        decoder = self.decoder()
        return decoder.feed(ids) + decoder.finish()

    def decoder(self) -> StreamDecoder:
        """Returns a decoder for the ids of one response, as they come."""
        return StreamDecoder(self.mask, self._shown, self._bytes_of)

    def id_of(self, marker: str) -> int | None:
        """Returns the id of a marker, None for what is none."""
        found = self._by_spelling.get(marker)
        return found.id if found else None

    def _extend(self, ids: list[int], piece: str, before: Added | None, after: Added | None) -> None:
        text = unmask(piece)
        if before is not None and before.rstrip:
            text = text.lstrip(_SPACE)
        if after is not None and after.lstrip:
            text = text.rstrip(_SPACE)
        for part in self._find_word.split(text) if self._find_word else (text,):
            if part in self._words:
                ids.append(self._words[part])
            elif part:
                ids += self._plain.encode_batch_fast([part], add_special_tokens=False)[0].ids  # twice as fast as encode

    def _bytes_of(self, number: int) -> bytes:
        known = self._bytes.get(number)
        if known is None:
            token = self._plain.id_to_token(number) if 0 <= number < 1 << 32 else None
            known = b"" if token is None else bytes(_ALPHABET[letter] for letter in token if letter in _ALPHABET)
            self._bytes[number] = known
        return known

    def _read_ends(self, generation: Mapping[str, JSON]) -> frozenset[int]:
        named = self.id_of(self.named.get("eos_token", ""))
        listed = whole_numbers(generation.get("eos_token_id"))
        return frozenset(listed if named is None else [*listed, named])


def _shown(markers: Mapping[str, Added]) -> dict[int, str]:
    """Returns how decoded text shows each marker: with a break after one that more letters could make a longer one."""
    ordered = sorted(markers)
    longer = {one for one, after in pairwise(ordered) if after.startswith(one)}
    return {token.id: one + BREAK if one in longer else one for one, token in markers.items()}


_VOCABULARIES: Shelf[Vocabulary] = Shelf()
