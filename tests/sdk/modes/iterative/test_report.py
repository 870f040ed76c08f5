"""The report: read out of what a model says, and held against the one before."""

from hypothesis import given, settings
from hypothesis import strategies as st

from metier.modes.iterative.report import cited_in, read_report, revise, tell, warnings_of
from tests.sdk.modes.reactive import record_fact

IDS = tuple(record_fact(number).id for number in range(6))
WORDS = st.lists(st.sampled_from(["a fact", "<report>", "</report>", "[", "]", *IDS]), max_size=12).map(" ".join)


@given(WORDS, WORDS, st.sets(st.sampled_from(IDS)), st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_nothing_cited_vanishes_unseen(old: str, said: str, evidence: set[str], cap: int) -> None:
    revision = revise(old, said, evidence, cap)
    now = cited_in(revision.text)
    gone = [name for name in cited_in(old) if name in evidence and name not in now]
    assert list(revision.lost) == gone
    assert set(revision.unknown) == (set() if revision.kept else set(now) - evidence)
    assert len(revision.text) <= max(cap, len(old) if revision.kept else 0)
    assert revision.kept is (read_report(said) is None)
    assert all(any(name in warning for warning in warnings_of(revision)) for name in gone)
    assert all(name in tell(revision, 2) for name in gone)


@given(st.text(st.characters(exclude_characters="<"), max_size=60).filter(str.strip))
@settings(max_examples=40, deadline=None)
def test_a_report_is_read_whole_closed_or_not(text: str) -> None:
    assert read_report(f"I think.<report>{text}</report> and act") == text.strip()
    assert read_report(f"<report>old</report><REPORT>\n{text}") == text.strip()
    assert read_report(f"<report>{text}</report><report> </report>") == text.strip()


def test_a_text_without_a_report_has_none() -> None:
    assert read_report("no block") is None
    assert read_report("<report></report>") is None


def test_a_report_that_is_kept_is_told_of_from_the_second_round_on() -> None:
    kept = revise("old", "nothing", {}, 100)
    assert (kept.text, kept.kept, warnings_of(kept)) == ("old", True, ())
    assert tell(kept, 1) == ""
    assert "You wrote no <report>" in tell(kept, 2)


def test_an_id_that_is_no_evidence_of_the_run_is_said_to_the_model() -> None:
    made_up = "ev-0123456789abcdef"
    assert made_up in tell(revise("", f"<report>It is so [{made_up}].</report>", {}, 100), 1)
