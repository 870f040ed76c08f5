"""The grammars against passages labelled by hand."""

from types import ModuleType

BAR = 0.97
LEAST = {"us": 60, "chinese": 60, "german": 40, "eu": 40, "uk": 40, "french": 20, "plain": 40}


def test_there_are_enough_passages_of_each_system(measures: ModuleType) -> None:
    counts = {system: len(measures.read_labels(system)) for system in measures.systems()}
    assert sum(counts.values()) >= 300
    assert {system: counts[system] >= least for system, least in LEAST.items()} == dict.fromkeys(LEAST, True)


def test_every_label_is_where_it_says(measures: ModuleType) -> None:
    for system in measures.systems():
        for label in measures.read_labels(system):
            for one in label["expected"]:
                assert label["text"][one["start"] : one["start"] + len(one["text"])] == one["text"]


def test_passages_that_cite_nothing_are_among_them(measures: ModuleType) -> None:
    for system in measures.systems():
        assert any(not label["expected"] for label in measures.read_labels(system)), system


def test_precision_and_recall_reach_the_bar(measures: ModuleType) -> None:
    expected = found = right = 0
    for system in measures.systems():
        score, disagreements = measures.score_labels(system)
        assert score.precision >= BAR, disagreements
        assert score.recall >= BAR, disagreements
        expected, found, right = expected + score.expected, found + score.found, right + score.right
    assert right / found >= BAR
    assert right / expected >= BAR
