"""Questions are taken apart by their words, and what is no such question is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_research.playbook.phrases.question import Larger, Meaning, Named, Office, Pair, read_question
from metier_research.world.tasks import tasks_of
from metier_research.world.truth.facts import Truth


def show(meaning: Meaning | None) -> str:
    """A meaning in short: the relations from the outside in, and the name that they begin with."""
    match meaning:
        case None:
            return ""
        case Named(name, noun):
            return f"{noun}:{name}" if noun else name
        case Pair(noun, first, second):
            return f"{noun}({show(first)} & {show(second)})"
        case Larger(concept, one, other, less, _):
            return f"{'less' if less else 'more'} {concept.name}({show(one)} | {show(other)})"
        case Office(concept, inner, year, beside, step):
            when = str(year) if year else f"{beside}{step:+d}"
            return f"{concept.name}@{when}({show(inner)})"
        case _:
            return f"{type(meaning).__name__.lower()} {meaning.concept.name}({show(meaning.inner)})"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Who designed the Old Bridge of Skav?", "of designer(Old Bridge of Skav)"),
        ("When was Acme Works founded?", "of founded(Acme Works)"),
        ("Please tell me when was Acme Works founded", "of founded(Acme Works)"),
        ("Where was the director of the film Grey Harbour born?", "of birthplace(of director(film:Grey Harbour))"),
        ("Who was the director of Grey Harbour married to?", "of spouse(of director(Grey Harbour))"),
        (
            "Who is the mayor of the town where the person who painted Blue Window was born?",
            "of mayor(of birthplace(of painter(Blue Window)))",
        ),
        ("What is the population of Ada Fell's birthplace?", "of population(of birthplace(Ada Fell))"),
        ("Name the director of the film Grey Harbour.", "of director(film:Grey Harbour)"),
        ("What was the running time of Grey Harbour?", "of length(Grey Harbour)"),
        ("Give me the population of the birthplace of Ada Fell", "of population(of birthplace(Ada Fell))"),
        ("Who was the person who designed Old Bridge?", "of designer(Old Bridge)"),
        ("What year did Old Bridge open?", "of opened(Old Bridge)"),
        ("Which town was Ada Fell born in?", "of birthplace(Ada Fell)"),
        ("Which artist painted Blue Window?", "of painter(Blue Window)"),
        ("Blue Window was painted by whom?", "of painter(Blue Window)"),
        ("What is the name of the singer of Blue Song?", "of singer(Blue Song)"),
        ("Who currently serves as mayor of Skav?", "of mayor(Skav)"),
        ("Who heads the University of Skav?", "of head(University of Skav)"),
        ("Who was mayor of Skav in 1987?", "mayor@1987(Skav)"),
        ("Who was mayor of Skav directly before Ada Fell?", "mayor@Ada Fell-1(Skav)"),
        ("Who followed Ada Fell as head of the Museum of Skav?", "head@Ada Fell+1(Museum of Skav)"),
        ("How many films did Ada Fell direct?", "number director(Ada Fell)"),
        ("Which film is based on the novel by Ada Fell?", "back source(back author(Ada Fell))"),
        ("Which is longer, Old Bridge or the bridge New Bridge?", "more length(Old Bridge | bridge:New Bridge)"),
        ("Who was born earlier, Ada Fell or Bo Ness?", "less birth(Ada Fell | Bo Ness)"),
        (
            "Which film was directed by Ada Fell and has music by Bo Ness?",
            "film(back director(Ada Fell) & back composer(Bo Ness))",
        ),
    ],
)
def test_a_question_means_its_relations_from_the_outside_in(text: str, meant: str) -> None:
    assert show(read_question(text)) == meant


@pytest.mark.parametrize(
    "text",
    ["", "?", "Write a poem about snow.", "What should I have for dinner?", "谁设计了这座桥？", "Why is the sky blue?"],
)
def test_what_follows_no_relation_is_not_understood(text: str) -> None:
    assert read_question(text) is None


def test_every_generated_question_is_understood_down_to_a_name(truth: Truth) -> None:
    for task in tasks_of(truth, 31, 200):
        assert read_question(task.text) is not None, task.text


WORDS = (
    "who", "was", "the", "mayor of", "born", "person who", "taught", "in", "1987", "town where", "Skav", " or ", "'s",
    "before", "which", "founded", "?", "and", "how many", "\n", "编",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=60))
def test_any_words_are_read_without_an_error(words: list[str]) -> None:
    read_question(" ".join(words))
