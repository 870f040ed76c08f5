"""A certificate is judged again to the same verdict from its own content, and whatever was changed in it is found."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from metier.canonical import canonical_json, digest_of
from metier.check import CITED
from metier.errors import InputError
from metier.toolkit import Delivery
from metier.verdict import verdict_of
from metier_legal.attacks import Sample, Stock, make_attacks, make_honest
from metier_legal.certificate import Verification, make_certificate, verify_certificate
from metier_legal.checks import CHECKS
from metier_legal.commands.certificates import app


def delivery_of(sample: Sample) -> Delivery:
    found = (f for check in (*CHECKS, CITED) for f in check(sample.task, sample.memo, sample.evidence).findings)
    return Delivery(sample.task, sample.memo, verdict_of(found), sample.evidence)


@pytest.fixture
def certificate(small: Stock) -> bytes:
    return make_certificate(delivery_of(next(make_honest(small, seed=5))))


@pytest.fixture(params=["small", "small_chinese"])
def stock(request: pytest.FixtureRequest) -> Stock:
    found: Stock = request.getfixturevalue(request.param)
    return found


def test_a_certificate_is_verified_from_its_own_content(stock: Stock) -> None:
    for sample in islice(make_honest(stock, seed=3), 20):
        delivery = delivery_of(sample)
        found = verify_certificate(make_certificate(delivery))
        assert (found.holds, found.problems, found.violated) == (True, (), ())
        assert len(found.rows) == sum(len(one.authorities) for _, one in sample.memo.statements())
        assert "fictional" in found.notice
        assert make_certificate(delivery) == make_certificate(delivery)


def test_a_wrong_memo_has_a_certificate_that_says_so(stock: Stock) -> None:
    for kind in ("misquote by one word", "repealed text", "overruled case"):
        for sample in islice(make_attacks(stock, kind, seed=3), 5):
            found = verify_certificate(make_certificate(delivery_of(sample)))
            assert found.problems == ()
            assert found.violated
            assert not found.holds


def test_it_says_where_each_quote_stands(certificate: bytes) -> None:
    told = json.loads(certificate)
    texts = {item["id"]: item["text"] for item in told["evidence"]}
    for authority in told["authorities"]:
        words = [texts[authority["evidence"]][start:end] for start, end in authority["spans"]]
        assert "".join(words).strip(".") == authority["quote"].strip(".")


def change(certificate: bytes, edit: Callable[[dict[str, Any]], object], *, forged: bool) -> Verification:
    """Returns what is found of the certificate after an edit; a forger also writes the digest anew."""
    told = json.loads(certificate)
    edit(told)
    if forged:
        told["digest"] = digest_of({key: value for key, value in told.items() if key != "digest"})
    return verify_certificate((canonical_json(told) + "\n").encode())


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "quote": lambda c: c["memo"]["rules"][0]["authorities"][0].update(
        quote="The tenant owes nothing at all to anyone."
    ),
    "statement": lambda c: c["memo"]["rules"][0].update(text="The tenant may leave."),
    "evidence": lambda c: c["evidence"][0].update(text=c["evidence"][0]["text"] + " "),
    "record": lambda c: c["evidence"][0]["value"].update(display="Another Act"),
    "evidence left out": lambda c: c["evidence"].clear(),
    "offset": lambda c: c["authorities"][0]["spans"][0].__setitem__(0, 1),
    "digest of the part": lambda c: c["authorities"][0].update(sha256="0" * 64),
    "check result": lambda c: c["authorities"][0]["checks"].update(quote="violated"),
    "verdict": lambda c: c["findings"][0].update(outcome="violated"),
    "a finding left out": lambda c: c["findings"].pop(),
    "day": lambda c: c.update(as_of="2001-01-01"),
    "snapshot": lambda c: c.update(snapshots=["another"]),
    "task": lambda c: c["task"].update(text="Another question?"),
    "notice": lambda c: c.update(notice="All is well."),
    "more": lambda c: c.update(extra=1),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("forged", [False, True])
def test_what_was_changed_is_found(certificate: bytes, name: str, forged: bool) -> None:
    assert not change(certificate, EDITS[name], forged=forged).holds


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_changed_byte_goes_unseen(data: st.DataObject, small: Stock) -> None:
    whole = make_certificate(delivery_of(next(make_honest(small, seed=5))))
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    with suppress(InputError):
        assert not verify_certificate(whole[:at] + bytes((other,)) + whole[at + 1 :]).holds


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"format": "metier-legal-certificate/1"}']
)
def test_what_is_no_certificate_is_told_in_one_line(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        verify_certificate(data)
    assert "\n" not in str(caught.value)


class FewTexts:
    """A corpus that has some provisions, by id and number, and no cases."""

    def __init__(self, texts: dict[tuple[str, str], tuple[Any, ...]]) -> None:
        self.texts = texts

    def versions(self, work_id: str, number: str) -> tuple[Any, ...]:
        return self.texts.get((work_id, number), ())

    def case(self, case_id: str) -> None:
        return None


def test_beside_a_corpus_it_says_whether_the_corpus_has_the_text(small: Stock) -> None:
    sample = next(make_honest(small, seed=5))
    data = make_certificate(delivery_of(sample))
    whole = {(law.work.id, law.versions[0].number): law.versions for law in small.laws}
    law_row, case_row = verify_certificate(data, FewTexts(whole)).rows  # type: ignore[arg-type]
    assert (law_row.corpus, case_row.corpus) == ("same", "absent")
    other = {key: tuple(v.model_copy(update={"text": "Other."}) for v in versions) for key, versions in whole.items()}
    found = verify_certificate(data, FewTexts(other))  # type: ignore[arg-type]
    assert found.rows[0].corpus == "changed"
    assert not found.holds


def test_only_a_memo_has_a_certificate(small: Stock) -> None:
    delivery = delivery_of(next(make_honest(small, seed=5)))
    with pytest.raises(InputError):
        make_certificate(replace(delivery, answer=None))  # type: ignore[arg-type]


def test_the_command_exits_by_what_it_finds(certificate: bytes, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_bytes(certificate)
    good = CliRunner().invoke(app, [str(tmp_path)])
    assert good.exit_code == 0
    assert "Everything holds." in good.output
    told = json.loads(CliRunner().invoke(app, [str(file), "--json"]).output)
    assert told["holds"] is True
    file.write_bytes(certificate.replace(b"2024-11-01", b"2024-11-02"))
    bad = CliRunner().invoke(app, [str(file)])
    assert bad.exit_code == 1
    assert "Something is wrong." in bad.output
    file.write_bytes(b"{}")
    assert isinstance(CliRunner().invoke(app, [str(file)]).exception, InputError)


def test_the_day_is_the_memos(certificate: bytes) -> None:
    assert date.fromisoformat(json.loads(certificate)["as_of"]) == date(2024, 11, 1)
