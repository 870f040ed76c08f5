import json
from collections.abc import Callable
from datetime import date
from typing import Any

from metier_legal.law.provision import Standing, standing_on

ACTS = (
    ("1970-01-01", "Cr\u00e9\u00e9 par Loi 1803-03-05 promulgu\u00e9e le 15 mars 1803", "A", "Ancien\ntexte."),
    (
        "1970-01-01",
        "Modifi\u00e9 par Loi n\u00b067-3 du 3 janvier 1967 - art. 1 en vigueur le 1er juillet 1967",
        "M",
        "Moyen.",
    ),
    ("2004-06-01", "Modifi\u00e9 par Ordonnance n\u00b02004-164 du 20 f\u00e9vrier 2004", "M", "Un.\n\nDeux\nmots."),
    ("2010-01-01", "Abrog\u00e9 par Loi n\u00b02009-1 du 1er janvier 2009", "D", ""),
)


def rows(*acts: tuple[str, str, str, str]) -> str:
    found = [
        {"article": "1", "path": "Titre pr\u00e9liminaire/Article 1.md", "date": day, "act": act, "change": change,
         "text": f"Article 1\n----\n{text}\n"}
        for day, act, change, text in acts
    ]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in found)


def test_the_versions_of_an_article_follow_each_other(read: Callable[..., Any]) -> None:
    reading = read(rows(*ACTS), "versions.jsonl")
    assert [(one.valid_from, one.valid_to) for one in reading.provisions] == [
        (date(1803, 3, 15), date(1967, 7, 1)),
        (date(1967, 7, 1), date(2004, 6, 1)),
        (date(2004, 6, 1), date(2010, 1, 1)),
    ]
    assert [one.text for one in reading.provisions] == ["Ancien texte.", "Moyen.", "Un.\nDeux mots."]
    last = reading.provisions[-1]
    assert [last.text[unit.start : unit.end] for unit in last.units] == ["Un.", "Deux mots."]
    assert "abrog\u00e9" in last.note
    for day in (date(1804, 1, 1), date(1990, 1, 1), date(2009, 12, 31)):
        standings = [standing_on(one, day) for one in reading.provisions]
        assert standings.count(Standing.IN_FORCE) == 1


def test_a_clamped_date_that_the_act_does_not_tell_is_not_known(read: Callable[..., Any]) -> None:
    reading = read(rows(("1970-01-01", "Modifi\u00e9 par un acte", "A", "Texte."), ACTS[2]), "versions.jsonl")
    assert (reading.provisions[0].valid_from, reading.provisions[0].valid_to) == (None, date(2004, 6, 1))


def test_an_act_after_1970_does_not_date_a_clamped_version(read: Callable[..., Any]) -> None:
    late = ("1970-01-01", "Modifi\u00e9 par LOI n\u00b02011-525 du 17 mai 2011", "A", "Texte.")
    assert read(rows(late), "versions.jsonl").provisions[0].valid_from is None
