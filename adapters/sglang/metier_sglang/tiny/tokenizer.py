"""The tokenizer of the tiny model: byte-level BPE with Qwen3's added tokens, trained on the texts at hand.

Equal texts and sizes give equal files, on any machine and with any number of threads.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Split
from tokenizers.pre_tokenizers import Sequence as Steps
from tokenizers.trainers import BpeTrainer

from metier.canonical import canonical_json
from metier.errors import InputError
from metier.home import make_folder, write_atomically
from metier_sglang.tiny.template import CHAT_TEMPLATE

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
ORDINARY = ("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>")
BYTES = 256  # the alphabet of a byte-level tokenizer

_MARKERS = re.compile("|".join(map(re.escape, SPECIAL + ORDINARY)))
# Where words end, in the manner of GPT-4's and Qwen's tokenizers, but with digits one by one. A line of 600 characters
# and more is machine data, such as a tool's schema: there tokens may span words, so that a long line costs few tokens.
_WORDS = (
    r"[^\n]{600,8000}|"
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def train_tokenizer(texts: Iterable[str], *, size: int = 2000) -> Tokenizer:
    """Returns a tokenizer of at most `size` tokens, trained on `texts`, in which added tokens stand for themselves.

    Few texts give fewer tokens. Raises InputError for a size that has no room for the bytes and the added tokens.
    """
    added = [AddedToken(text, special=True, normalized=False) for text in SPECIAL]
    added += [AddedToken(text, special=False, normalized=False) for text in ORDINARY]
    room = size - len(added)
    if room < BYTES:
        raise InputError(f"A vocabulary of {size} is too small.", hint=f"Allow {BYTES + len(added)} tokens at least.")
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = Steps(
        [Split(Regex(_WORDS), "isolated"), ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(vocab_size=room, initial_alphabet=sorted(ByteLevel.alphabet()), show_progress=False)
    tokenizer.train_from_iterator((part for text in texts for part in _MARKERS.split(text)), trainer)
    tokenizer.add_tokens(added)
    return tokenizer


def write_tokenizer(folder: Path, tokenizer: Tokenizer, *, context: int = 32_768) -> None:
    """Writes tokenizer.json, tokenizer_config.json and chat_template.jinja; raises StorageError."""
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": context,
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>",
        "clean_up_tokenization_spaces": False,
        "chat_template": CHAT_TEMPLATE,
    }
    make_folder(folder)
    write_atomically(folder / "tokenizer.json", tokenizer.to_str(pretty=True).encode())
    write_atomically(folder / "tokenizer_config.json", canonical_json(config).encode())
    write_atomically(folder / "chat_template.jinja", CHAT_TEMPLATE.encode())
