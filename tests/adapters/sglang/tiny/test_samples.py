"""Samples: what was sent and what was said, as the tokens that a run keeps."""

from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.samples import END, Exchange, join_exchanges, list_exchanges
from metier_sglang.tiny.scripts import SCRIPTS

WEATHER = next(script for script in SCRIPTS if script.name == "weather")


def test_only_replies_and_the_ends_of_their_turns_are_learnt(renderer: Renderer) -> None:
    exchanges = list_exchanges(renderer, [WEATHER])
    first = join_exchanges(exchanges, renderer.vocabulary)[0]
    said = [token for token, sampled in zip(first.ids, first.mask, strict=True) if sampled]
    assert renderer.vocabulary.decode(said) == "".join(f"{one.reply}{END}" for one in exchanges[:4])


def test_a_conversation_is_one_sequence_and_a_prompt_rendered_anew_another(renderer: Renderer) -> None:
    samples = join_exchanges(list_exchanges(renderer, [WEATHER]), renderer.vocabulary)
    texts = [renderer.vocabulary.decode(sample.ids) for sample in samples]
    thoughtful = [text for text in texts if "I look up Astra." in text]
    forgetful = [text for text in texts if "I look up Astra." not in text and "Now Borealis." in text]
    assert len(thoughtful) == len(forgetful) == 1


def test_tokens_are_those_that_a_server_is_sent(renderer: Renderer) -> None:
    vocabulary = renderer.vocabulary
    for script in SCRIPTS:
        for sample in join_exchanges(list_exchanges(renderer, [script]), vocabulary):
            assert list(sample.ids) == vocabulary.encode(vocabulary.decode(sample.ids))


def test_exchanges_apart_are_not_joined(renderer: Renderer) -> None:
    apart = [Exchange("a", "b"), Exchange("c", "d"), Exchange(f"cd{END}e", "f")]
    texts = [renderer.vocabulary.decode(one.ids) for one in join_exchanges(apart, renderer.vocabulary)]
    assert texts == [f"ab{END}", f"cd{END}ef{END}"]
