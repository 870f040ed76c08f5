"""Templates and tokenizers that mean harm: they are refused soon, in one short line, and take no more than given."""

import pytest

from metier.canonical import JSON
from metier.errors import InputError
from metier_sglang.text.decoding import byte_alphabet
from metier_sglang.text.masking import BREAK, LITERAL, SENTINEL
from metier_sglang.text.template import Template
from metier_sglang.text.vocabulary import Vocabulary

USER = [{"role": "user", "content": "hi"}]
DOUBLED = "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set ns.s = JOINED %}{% endfor %}"


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9) recursive %}{{ loop(range(9)) }}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        "{% for i in range(1000000000) %}{% endfor %}",
        DOUBLED.replace("JOINED", "ns.s ~ ns.s"),
        DOUBLED.replace("JOINED", "ns.s + ns.s"),
        "{{ '%999999999d' % 1 }}",
        "{{ '%*d' % (999999999, 1) }}",
        "{{ 'a'.ljust(10000000000) }}",
        "{{ lipsum(n=100000) }}",
    ],
)
def test_a_template_that_takes_too_much_is_refused(source: str) -> None:
    with pytest.raises(InputError):
        Template(source, steps=20_000).render(USER, [], prompt=True)


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in [1] %}" * 25 + "{% endfor %}" * 25,
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "9" * 5000 + " }}",
        "{{ 'a' | center(1000000000) }}",
    ],
)
def test_a_template_that_can_not_be_compiled_is_refused(source: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Template(source)


def test_what_loops_know_of_themselves_is_as_it_was() -> None:
    known = "{{ loop.length }}{{ loop.revindex }}{{ loop.last }}{{ loop.nextitem }} "
    source = f"{{% for a in [1, 2, 3] %}}{known}{{% endfor %}}"
    assert Template(source).render(USER, [], prompt=True) == "33False2 32False3 31True "


def test_each_rendering_has_its_own_steps() -> None:
    template = Template("{% for a in range(900) %}{% endfor %}x", steps=1000)
    assert [template.render(USER, [], prompt=True) for _ in range(5)] == ["x"] * 5


def test_a_template_writes_no_lines_into_an_error() -> None:
    source = "{{ raise_exception('\x1b[2J\n' * 99999) }}"
    with pytest.raises(InputError) as caught:
        Template(source).render(USER, [], prompt=True)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 600


def tokenizer(*added: JSON) -> dict[str, JSON]:
    by_bytes: JSON = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    words: JSON = {letter: place for place, letter in enumerate(byte_alphabet())}
    return {
        "added_tokens": [*added],
        "pre_tokenizer": by_bytes,
        "decoder": by_bytes,
        "model": {"type": "BPE", "vocab": words, "merges": []},
    }


@pytest.mark.parametrize("number", [-5, 1 << 31, 10**30, True, "7", None])
def test_an_added_token_whose_id_is_none_is_refused(number: JSON) -> None:
    with pytest.raises(InputError):
        Vocabulary(tokenizer({"id": number, "content": "<x>"}), {}, {})


@pytest.mark.parametrize("letter", ["\ud800", BREAK, LITERAL, SENTINEL])
def test_an_added_token_that_no_mask_could_hide_is_refused(letter: str) -> None:
    with pytest.raises(InputError, match="added token"):
        Vocabulary(tokenizer({"id": 300, "content": f"<{letter}>"}), {}, {})


def test_keys_that_are_no_ids_are_read_over() -> None:
    config: dict[str, JSON] = {"added_tokens_decoder": {"²": {"content": "<x>"}, "9" * 5000: {"content": "<y>"}}}
    assert Vocabulary(tokenizer({"id": 300, "content": "<z>"}), config, {}).markers == ("<z>",)


def test_markers_that_begin_each_other_are_told_apart() -> None:
    spellings = ["<" + "a" * size for size in range(1, 120)]
    added: list[JSON] = [{"id": 300 + at, "content": one} for at, one in enumerate(spellings)]
    vocabulary = Vocabulary(tokenizer(*added), {}, {})
    ids = vocabulary.encode("<aaa") + vocabulary.encode("a")
    assert vocabulary.encode(vocabulary.decode(ids)) == ids
