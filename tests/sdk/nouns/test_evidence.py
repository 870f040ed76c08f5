import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.canonical import JSON, canonical_json, digest_of
from metier.errors import InputError
from metier.evidence import Citation, is_intact, record_evidence, resolve_citation, resolve_pointer

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


def every_pointer(value: JSON, prefix: str = "") -> list[tuple[str, JSON]]:
    found = [(prefix, value)]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += every_pointer(inner, f"{prefix}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += every_pointer(inner, f"{prefix}/{index}")
    return found


@given(values)
def test_every_value_is_found_again_by_its_pointer(value: JSON) -> None:
    for pointer, expected in every_pointer(value):
        assert resolve_pointer(value, pointer) == expected


@given(values, st.text())
def test_a_pointer_names_something_or_is_an_input_error(value: JSON, pointer: str) -> None:
    known = dict(every_pointer(value))
    if pointer not in known:
        with pytest.raises(InputError):
            resolve_pointer(value, pointer)


@pytest.mark.parametrize("pointer", ["/-1", "/01x", "/²", "/9", "nothing", "/0/deeper"])
def test_what_is_no_index_is_refused(pointer: str) -> None:
    with pytest.raises(InputError):
        resolve_pointer(["only"], pointer)


@given(st.dictionaries(st.text(), values))
def test_equal_values_have_equal_digests_whatever_the_order_of_their_keys(value: dict[str, JSON]) -> None:
    backwards = dict(reversed(value.items()))
    assert canonical_json(value) == canonical_json(backwards)
    assert digest_of(value) == digest_of(backwards)


@given(st.text(st.characters(categories=["Cs", "Ll", "So"])))
def test_any_text_can_be_written_in_utf_8_and_means_the_same_read_back(text: str) -> None:
    written = canonical_json({"text": text}).encode()
    assert canonical_json(json.loads(written)).encode() == written
    assert digest_of(json.loads(written)) == digest_of({"text": text})


def test_what_is_not_json_has_no_digest() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        digest_of(float("nan"))


@given(st.text(), st.text(), st.text(), values)
def test_the_same_fact_has_the_same_id_in_every_run(source: str, locator: str, text: str, value: JSON) -> None:
    first = record_evidence(source=source, locator=locator, text=text, value=value)
    assert first == record_evidence(source=source, locator=locator, text=text, value=value)
    assert is_intact(first)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "other"},
        {"value": {"dogs": "yes"}},
        {"source": "other"},
        {"locator": "other"},
        {"recorded": "2020-01-01"},
    ],
)
def test_evidence_that_was_changed_is_not_intact(change: dict[str, JSON]) -> None:
    honest = record_evidence(
        source="map", locator="n1", text="A hotel", value={"dogs": "unknown"}, recorded="2025-01-01"
    )
    assert not is_intact(replace(honest, **change))


def test_a_citation_resolves_to_the_value_or_the_quote_it_names() -> None:
    fact = record_evidence(source="map", locator="n1", text="Open on Sundays.", value={"stars": 3})
    known = {fact.id: fact}
    assert resolve_citation(Citation(fact.id, pointer="/stars"), known) == 3
    assert resolve_citation(Citation(fact.id, quote="on Sundays"), known) == "on Sundays"


@pytest.mark.parametrize(
    "citation",
    [
        Citation("ev-unknown"),
        Citation("ev", quote="on Mondays"),
        Citation("ev", quote=""),
        Citation("ev", quote=" "),
        Citation("ev", pointer="/price"),
    ],
)
def test_a_citation_of_what_was_not_read_is_refused(citation: Citation) -> None:
    fact = record_evidence(source="map", locator="n1", text="Open on Sundays.", value={"stars": 3})
    with pytest.raises(InputError):
        resolve_citation(citation, {"ev": fact})
