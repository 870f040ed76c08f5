"""What every engine must do, as plain functions: a third party's test calls each with what makes an empty backend.

    @pytest.mark.parametrize("case", CONTRACT, ids=lambda case: case.__name__)
    def test_contract(case, tmp_path):
        case(lambda: MyBackend(tmp_path))

Each raises AssertionError where the backend breaks the contract. A backend may be made twice over the same place: then
it must still have what was indexed.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

from metier_legal.search.backend import Entry, Filters, SearchBackend

MakeBackend: TypeAlias = Callable[[], SearchBackend]
_ANY: Final = Filters()


def make_entry(entry_id: str, text: str, **facts: object) -> Entry:
    """Returns an entry in English that is a group of its own, but for the `facts`."""
    usual: dict[str, object] = {
        "id": entry_id,
        "group": entry_id,
        "kind": "provision",
        "jurisdiction": "xx",
        "language": "en",
        "title": "",
        "text": text,
        "source": "one",
    }
    return Entry(**{**usual, **facts})  # type: ignore[arg-type]


def ids(backend: SearchBackend, query: str, filters: Filters = _ANY, limit: int = 50) -> list[str]:
    """Returns the ids of the hits."""
    return [hit.id for hit in backend.search(query, filters=filters, limit=limit).hits]


def finds_what_was_indexed(make: MakeBackend) -> None:
    """Entries are found by words of their title and their text, and nothing else is found."""
    backend = make()
    heat, rent = make_entry("a", "The landlord must heat the dwelling."), make_entry("b", "Rent is due monthly.")
    _expect(backend.index([heat, rent]), 2)
    found = backend.search("heating of a dwelling", filters=_ANY, limit=10)
    _expect(found.state, "GROUNDED")
    _expect([(hit.id, hit.group) for hit in found.hits], [("a", "a")])
    backend.index([make_entry("c", "Text.", title="Carriage of goods by sea")])
    _expect(ids(backend, "carriage by sea"), ["c"])


def says_that_nothing_matches(make: MakeBackend) -> None:
    """An empty index and a query without a match come to NO_MATCH, with a reason and without hits."""
    backend = make()
    for query in ("heating", "", "   ", "the of and"):
        found = backend.search(query, filters=_ANY, limit=10)
        _expect((found.state, found.hits, bool(found.reason)), ("NO_MATCH", (), True))
    backend.index([make_entry("a", "Rent is due monthly.")])
    _expect(backend.search("carburettor", filters=_ANY, limit=10).state, "NO_MATCH")


def ranks_the_fuller_match_first(make: MakeBackend) -> None:
    """Scores fall, and an entry with more of the query's rarer words comes first."""
    backend = make()
    backend.index(
        [make_entry(f"x{number}", "A tenant may give notice.") for number in range(8)]
        + [make_entry("best", "A tenant may give notice when the boiler fails.")]
    )
    hits = backend.search("tenant notice boiler", filters=_ANY, limit=9).hits
    _expect(hits[0].id, "best")
    scores = [hit.score for hit in hits]
    _expect(scores, sorted(scores, reverse=True))


def gives_one_hit_per_group(make: MakeBackend) -> None:
    """Of a group only the best entry is a hit, and `limit` counts groups."""
    backend = make()
    many = [make_entry(f"case#¶{number}", "fraud fraud misrepresentation", group="case") for number in range(60)]
    backend.index([*many, make_entry("case#¶best", "fraud", group="case"), make_entry("other", "fraud and more words")])
    hits = backend.search("fraud", filters=_ANY, limit=2).hits
    _expect(sorted(hit.group for hit in hits), ["case", "other"])
    _expect(len(backend.search("fraud", filters=_ANY, limit=1).hits), 1)
    backend.index([make_entry(f"both-{name}", "GDPR", group="both", language=name) for name in ("en", "zh")])
    _expect(len(ids(backend, "GDPR")), 1)


