"""Past questions: counted as BM25 says, read from files with every fault told, kept once, forgotten when asked."""

import json
from math import log
from pathlib import Path

import pytest

from metier.errors import InputError, StorageError
from metier.toolkit import Settings
from metier_legal.corpus.importing import add_source
from metier_legal.corpus.store import StoredCorpus, open_corpus
from metier_legal.search.learning.counts import Counts
from metier_legal.search.learning.lessons import learn
from metier_legal.search.learning.memory import NOTHING, Asked, Memory
from metier_legal.search.learning.questions import LONGEST_LINE, Questions

LAW = (
    {"type": "work", "id": "xx/tenancy", "jurisdiction": "xx", "title": "Tenancy Act", "fictional": True},
    {"type": "provision", "work": "xx/tenancy", "number": "12", "text": "The landlord must heat."},
    {"type": "provision", "work": "xx/tenancy", "number": "13", "text": "Rent is due monthly."},
)


@pytest.fixture
def corpus(settings: Settings, tmp_path: Path) -> StoredCorpus:
    path = tmp_path / "law.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in LAW))
    add_source(settings, path)
    return open_corpus(settings)


def test_counts_are_bm25_worked_out_by_hand() -> None:
    counts = Counts([["heat", "heat", "rent"], ["rent"], ["sea", "law"]])
    rarity = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    weight = 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2))
    assert counts.score(["heat", "heat", "unknown"]) == {0: pytest.approx(rarity * weight)}
    assert Counts([]).score(["heat"]) == {}
    assert Counts([[], []]).score(["heat"]) == {}


def test_a_question_recalls_the_provisions_of_those_like_it_and_their_laws() -> None:
    memory = Memory(
        [
            Asked("Who repairs the boiler?", "en", "act#1", "act"),
            Asked("Who repairs the boiler?", "en", "act#2", "act"),
            Asked("May I sail at night?", "en", "sea#1", "sea"),
            Asked("谁负责维修锅炉？", "zh", "法#1", "法"),
        ]
    )
    recall = memory.recall("my boiler needs repair")
    assert set(recall.groups) == {"act#1", "act#2"}
    assert set(recall.works) == {"act"}
    assert set(memory.recall("锅炉坏了").groups) == {"法#1"}
    assert memory.recall("what is a tort?") == NOTHING


def test_more_alike_is_recalled_more_strongly() -> None:
    memory = Memory([Asked("boiler repair in winter", "en", "a", "w"), Asked("boiler taxes", "en", "b", "w")])
    groups = memory.recall("boiler repair winter").groups
    assert groups["a"] > groups["b"] > 0


def test_the_parts_of_a_recall_are_those_worked_out_by_hand() -> None:
    # one question and one law: idf = log(1 + 0.5/1.5), the length is the mean, so a term's score is the idf
    recall = Memory([Asked("boiler repair", "en", "a", "w")]).recall("boiler")
    assert recall.groups == {"a": pytest.approx(0.5 * log(4 / 3) + 2.0)}
    assert recall.works == {"w": pytest.approx(0.4 * log(4 / 3) + 2.0)}


def write(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "lessons.jsonl"
    path.write_text("".join(line if isinstance(line, str) else f"{json.dumps(line)}\n" for line in lines))
    return path


def test_lessons_are_learned_once_by_id_or_citation(settings: Settings, corpus: StoredCorpus, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"question": "Who heats?", "provisions": ["xx/tenancy#12"]},
        {"question": "When to pay?", "provisions": ["Tenancy Act § 13", "xx/tenancy#13"]},
    )
    learned = learn(settings, corpus, path)
    assert (learned.lessons, learned.changed, learned.wrong) == (2, 2, 0)
    assert learn(settings, corpus, path).changed == 0
    assert Questions(settings).by_provision() == {"xx/tenancy#12": ("Who heats?",), "xx/tenancy#13": ("When to pay?",)}


def test_every_faulty_line_is_told_and_the_others_are_learned(
    settings: Settings, corpus: StoredCorpus, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        "{no json\n",
        "\n",
        {"question": "", "provisions": ["xx/tenancy#12"]},
        {"question": "Who?", "provisions": ["xx/tenancy#99", "xx/tenancy#12"]},
        {"question": "Who?", "provisions": ["xx/tenancy#12"], "extra": 1},
        '"' + "x" * LONGEST_LINE + '"\n',
        "[" * 100_000 + "\n",
    )
    learned = learn(settings, corpus, path)
    assert learned.changed == 1
    assert [problem.partition(":")[0] for problem in learned.problems[:4]] == ["Line 1", "Line 3", "Line 4", "Line 5"]
    assert "xx/tenancy#99" in learned.problems[2]
    assert learned.wrong == len(learned.problems) == 7


def test_learning_goes_on_where_it_was_interrupted(settings: Settings, corpus: StoredCorpus, tmp_path: Path) -> None:
    path = write(tmp_path, *({"question": f"Who? {n}", "provisions": ["xx/tenancy#12"]} for n in range(1200)))

    def interrupt(step: str, share: float) -> None:
        assert 0 < share < 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(settings, corpus, path, progress=interrupt)
    kept = len(Questions(settings).by_provision()["xx/tenancy#12"])
    assert kept == 500
    assert learn(settings, corpus, path).changed == 700


def test_what_was_learned_is_forgotten_by_file_or_whole(
    settings: Settings, corpus: StoredCorpus, tmp_path: Path
) -> None:
    store = Questions(settings)
    assert store.digest() == ""
    store.add([("Kept?", "xx/tenancy#13")])
    before = store.digest()
    path = write(tmp_path, {"question": "Who heats?", "provisions": ["xx/tenancy#12"]})
    learn(settings, corpus, path)
    assert store.digest() != before
    assert learn(settings, corpus, path, forget=True).changed == 1
    assert store.digest() == before
    assert (store.clear(), store.digest()) == (1, "")


def test_a_file_that_is_not_there_and_a_damaged_store_are_told(
    settings: Settings, corpus: StoredCorpus, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        learn(settings, corpus, tmp_path / "none.jsonl")
    (settings.data / "questions.db").write_bytes(b"no database at all, but long enough to look like one to sqlite")
    with pytest.raises(StorageError, match="past questions"):
        Questions(settings).add([("Who?", "xx/tenancy#12")])
