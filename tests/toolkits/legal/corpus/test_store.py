"""What is asked of the store, over what was imported."""

import tempfile
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from metier.errors import MissingError, StorageError
from metier.toolkit import Settings
from metier_legal.citations.citation import CaseCitation
from metier_legal.corpus.corpus import Source
from metier_legal.corpus.importing import add_source, remove_source
from metier_legal.corpus.schema import FILENAME
from metier_legal.corpus.store import StoredCorpus, open_corpus
from metier_legal.corpus.writing.guarding import connect
from metier_legal.corpus.writing.merging import merge
from metier_legal.corpus.writing.staging import staged
from metier_legal.intake.batch import Batch
from metier_legal.law.case import Case, Paragraph, Reference, Treatment
from metier_legal.law.provision import Provision, Status, Unit
from metier_legal.law.work import Style, Work

Writer = Callable[..., Path]

CODE = Work(
    id="xx/tenancy", jurisdiction="xx", title="Tenancy Act", short="TA", aliases=("Law of Tenancies",), fictional=True
)
CIVIL = Work(
    id="cn/民法典", jurisdiction="cn", title="中华人民共和国民法典", language="zh", style=Style.CHINESE, fictional=True
)


def section(number: str, text: str, begin: str = "2001-01-01", **fields: object) -> Provision:
    return Provision.model_validate({"work": CODE.id, "number": number, "text": text, "valid_from": begin, **fields})


def decision(name: str, year: int, citation: str, *texts: str, **fields: object) -> Case:
    return Case.model_validate(
        {
            "id": f"xx/{citation.replace(' ', '-')}",
            "jurisdiction": "xx",
            "name": name,
            "court": "High Court",
            "court_level": 3,
            "decided": date(year, 5, 4),
            "citations": (citation,),
            "paragraphs": tuple(Paragraph(number=n, text=t) for n, t in enumerate(texts, 1)),
            "fictional": True,
            **fields,
        }
    )


LAW = [
    CODE,
    section("1", "A tenancy begins with the handing over of the keys."),
    section("2", "Rent is due on the first.", valid_to="2010-01-01"),
    section("2", "Rent is due on the third.", "2010-01-01"),
    section("3", "", "2015-06-01", status=Status.REPEALED, note="Repealed by Act 2015-4, s 7"),
    section("3", "Dogs are forbidden."),
]
CASES = [
    decision(
        "Ox v. Ass", 2004, "1 XR 10", "Rent is late.", references=(Reference(written="TA § 2", cited="xx/tenancy#2"),)
    ),
    decision(
        "Cat versus Dog",
        2012,
        "2 XR 20",
        "We disagree. The rule of 1 XR 10 is overruled. So be it.",
        docket="No. 12-34",
        references=(
            Reference(written="1 XR 10", cited="xx/1-XR-10", treatment=Treatment.OVERRULES, paragraph=1, stated=True),
        ),
    ),
]


@pytest.fixture
def corpus(settings: Settings, write: Writer) -> StoredCorpus:
    add_source(settings, write([*LAW, *CASES, {"type": "coverage", "jurisdiction": "xx", "court": "High Court"}]))
    return open_corpus(settings)


def test_the_text_of_a_day_is_the_version_whose_interval_contains_it(corpus: StoredCorpus) -> None:
    texts = {
        day: found.text
        for day in ("2000-12-31", "2001-01-01", "2009-12-31", "2010-01-01", "2030-01-01")
        if (found := corpus.provision(CODE.id, "2", date.fromisoformat(day)))
    }
    assert texts == {
        "2001-01-01": "Rent is due on the first.",
        "2009-12-31": "Rent is due on the first.",
        "2010-01-01": "Rent is due on the third.",
        "2030-01-01": "Rent is due on the third.",
    }
    assert [v.valid_to for v in corpus.versions(CODE.id, "2")] == [date(2010, 1, 1), None]


def test_a_repealed_provision_is_found_as_the_version_that_says_so(corpus: StoredCorpus) -> None:
    found = corpus.provision(CODE.id, "3")
    assert found is not None
    assert (found.status, found.note) == (Status.REPEALED, "Repealed by Act 2015-4, s 7")
    before = corpus.provision(CODE.id, "3", date(2015, 5, 31))
    assert before is not None
    assert before.text == "Dogs are forbidden."


def test_numbers_are_in_the_order_of_the_work_and_unknown_ones_give_nothing(corpus: StoredCorpus) -> None:
    assert corpus.numbers(CODE.id) == ("1", "2", "3")
    assert [versions[-1].number for versions in corpus.histories(CODE.id)] == ["1", "2", "3"]
    assert corpus.numbers("xx/none") == ()
    assert corpus.versions(CODE.id, "99") == ()
    assert corpus.provision(CODE.id, "99") is None


@pytest.mark.parametrize(
    "name", ["Tenancy Act", "tenancy  act", "the Tenancy Act", "TA", "T.A.", "Law of Tenancies", "《TA》"]
)
def test_a_work_is_found_by_each_of_its_names(corpus: StoredCorpus, name: str) -> None:
    assert [work.id for work in corpus.find_works(name)] == [CODE.id]
    assert corpus.find_works(name, "yy") == ()


@pytest.mark.parametrize(
    "name", ["民法典", "《民法典》", "中华人民共和国民法典", "《中华人民共和国民法典》", " 民 法 典 "]
)
def test_a_chinese_work_is_found_with_and_without_the_name_of_the_state(
    settings: Settings, write: Writer, name: str
) -> None:
    add_source(settings, write([CIVIL]))
    assert [work.id for work in open_corpus(settings).find_works(name)] == [CIVIL.id]