def replaces_by_id(make: MakeBackend) -> None:
    """An entry of a known id takes the place of the old one, within one call and across calls and languages."""
    backend = make()
    backend.index([make_entry("a", "old words"), make_entry("a", "fresh words")])
    _expect((ids(backend, "old"), ids(backend, "fresh")), ([], ["a"]))
    backend.index([make_entry("a", "房屋租赁合同", language="zh")])
    _expect((ids(backend, "fresh"), ids(backend, "租赁合同")), ([], ["a"]))


def deletes_by_source(make: MakeBackend) -> None:
    """Deleting sources removes their entries, counts them and leaves the others; what is not there is no error."""
    backend = make()
    backend.index([make_entry(name, "rent", source=source) for name, source in (("a", "1"), ("b", "1"), ("c", "2"))])
    _expect(backend.delete(["1", "unknown", "1"]), 2)
    _expect(ids(backend, "rent"), ["c"])
    _expect((backend.delete(["1"]), backend.delete([])), (0, 0))


def keeps_what_it_has(make: MakeBackend) -> None:
    """A backend made again over the same place has the same entries, questions included."""
    make().index([make_entry("a", "rent", questions=("Who pays for the chimney sweep?",))])
    again = make()
    _expect((ids(again, "rent"), ids(again, "chimney sweep")), (["a"], ["a"]))


def holds_every_filter(make: MakeBackend) -> None:
    """Each filter keeps what satisfies it and nothing else."""
    backend = make()
    day = date(2020, 5, 1)
    plain = make_entry("plain", "rent")
    changed: dict[str, tuple[dict[str, object], Filters]] = {
        "kind": ({"kind": "case"}, Filters(kind="case")),
        "jurisdiction": ({"jurisdiction": "yy"}, Filters(jurisdiction="yy")),
        "language": ({"language": "it"}, Filters(language="it")),
        "court": ({"court": "High Court"}, Filters(court="High Court")),
        "level": ({"level": 3}, Filters(level=3)),
        "decided": ({"decided": day}, Filters(decided_from=day, decided_to=day)),
        "status": ({"status": "repealed"}, Filters(status="repealed")),
        "cites": ({"cited": ("x#1", "x#2")}, Filters(cites="x#2")),
        "work": ({"work": "w"}, Filters(work="w")),
        "group": ({"group": "g"}, Filters(group="g")),
    }
    backend.index([plain, *(make_entry(name, "rent", **facts) for name, (facts, _) in changed.items())])
    for name, (_, filters) in changed.items():
        _expect(ids(backend, "rent", filters), [name])
    _expect(ids(backend, "rent", Filters(level=3, jurisdiction="yy")), [])


def reads_the_law_of_a_day(make: MakeBackend) -> None:
    """`on` keeps versions whose half-open interval holds the day; an unknown begin or no end excludes nothing."""
    backend = make()
    first, last = date(2010, 1, 1), date(2020, 1, 1)
    intervals = {"both": (first, last), "open": (first, None), "until": (None, last), "unknown": (None, None)}
    backend.index([make_entry(name, "rent", begin=begin, end=end) for name, (begin, end) in intervals.items()])
    expected = {
        date(2009, 12, 31): ["unknown", "until"],
        first: ["both", "open", "unknown", "until"],
        date(2019, 12, 31): ["both", "open", "unknown", "until"],
        last: ["open", "unknown"],
    }
    for day, names in expected.items():
        _expect(sorted(ids(backend, "rent", Filters(on=day))), names)


def learns_from_past_questions(make: MakeBackend) -> None:
    """An entry is found by a question that it answered, within the filters, and is forgotten with the question."""
    backend = make()
    taught = make_entry("a", "Duties of the lessor.", work="act", questions=("Must my boiler be repaired?",))
    backend.index([taught, make_entry("b", "Boilers of ships.", work="sea"), make_entry("c", "Repair.", work="act")])
    _expect(ids(backend, "boiler repaired")[0], "a")
    _expect(ids(backend, "boiler repaired", Filters(work="sea")), ["b"])
    backend.index([replace(taught, questions=())])
    _expect("a" in ids(backend, "boiler repaired"), False)


