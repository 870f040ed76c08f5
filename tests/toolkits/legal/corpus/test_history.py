"""Which text was law on which day."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from metier_legal.corpus.history import Row, arrange, choose, conflicts, order_numbers
from metier_legal.law.provision import Provision, Standing, Status, standing_on

FIRST = date(2000, 1, 1)
DAYS = st.integers(0, 40).map(lambda days: FIRST + timedelta(days))


def version(text: str, begin: date | None = None, **fields: object) -> Provision:
    return Provision.model_validate({"work": "xx/law", "number": "1", "text": text, "valid_from": begin, **fields})


def rows(*versions: Provision, source: int = 1) -> list[Row]:
    return [Row(one, source, seq) for seq, one in enumerate(versions)]


@st.composite
def histories(draw: st.DrawFn) -> list[Provision]:
    begins = draw(st.lists(DAYS, min_size=1, max_size=8, unique=True))
    made = []
    for place, begin in enumerate(begins):
        length = draw(st.none() | st.integers(1, 15))
        end = None if length is None else begin + timedelta(length)
        status = draw(st.sampled_from((Status.IN_FORCE, Status.REPEALED)))
        made.append(version(f"text {place}", begin, valid_to=end, status=status))
    return made


def naive(versions: Sequence[Provision], day: date) -> str | None:
    """The text of the version that began last of those that had begun, unless it has ended."""
    begun = [v for v in versions if v.valid_from is not None and v.valid_from <= day]
    if not begun:
        return None
    last = max(begun, key=lambda v: v.valid_from or FIRST)
    return None if last.valid_to is not None and last.valid_to <= day else last.text


@given(histories(), DAYS)
def test_the_version_of_a_day_is_that_of_the_naive_model(made: list[Provision], day: date) -> None:
    found = choose(arrange(rows(*made), ()), day)
    assert (found and found.text) == naive(made, day)


@given(histories(), DAYS, st.randoms(use_true_random=False))
def test_the_order_in_which_versions_arrive_does_not_matter(made: list[Provision], day: date, random: object) -> None:
    shuffled = list(made)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert arrange(rows(*shuffled), ()) == arrange(rows(*made), ())


@given(histories(), st.lists(DAYS, max_size=3, unique=True))
def test_intervals_of_a_history_never_overlap(made: list[Provision], editions: list[date]) -> None:
    arranged = arrange(rows(*made), sorted(editions))
    for one, two in pairwise(arranged):
        assert one.valid_to is not None
        assert two.valid_from is not None
        assert one.valid_to <= two.valid_from


@given(histories(), DAYS, DAYS)
def test_a_number_that_a_newer_whole_publication_lacks_has_ended(
    made: list[Provision], edition: date, day: date
) -> None:
    begun = {v.valid_from for v in made}
    later = [begin for begin in begun if begin and begin >= edition]
    found = choose(arrange(rows(*made), [edition]), day)
    if edition <= day and not any(begin <= day for begin in later):
        assert found is None
    else:
        assert (found and found.text) == naive(made, day)


def test_a_day_before_the_first_version_has_none() -> None:
    arranged = arrange(rows(version("one", FIRST)), ())
    assert choose(arranged, FIRST - timedelta(1)) is None
    assert choose(arranged, FIRST) == arranged[0]


def test_how_a_text_that_is_only_known_from_a_publication_stood_before_is_unknown() -> None:
    arranged = arrange(rows(version("one", observed=FIRST)), ())
    found = choose(arranged, FIRST - timedelta(1))
    assert found is not None
    assert standing_on(found, FIRST - timedelta(1)) is Standing.UNKNOWN
    assert standing_on(found, FIRST) is Standing.IN_FORCE


def test_a_later_publication_of_the_same_text_is_no_version_of_its_own() -> None:
    first, second = version("one", FIRST), version("one", observed=FIRST + timedelta(9))
    third = version("two", observed=FIRST + timedelta(20))
    arranged = arrange([*rows(first), *rows(second, source=2), *rows(third, source=3)], ())
    assert [(v.text, v.valid_from, v.valid_to) for v in arranged] == [
        ("one", FIRST, FIRST + timedelta(20)),
        ("two", None, None),
    ]


def test_of_two_sources_with_a_version_of_one_day_the_later_import_is_believed() -> None:
    arranged = arrange([*rows(version("old scan", FIRST)), *rows(version("corrected", FIRST), source=2)], ())
    assert [v.text for v in arranged] == ["corrected"]


def test_two_texts_of_one_day_in_one_source_are_both_kept_and_told() -> None:
    twice = rows(version("one", FIRST), version("other", FIRST))
    assert [v.text for v in arrange(twice, ())] == ["one", "other"]
    assert conflicts(twice) == ("xx/law 1 is there twice of 2000-01-01 with different texts; the later one is read.",)


def test_an_overlap_is_told_and_the_version_that_began_later_prevails() -> None:
    made = rows(version("one", FIRST, valid_to=FIRST + timedelta(30)), version("two", FIRST + timedelta(10)))
    assert "the version of 2000-01-11 begins before the one before it ends" in conflicts(made)[0]
    found = choose(arrange(made, ()), FIRST + timedelta(20))
    assert found is not None
    assert found.text == "two"


def test_an_end_before_the_begin_is_told_and_ignored() -> None:
    made = rows(version("one", FIRST, valid_to=FIRST - timedelta(1)))
    assert "is before its begin" in conflicts(made)[0]
    assert choose(arrange(made, ()), FIRST + timedelta(5)) is not None


def test_a_version_that_ends_on_the_day_it_begins_was_never_law() -> None:
    never = version("never", FIRST + timedelta(5), valid_to=FIRST + timedelta(5))
    arranged = arrange(rows(never, version("one", FIRST)), ())
    assert [v.text for v in arranged] == ["one", "never"]
    assert conflicts(rows(never, version("one", FIRST))) == ()
    for day in (None, FIRST, FIRST + timedelta(5), FIRST + timedelta(9)):
        found = choose(arranged, day)
        assert found is not None
        assert found.text == "one"
    assert choose(arrange(rows(never), ()), None) is None


def test_numbers_stand_in_the_order_of_print_and_others_where_they_belong() -> None:
    assert order_numbers({"10", "2", "120-1", "120", "121"}, ()) == ("2", "10", "120", "120-1", "121")
    assert order_numbers({"1", "2", "3", "2a"}, ("1", "2", "3")) == ("1", "2", "2a", "3")
    assert order_numbers({"b", "a", "c"}, ("b", "a")) == ("b", "a", "c")


@given(st.lists(st.text(max_size=6), max_size=12))
def test_no_number_is_lost_in_ordering(numbers: list[str]) -> None:
    assert sorted(order_numbers(numbers, numbers[::2])) == sorted(set(numbers))
