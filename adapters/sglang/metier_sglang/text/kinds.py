"""Which tokenizers can be used token by token: the added tokens of one, and its ordinary part alone. Pure.

An ordinary tokenizer first cuts a text at its added tokens and then turns each piece into tokens by itself. Doing the
cutting here, and leaving to the tokenizer only the pieces, gives the same ids, and leaves it to us which spellings are
added tokens. That holds for byte-level BPE (Qwen, Llama 3, DeepSeek, GLM, gpt-oss and most open weights since 2023).
Others put a space before each piece or tell neighbours apart, so that a piece alone would read differently; those are
refused.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tokenizers import Tokenizer

from metier.canonical import JSON
from metier.errors import InputError
from metier_sglang.text.folder import unsupported
from metier_sglang.text.masking import BREAK, LITERAL, SENTINEL

LONGEST = 256  # characters of one added token
_MOST = 1 << 31  # servers keep token ids in 32 bits
_NUMBER = re.compile("[0-9]{1,10}")
_UNFIT = re.compile(f"[\ud800-\udfff{BREAK}{LITERAL}{SENTINEL}]")
_NORMALIZERS = frozenset(("NFC", "NFD", "NFKC", "NFKD"))
_DAMAGED = "tokenizer.json is damaged; fetch it again."


@dataclass(frozen=True, slots=True)
class Added:
    """An added token. `lstrip` and `rstrip` say that it swallows the white space before or after it."""

    id: int
    spelling: str
    lstrip: bool = False
    rstrip: bool = False
    special: bool = False
    single_word: bool = False

    @property
    def is_marker(self) -> bool:
        """Returns whether it may be structure. One letter, or white space, is only a piece of vocabulary."""
        return len(self.spelling) > 1 and not self.spelling.isspace()


def added_tokens(tokenizer: Mapping[str, JSON], config: Mapping[str, JSON]) -> list[Added]:
    """Returns the added tokens of both files, where tokenizer.json goes first; raises InputError."""
    listed = tokenizer.get("added_tokens")
    known = {added.id: added for added in _read_all(listed if isinstance(listed, list) else [])}
    more = config.get("added_tokens_decoder")
    if isinstance(more, Mapping):
        entries = [
            {**entry, "id": int(key)}
            for key, entry in more.items()
            if _NUMBER.fullmatch(key) and isinstance(entry, dict)
        ]
        for added in _read_all(entries):
            known.setdefault(added.id, added)
    for added in known.values():
        _check(added)
    return list(known.values())


def plain_tokenizer(tokenizer: Mapping[str, JSON], markers: Iterable[Added]) -> Tokenizer:
    """Returns the tokenizer without its added tokens: it reads the spellings of `markers` as any other text.

    Raises InputError for a kind that does not read a piece alone as it reads it beside an added token.
    """
    _check_kind(tokenizer)
    taken = {added.spelling: added.id for added in markers}
    model = _without(_mapping(tokenizer, "model"), taken)
    alone: dict[str, JSON] = {"added_tokens": [], "model": model}
    alone |= dict.fromkeys(("post_processor", "truncation", "padding"))
    try:
        plain = Tokenizer.from_str(json.dumps({**tokenizer, **alone}))
    except Exception as error:  # the library has no narrower one
        raise InputError(f"This tokenizer cannot be read: {error}", hint=_DAMAGED) from error
    ids = frozenset(taken.values())
    for spelling in taken:
        if not ids.isdisjoint(plain.encode(spelling, add_special_tokens=False).ids):
            raise unsupported(f"This tokenizer's words spell its added token {spelling!r}.")
    return plain


def _read_all(entries: Iterable[JSON]) -> Iterator[Added]:
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise InputError("An added token of the tokenizer is no object.", hint=_DAMAGED)
        number, spelling = entry.get("id"), entry.get("content")
        if type(number) is not int or not 0 <= number < _MOST or not isinstance(spelling, str) or not spelling:
            raise InputError("An added token of the tokenizer has no id or no spelling.", hint=_DAMAGED)
        flags = {name: entry.get(name) is True for name in ("lstrip", "rstrip", "special", "single_word")}
        yield Added(number, spelling, **flags)


def _check(added: Added) -> None:
    if _UNFIT.search(added.spelling):
        raise unsupported(f"An added token is spelled {added.spelling!r}, with letters that no text can have here.")
    if len(added.spelling) > LONGEST:
        raise unsupported(f"An added token is {len(added.spelling)} characters long; {LONGEST} is the most.")
    if added.special and not added.is_marker:
        raise unsupported(f"The special token {added.spelling!r} cannot be told from ordinary text.")
    if added.single_word and added.is_marker:
        raise unsupported(f"The added token {added.spelling!r} counts between words only.")


def _check_kind(tokenizer: Mapping[str, JSON]) -> None:
    model = _mapping(tokenizer, "model")
    kind = model.get("type") or ("BPE" if "merges" in model else "")
    words = list(_steps(tokenizer.get("pre_tokenizer"), "pretokenizers"))
    by_bytes = [step for step in words if step.get("type") == "ByteLevel"]
    if kind != "BPE" or not by_bytes:
        raise unsupported(
            f"Only byte-level BPE tokenizers can be used token by token; this one is {kind or 'unknown'}."
        )
    if any(step.get("add_prefix_space", True) for step in by_bytes):
        raise unsupported("This tokenizer puts a space before each piece of text.")
    for step in _steps(tokenizer.get("normalizer"), "normalizers"):
        if step.get("type") not in _NORMALIZERS:
            raise unsupported(f"This tokenizer rewrites text by {step.get('type')!r} before reading it.")


def _steps(step: JSON, inner: str) -> Iterator[Mapping[str, JSON]]:
    if not isinstance(step, Mapping):
        return
    below = step.get(inner)
    if step.get("type") == "Sequence" and isinstance(below, list):
        for one in below:
            yield from _steps(one, inner)
    else:
        yield step


def _mapping(value: Mapping[str, JSON], key: str) -> Mapping[str, JSON]:
    found = value.get(key)
    if not isinstance(found, Mapping):
        raise InputError(f"The tokenizer has no {key}.", hint=_DAMAGED)
    return found


def _without(model: Mapping[str, JSON], taken: Mapping[str, int]) -> dict[str, JSON]:
    """Returns the model with no words that are spellings of markers: a trainer may have listed them among its words."""
    vocabulary = _mapping(model, "vocab")
    merges = model.get("merges")
    kept = {word: number for word, number in vocabulary.items() if word not in taken}
    rest = [pair for pair in (merges if isinstance(merges, list) else []) if _merged(pair) not in taken]
    return {**model, "vocab": kept, "merges": rest}


def _merged(pair: JSON) -> str:
    if isinstance(pair, str):
        return pair.replace(" ", "", 1)
    return "".join(part for part in pair if isinstance(part, str)) if isinstance(pair, list) else ""
