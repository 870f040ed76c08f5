from pathlib import Path

import pytest

from metier_legal.intake.cases.layout.pieces import number_paragraphs
from metier_legal.intake.cases.layout.slips import is_slip, read_slip
from metier_legal.intake.reading import read_batches
from metier_legal.law.case import Case, Part

ROOT = Path(__file__).parents[4]
OPINIONS = ROOT.parent / "shared" / "data" / "legal" / "en-scotus50" / "opinions.jsonl.gz"
NEEDS_OPINIONS = pytest.mark.skipif(not OPINIONS.exists(), reason="the 50 opinions are not on this machine")

# Laid out as slip opinions are; the words are our own.
SLIP = """(Slip Opinion)              OCTOBER TERM, 2016                                       1

                                       Syllabus

SUPREME COURT OF THE UNITED STATES

                            BORAK v. STANE

The tenant gave notice in writing after the heating had failed for six
  weeks, and the landlord refused it.
\f2                        BORAK v. STANE

                            Opinion of the Court

  JUSTICE HALE delivered the opinion of the Court.
  Notice is a matter of form. A tenant who writes has given notice, and a land-
lord who reads has received it. The statute provides:
    “A notice is given when it is written and
    sent to the landlord.”
  We hold that this was done.1
——————
   1 The lower court thought otherwise, but it gave no reason that could be

followed here.
\f                 Cite as: 581 U. S. ____ (2017)            3

                     Opinion of the Court

The judgment is affirmed.
\f                 Cite as: 581 U. S. ____ (2017)            1

                     MOLE, J., dissenting

  JUSTICE MOLE, dissenting.
  I would reverse.
"""


def test_parts_authors_and_pages_are_kept_apart() -> None:
    assert is_slip(SLIP)
    found = [(one.part, one.author) for one in read_slip(SLIP)]
    assert found == [(Part.SYLLABUS, ""), (Part.MAJORITY, ""), (Part.DISSENT, "MOLE, J.")]


def test_running_heads_go_and_words_stay() -> None:
    paragraphs = number_paragraphs(read_slip(SLIP))
    texts = [one.text for one in paragraphs if one.part is Part.MAJORITY]
    assert texts == [
        "JUSTICE HALE delivered the opinion of the Court.",
        "Notice is a matter of form. A tenant who writes has given notice, and a land-\n"
        "lord who reads has received it. The statute provides:",
        "“A notice is given when it is written and\nsent to the landlord.”",
        "We hold that this was done.1\nThe judgment is affirmed.",
        "1 The lower court thought otherwise, but it gave no reason that could be\nfollowed here.",
    ]
    whole = "\n".join(one.text for one in paragraphs)
    assert "Cite as" not in whole
    assert "\f" not in whole


def test_an_opinion_whose_label_was_printed_over_does_not_pass_for_the_courts() -> None:
    garbled = SLIP.replace(
        "                     MOLE, J., dissenting\n", "                    MOLEDissentingJ., of, J.\n"
    )
    opinions = read_slip(garbled)
    assert [(one.part, one.author) for one in opinions][-1] == (Part.DISSENT, "MOLE, J.")
    nameless = read_slip(garbled.replace("JUSTICE MOLE, dissenting.", "I write for myself."))
    assert nameless[-1].part is Part.OTHER


def test_a_plain_text_is_no_slip() -> None:
    assert not is_slip("An opinion.\fIts second page.")


@NEEDS_OPINIONS
def test_fifty_real_opinions_keep_their_parts() -> None:
    cases = [item for batch in read_batches(OPINIONS) for item in batch.items if isinstance(item, Case)]
    assert len(cases) == 50
    parts = [{one.part for one in case.paragraphs} for case in cases]
    assert sum(Part.MAJORITY in one for one in parts) >= 40
    assert sum(Part.SYLLABUS in one for one in parts) >= 36
    assert sum(Part.DISSENT in one for one in parts) >= 18
    for case in cases:
        assert [one.number for one in case.paragraphs] == list(range(1, len(case.paragraphs) + 1))
        assert not any("Cite as: 58" in one.text for one in case.paragraphs)
        assert case.decided is not None
        assert case.docket
        assert case.court_level == 3
    linked = [one for case in cases for one in case.references if one.stated]
    assert len(linked) == 973
    assert sum(one.paragraph is not None for one in linked) >= 960