def reads_each_language(make: MakeBackend) -> None:
    """English and German are found in other forms of their words; Chinese by one character or more."""
    backend = make()
    backend.index(
        [
            make_entry("en", "Obligations of tenants"),
            make_entry("de", "Der Mieter hat die Kündigungen schriftlich zu erklären.", language="de"),
            make_entry("zh", "承租人应当按照约定的期限支付租金。", language="zh"),
            make_entry("odd", "Ægirsdóttir", language=""),
        ]
    )
    for query, name in (
        ("tenant's obligation", "en"),
        ("Kündigung", "de"),
        ("支付租金", "zh"),
        ("租金", "zh"),
        ("租", "zh"),
    ):
        _expect(ids(backend, query), [name])
    _expect(ids(backend, "ægirsdóttir"), ["odd"])


def explains_a_hit(make: MakeBackend) -> None:
    """The parts of an explanation add up to the hit's score; what is not found is not explained."""
    backend = make()
    backend.index(
        [
            make_entry("a", "Rent is due on the first day.", work="act", questions=("When is rent due?",)),
            make_entry("b", "Rent may be reduced.", work="act"),
            make_entry("c", "Fishing licences."),
        ]
    )
    for hit in backend.search("when is rent due", filters=_ANY, limit=5).hits:
        told = backend.explain("when is rent due", hit.id, filters=_ANY)
        _expect(told is not None and abs(told.score - hit.score) < 1e-3, True)
        _expect(told is not None and abs(sum(part for *_, part in told.parts) - hit.score) < 1e-3, True)
    words = backend.explain("rent", "b", filters=_ANY)
    _expect(words is not None and ("rent", "words") in {part[:2] for part in words.parts}, True)
    for query, name, filters in (("rent", "c", _ANY), ("rent", "none", _ANY), ("rent", "b", Filters(work="sea"))):
        _expect(backend.explain(query, name, filters=filters), None)


def survives_hostile_input(make: MakeBackend) -> None:
    """No text and no query raises: syntax, control characters, half surrogates, and a hundred thousand characters."""
    backend = make()
    hostile = [
        'words:"x" AND (OR) NOT* ^2 ~ [a TO b] {!}',
        "'; drop table entries; --",
        "\x00\x01\ud800 \udfff \u202e",
        "租" * 100_000,
        "word " * 20_000,
        " ".join(f"w{number}" for number in range(20_000)),
        "x" * 100_000,
        "\\" * 1_000 + '"' * 1_001,
    ]
    backend.index([make_entry(f"{number}\ud800", text, title=text[:50]) for number, text in enumerate(hostile)])
    backend.index([make_entry("a", "rent")])
    for query in hostile:
        found = backend.search(query, filters=Filters(jurisdiction="xx", court=""), limit=5)
        _expect(found.state in ("GROUNDED", "NO_MATCH"), True)
        backend.search(query, filters=Filters(work=query, cites=query, group=query, court=query), limit=5)
        backend.explain(query[:200], query, filters=_ANY)
    _expect(ids(backend, "rent"), ["a"])
    _expect(backend.search("rent", filters=_ANY, limit=0).hits, ())


def undoes_a_broken_import(make: MakeBackend) -> None:
    """When the entries break off with an error, nothing of them stays, and what was there is still there."""
    backend = make()
    backend.index([make_entry("a", "rent")])

    def broken() -> Iterator[Entry]:
        yield make_entry("a", "lease")
        yield make_entry("b", "rent")
        raise KeyError("broken off")

    try:
        backend.index(broken())
    except KeyError:
        pass
    else:
        raise AssertionError("the error of the entries was hidden")
    backend.index([make_entry("c", "heat")])
    _expect((ids(backend, "rent"), ids(backend, "lease"), ids(backend, "heat")), (["a"], [], ["c"]))


CONTRACT: Final[tuple[Callable[[MakeBackend], None], ...]] = (
    finds_what_was_indexed,
    says_that_nothing_matches,
    ranks_the_fuller_match_first,
    gives_one_hit_per_group,
    replaces_by_id,
    deletes_by_source,
    keeps_what_it_has,
    holds_every_filter,
    reads_the_law_of_a_day,
    learns_from_past_questions,
    reads_each_language,
    explains_a_hit,
    survives_hostile_input,
    undoes_a_broken_import,
)


def _expect(found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")
