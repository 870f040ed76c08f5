from collections import Counter

from metier_maps.osm.country import Votes, decide_country


def test_most_addresses_decide() -> None:
    votes = Votes(Counter({"AD": 21, "ES": 2}), {"FR", "ES", "AD"})
    assert decide_country(votes, "Europe/Paris").code == "AD"


def test_without_addresses_the_only_border_decides_and_several_decide_nothing() -> None:
    assert decide_country(Votes(borders={"MC"}), "Europe/Paris").code == "MC"
    assert decide_country(Votes(borders={"MC", "FR"}), "Europe/Monaco") == decide_country(Votes(), "Europe/Monaco")


def test_the_time_zone_is_the_last_to_be_asked_and_the_answer_says_so() -> None:
    country = decide_country(Votes(), "Europe/Berlin")
    assert (country.code, country.how) == ("DE", "the time zone Europe/Berlin")
    assert decide_country(Votes(), "UTC").code == ""


def test_only_codes_are_votes() -> None:
    votes = Votes()
    for value in ("ad", "Andorra", "A1", "", "AD "):
        votes.take({"addr:country": value})
    assert votes.addresses == Counter({"AD": 1})
