"""The tokenizer: deterministic, lossless, and with Qwen3's added tokens."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_sglang.tiny.scripts import script_texts
from metier_sglang.tiny.tokenizer import BYTES, ORDINARY, SPECIAL, train_tokenizer

TEXTS = ("the weather in Astra is fine", "the trains to Borealis", *["<|im_start|>user\n<tool_call>"] * 9)
TOKENIZER = train_tokenizer(TEXTS)


def test_equal_texts_give_equal_tokenizers_whatever_the_threads() -> None:
    code = (
        "import sys; from metier_sglang.tiny.scripts import script_texts; from metier_sglang.tiny.tokenizer import *;"
        "sys.stdout.write(train_tokenizer(script_texts()).to_str())"
    )
    alone = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "RAYON_NUM_THREADS": "1"}, capture_output=True, check=True
    )
    assert json.loads(alone.stdout) == json.loads(train_tokenizer(script_texts()).to_str())


@pytest.mark.parametrize("marker", SPECIAL + ORDINARY)
def test_an_added_token_is_one_token(marker: str) -> None:
    assert TOKENIZER.encode(f"a{marker}b").tokens == ["a", marker, "b"]


def test_no_part_of_an_added_token_is_learnt_as_text() -> None:
    assert {"<|", "_start", "_call"}.isdisjoint(TOKENIZER.get_vocab())


@settings(max_examples=50)
@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text).ids, skip_special_tokens=False) == text


def test_a_long_line_of_data_that_was_seen_costs_few_tokens() -> None:
    line = json.dumps({f"field_{number}": {"type": "string"} for number in range(40)})
    trained = train_tokenizer([line, *TEXTS], size=2000)
    words = train_tokenizer([line[:500], line[500:1000], *TEXTS], size=2000)
    assert len(trained.encode(line).ids) * 5 < len(words.encode(line).ids)


def test_a_vocabulary_without_room_for_the_bytes_is_refused() -> None:
    with pytest.raises(InputError, match="too small"):
        train_tokenizer(TEXTS, size=BYTES)


def test_a_checkpoint_names_the_token_that_ends_a_turn(checkpoint: Path) -> None:
    config = json.loads((checkpoint / "tokenizer_config.json").read_text())
    generation = json.loads((checkpoint / "generation_config.json").read_text())
    known = json.loads((checkpoint / "tokenizer.json").read_text())["added_tokens"]
    ids = {token["content"]: token["id"] for token in known}
    assert config["eos_token"] == "<|im_end|>"
    assert generation["eos_token_id"] == [ids["<|im_end|>"], ids["<|endoftext|>"]]
