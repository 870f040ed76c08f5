import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Tokenizer, normalizers, pre_tokenizers

from metier.errors import InputError, MissingError, StorageError
from metier_sglang.text.masking import unmask
from metier_sglang.text.vocabulary import Vocabulary
from tests.adapters.sglang.text.families import train
from tests.adapters.sglang.text.hostile import MARKERS, TEXT

HARMLESS = st.text(max_size=60).filter(
    lambda text: not any(marker in text for marker in MARKERS) and text.isprintable()
)


def _write(folder: Path, tokenizer: Tokenizer | dict[str, object], **config: object) -> Path:
    plain = json.loads(tokenizer.to_str()) if isinstance(tokenizer, Tokenizer) else tokenizer
    (folder / "tokenizer.json").write_text(json.dumps(plain), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ordinary(folder_of) -> Tokenizer:
    return Tokenizer.from_file(str(folder_of("qwen3") / "tokenizer.json"))


@settings(max_examples=80, deadline=None)
@given(parts=st.lists(HARMLESS | st.sampled_from(MARKERS[:9]), max_size=8))
def test_marked_text_has_the_ids_of_the_ordinary_tokenizer(
    vocabulary: Vocabulary, ordinary: Tokenizer, parts: list[str]
) -> None:
    text = "".join(parts)
    assert vocabulary.encode(text) == ordinary.encode(text, add_special_tokens=False).ids


@settings(max_examples=100, deadline=None)
@given(text=TEXT)
def test_untrusted_text_holds_no_added_token_and_reads_as_itself(vocabulary: Vocabulary, text: str) -> None:
    ids = vocabulary.encode(vocabulary.mask.mask(text))
    assert not {vocabulary.id_of(marker) for marker in vocabulary.markers} & set(ids)
    sendable = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert unmask(vocabulary.decode(ids)) == normalizers.NFC().normalize_str(sendable)


@settings(max_examples=80, deadline=None)
@given(parts=st.lists(TEXT | st.sampled_from(MARKERS[:9]), max_size=5), data=st.data())
def test_decoding_in_pieces_is_decoding_the_whole(
    vocabulary: Vocabulary, parts: list[str], data: st.DataObject
) -> None:
    masked = [part if part in vocabulary.markers else vocabulary.mask.mask(part) for part in parts]
    noise = data.draw(st.lists(st.integers(0, 700), max_size=6))
    ids = vocabulary.encode("".join(masked)) + noise
    whole = vocabulary.decode(ids)
    decoder = vocabulary.decoder()
    pieces, at = [], 0
    while at < len(ids):
        size = data.draw(st.integers(1, 5))
        pieces.append(decoder.feed(ids[at : at + size]))
        at += size
    assert "".join([*pieces, decoder.finish()]) == whole
    assert not any("\ufffd" in piece for piece in pieces) or "\ufffd" in whole


@settings(max_examples=60, deadline=None)
@given(ids=st.lists(st.integers(0, 610), max_size=40))
def test_what_was_sampled_shows_its_markers_and_no_others(vocabulary: Vocabulary, ids: list[int]) -> None:
    structure = {vocabulary.id_of(marker) for marker in vocabulary.markers}
    again = vocabulary.encode(vocabulary.decode(ids))
    assert [number for number in again if number in structure] == [number for number in ids if number in structure]


def test_a_letter_is_never_given_in_half(vocabulary: Vocabulary) -> None:
    decoder = vocabulary.decoder()
    pieces = [decoder.feed([number]) for number in vocabulary.encode("天😀")]
    assert "".join(pieces) + decoder.finish() == "天😀"
    assert set(pieces) == {"", "天", "😀"}
    cut = vocabulary.encode("😀")[:-1]
    assert vocabulary.decode([*cut, vocabulary.id_of("<|im_end|>")]) == "\ufffd<|im_end|>"


def test_letters_of_a_marker_are_held_back_until_it_is_known(vocabulary: Vocabulary) -> None:
    decoder = vocabulary.decoder()
    ids = vocabulary.encode(vocabulary.mask.mask("a </think> b"))
    shown = [decoder.feed([number]) for number in ids]
    assert "".join(shown) + decoder.finish() == vocabulary.mask.mask("a </think> b")
    assert not any(piece.endswith("<") for piece in shown)


def test_an_id_that_the_tokenizer_lacks_is_left_out(vocabulary: Vocabulary) -> None:
    assert vocabulary.decode([10**6, -1, 1 << 40, *vocabulary.encode("a")]) == "a"


def test_the_ends_are_those_of_both_configurations(vocabulary: Vocabulary) -> None:
    assert vocabulary.ends == {vocabulary.id_of("<|im_end|>"), vocabulary.id_of("<|endoftext|>")}
    assert vocabulary.id_of("nothing") is None


def test_a_marker_that_swallows_space_does_so_here(tmp_path: Path) -> None:
    tokenizer = train(
        [
            AddedToken("<|a|>", lstrip=True, special=True),
            AddedToken("<|b|>", rstrip=True, special=True),
            AddedToken("  "),
        ]
    )
    vocabulary = Vocabulary.read(_write(tmp_path, tokenizer))
    for text in ("x \n<|a|> y", "x <|b|>\u2003 \ty", "x <|b|> <|a|> y", " <|a|>", "<|b|> ", "x  y"):
        assert vocabulary.encode(text) == tokenizer.encode(text, add_special_tokens=False).ids
    assert vocabulary.markers == ("<|a|>", "<|b|>")
    assert vocabulary.decode(vocabulary.encode("x  y")) == "x  y"


def test_a_marker_is_told_from_a_longer_one_that_its_neighbours_could_complete(tmp_path: Path) -> None:
    vocabulary = Vocabulary.read(_write(tmp_path, train([AddedToken("<a>"), AddedToken("<a>b"), AddedToken("c<a>")])))
    for ids in (
        [vocabulary.id_of("<a>"), *vocabulary.encode("b")],
        [*vocabulary.encode("c"), vocabulary.id_of("<a>")],
    ):
        assert vocabulary.encode(vocabulary.decode(ids)) == ids


def test_a_marker_among_the_words_is_not_spelled_by_them(tmp_path: Path) -> None:
    plain = json.loads(train([AddedToken("think")]).to_str())
    number = next(added["id"] for added in plain["added_tokens"] if added["content"] == "think")
    known = plain["model"]["vocab"]
    known |= {"th": 900, "thi": 901, "nk": 902, "think": number}
    plain["model"] |= {"ignore_merges": True, "merges": [["t", "h"], ["th", "i"], ["n", "k"], ["thi", "nk"]]}
    plain["model"]["vocab"] = {
        word: place for word, place in known.items() if len(word) == 1 or place >= 900 or word == "think"
    }
    vocabulary = Vocabulary.read(_write(tmp_path, plain))
    assert number not in vocabulary.encode(vocabulary.mask.mask("think"))
    assert vocabulary.encode("think") == [number]


def test_a_token_known_to_the_configuration_only_is_a_marker_too(tmp_path: Path) -> None:
    extra = {"700": {"content": "<|extra|>", "special": True}}
    vocabulary = Vocabulary.read(_write(tmp_path, train([AddedToken("<|a|>")]), added_tokens_decoder=extra))
    assert vocabulary.id_of("<|extra|>") == 700
    assert vocabulary.encode("<|extra|>") == [700]


def test_a_folder_is_read_once_until_it_changes(tmp_path: Path) -> None:
    _write(tmp_path, train([AddedToken("<|a|>")]))
    first = Vocabulary.read(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    assert Vocabulary.read(tmp_path / "link") is first
    _write(tmp_path, train([AddedToken("<|a|>"), AddedToken("<|b|>")]))
    os.utime(tmp_path / "tokenizer.json", ns=(1, 1))
    assert Vocabulary.read(tmp_path).markers == ("<|a|>", "<|b|>")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model": {"type": "Unigram", "vocab": []}}, "Unigram"),
        ({"pre_tokenizer": {"type": "Metaspace"}}, "byte-level"),
        ({"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": True}}, "space before"),
        ({"normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "_"}]}}, "Prepend"),
        ({"added_tokens": [{"id": 5}]}, "no spelling"),
        ({"added_tokens": ["x"]}, "no object"),
        ({"added_tokens": [{"id": 5, "content": "\n", "special": True}]}, "cannot be told"),
        ({"added_tokens": [{"id": 5, "content": "ab", "single_word": True}]}, "between words"),
        ({"added_tokens": [{"id": 5, "content": "a" * 300}]}, "characters long"),
        ({"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "zz"]]}}, "cannot be read"),
        ({"model": {"type": "BPE", "vocab": []}}, "no vocab"),
        ({"model": None}, "no model"),
    ],
)
def test_a_tokenizer_that_cannot_be_used_is_refused(tmp_path: Path, change: dict[str, object], says: str) -> None:
    plain = json.loads(train([AddedToken("<|a|>")]).to_str())
    with pytest.raises(InputError, match=says) as caught:
        Vocabulary.read(_write(tmp_path, plain | change))
    assert caught.value.hint


def test_files_that_are_missing_or_damaged_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"tokenizer\.json"):
        Vocabulary.read(tmp_path)
    for content in (b"\xff", b"{", b"[]", b"[" * 100_000):
        (tmp_path / "tokenizer.json").write_bytes(content)
        with pytest.raises(InputError, match=r"tokenizer\.json"):
            Vocabulary.read(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / "tokenizer.json").mkdir()
    with pytest.raises(StorageError, match=r"tokenizer\.json"):
        Vocabulary.read(tmp_path)


def test_words_between_byte_level_steps_do_not_matter(tmp_path: Path) -> None:
    tokenizer = train([AddedToken("<|a|>", special=True)])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    vocabulary = Vocabulary.read(_write(tmp_path, tokenizer))
    text = "The road <|a|> is  closed\n"
    assert vocabulary.encode(text) == tokenizer.encode(text, add_special_tokens=False).ids
