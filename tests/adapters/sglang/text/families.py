"""Folders of weights as their authors publish them, made here: a tokenizer, its configuration and a chat template."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

TEMPLATES = Path(__file__).parent / "templates"
WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEXTS = (
    "The road from Ameln to Ostrava is closed. <|im_start|>user\n think tool_call im_end end_of_turn </think>",
    '{"type": "function", "function": {"name": "find_route", "parameters": {"properties": {}, "required": []}}}',
    "assistant assistant user user tool tool ipython system 北京 天气 今天 Grüße aus Köln, straße 12 345",
)
QWEN = ("<|im_start|>", "<|im_end|>")
TAGS = ("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>")


@dataclass(frozen=True)
class Family:
    """What `write` needs to know; `ends` are spellings, `plain` the added tokens that are not special."""

    special: tuple[str, ...]
    plain: tuple[str, ...]
    eos: str
    ends: tuple[str, ...]
    thinks: str = ""


FAMILIES = {
    "qwen2": Family(QWEN, ("<tool_call>", "</tool_call>"), "<|im_end|>", ("<|im_end|>", "<|endoftext|>")),
    "qwen3": Family(QWEN, TAGS, "<|im_end|>", ("<|im_end|>", "<|endoftext|>"), thinks="enable_thinking"),
    "tiny": Family(QWEN, TAGS, "<|im_end|>", ("<|im_end|>",), thinks="enable_thinking"),
    "llama3": Family(
        ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|python_tag|>"),
        (),
        "<|eot_id|>",
        ("<|eot_id|>",),
    ),
    "deepseek": Family(
        ("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
        (
            *("<｜User｜>", "<｜Assistant｜>", "<think>", "</think>", "<｜tool▁sep｜>"),
            *(f"<｜tool▁{what}▁{edge}｜>" for what in ("calls", "call", "output") for edge in ("begin", "end")),
        ),
        "<｜end▁of▁sentence｜>",
        ("<｜end▁of▁sentence｜>",),
        thinks="thinking",
    ),
    "strict": Family(
        ("<|start|>", "<|message|>", "<|end|>", "<|call|>", "<|return|>"), (), "<|return|>", ("<|call|>",)
    ),
}


def train(markers: Sequence[AddedToken], *, normalizer: normalizers.Normalizer | None = None) -> Tokenizer:
    """Returns a byte-level BPE tokenizer like Qwen's, with `markers` added."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(TEXTS * 3, trainer)
    tokenizer.add_tokens(list(markers))
    return tokenizer


def write(folder: Path, name: str, template: str) -> Path:
    """Writes the files of a family into `folder` and returns it."""
    family = FAMILIES[name]
    special = ("<|endoftext|>", *family.special)
    markers = [AddedToken(text, special=True, normalized=False) for text in special]
    markers += [AddedToken(text, special=False, normalized=False) for text in family.plain]
    tokenizer = train(markers, normalizer=normalizers.NFC())
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": family.eos, "bos_token": special[1]}
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    ends = [tokenizer.token_to_id(text) for text in family.ends]
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": ends}), encoding="utf-8")
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8")
    return folder