@pytest.mark.parametrize(
    "citation",
    [
        CaseCitation(0, 0, "", "us", volume="2", reporter="X.R.", page="20"),
        CaseCitation(0, 0, "", "us", docket="12-34"),
        CaseCitation(0, 0, "", "us", name="Cat v. Dog", year=1850),
        CaseCitation(0, 0, "", "us", name="Wrong v. Name", volume="2", reporter="XR", page="20", year=1850),
    ],
)
def test_a_case_is_found_by_reporter_docket_or_name_and_nothing_hides_it(
    corpus: StoredCorpus, citation: CaseCitation
) -> None:
    assert [case.id for case in corpus.find_cases(citation)] == ["xx/2-XR-20"]


def test_a_case_cited_by_a_number_that_is_not_there_is_not_found_by_its_name(corpus: StoredCorpus) -> None:
    invented = CaseCitation(0, 0, "", "us", name="Cat v. Dog", volume="9", reporter="XR", page="20")
    assert corpus.find_cases(invented) == ()


def test_who_cites_and_what_is_cited(corpus: StoredCorpus) -> None:
    (mention,) = corpus.cited_by("xx/1-XR-10")
    assert (mention.case, mention.treatment, mention.stated) == ("xx/2-XR-20", Treatment.OVERRULES, True)
    assert mention.quote == "The rule of 1 XR 10 is overruled."
    assert [m.case for m in corpus.cited_by("xx/tenancy#2")] == ["xx/1-XR-10"]
    assert [r.cited for r in corpus.cites("xx/2-XR-20")] == ["xx/1-XR-10"]
    assert corpus.cited_by("xx/tenancy#1") == ()
    assert corpus.cites("xx/none") == ()


def test_courts_coverage_jurisdictions_and_origin(corpus: StoredCorpus) -> None:
    assert corpus.jurisdictions() == ("xx",)
    assert corpus.courts("xx") == ((3, "High Court"),)
    assert [corpus.covers("xx", "High Court"), corpus.covers("xx", "Moot Court")] == ["complete", "none"]
    assert [corpus.covers("xx"), corpus.covers("yy")] == ["partial", "none"]
    assert [corpus.origin("xx/tenancy#2"), corpus.origin("xx/2-XR-20"), corpus.origin("xx/none")] == ["law", "law", ""]


def test_a_case_comes_back_whole(corpus: StoredCorpus) -> None:
    assert corpus.case("xx/2-XR-20") == CASES[1]
    assert list(corpus.case_ids()) == ["xx/1-XR-10", "xx/2-XR-20"]
    assert corpus.case("xx/none") is None


def test_words_are_found_with_white_space_and_width_aside(corpus: StoredCorpus) -> None:
    assert corpus.find_text("Rent  is\ndue on the ﬁrst") == ("xx/tenancy#2",)
    assert corpus.find_text("Rent is due on the fourth") == ()
    assert corpus.find_text(" ") == ()


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)


@hypothesis_settings(max_examples=20, deadline=None)
@given(text=TEXTS, heading=TEXTS, cut=st.integers(0, 80))
def test_texts_are_kept_to_the_byte(text: str, heading: str, cut: int) -> None:
    unit = Unit(path=("a", heading), start=min(cut, len(text)), end=len(text))
    made = section("1", text, heading=heading, path=(heading, text), units=(unit,), note=text)
    case = decision(heading or "x", 2001, "1 XR 1", text, heading)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = Source(id="exact-1", name="exact", format="jsonl", digest="1", added="")
        with (
            staged(folder, "exact", folder) as staging,
            closing(connect(folder / FILENAME)) as connection,
        ):
            staging.write(Batch("1", (CODE, made, case)))
            merge(connection, staging, source, lambda share: None)
        corpus = open_corpus(Settings(folder))
        assert corpus.versions(CODE.id, "1") == (made,)
        assert corpus.case(case.id) == case


def test_before_anything_is_added_the_error_says_what_to_do(settings: Settings) -> None:
    with pytest.raises(MissingError) as caught:
        open_corpus(settings)
    assert "metier legal add PATH" in str(caught.value)
    assert "metier legal sample" in str(caught.value)


def test_a_file_that_is_no_corpus_is_a_storage_error(settings: Settings) -> None:
    settings.data.mkdir()
    (settings.data / FILENAME).write_bytes(b"no database" * 100)
    with pytest.raises(StorageError):
        open_corpus(settings)


def test_many_threads_read_one_corpus(corpus: StoredCorpus) -> None:
    found: list[str] = []

    def read() -> None:
        for _ in range(30):
            version = corpus.provision(CODE.id, "2", date(2005, 1, 1))
            found.append(version.text if version else "")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Rent is due on the first."] * 240


def test_a_case_of_two_sources_is_that_of_the_later_until_it_is_removed(settings: Settings, write: Writer) -> None:
    add_source(settings, write(CASES, "one.jsonl"))
    corrected = CASES[1].model_copy(update={"name": "Cat v. Dog & Son"})
    add_source(settings, write([corrected], "two.jsonl"))
    corpus = open_corpus(settings)
    assert corpus.case("xx/2-XR-20") == corrected
    assert len(corpus.cited_by("xx/1-XR-10")) == 1
    remove_source(settings, "two")
    assert corpus.case("xx/2-XR-20") == CASES[1]
