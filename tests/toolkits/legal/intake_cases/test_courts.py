import pytest

from metier_legal.law.courts import level_of_court


@pytest.mark.parametrize(
    ("jurisdiction", "name", "level"),
    [
        ("us", "Supreme Court of the United States", 3),
        ("us", "scotus", 3),
        ("us", "United States Court of Appeals for the Ninth Circuit", 2),
        ("us", "ca9", 2),
        ("us", "cadc", 2),
        ("us", "United States District Court for the Northern District of California", 1),
        ("us", "New York Court of Appeals", 3),
        ("us", "New York Supreme Court", 1),
        ("us", "New York Supreme Court, Appellate Division", 2),
        ("us", "Illinois Supreme Court", 3),
        ("us", "Illinois Appellate Court", 2),
        ("us", "Superior Court of the District of Columbia", 1),
        ("cn", "最高人民法院", 3),
        ("cn", "上海市高级人民法院", 2),
        ("cn", "上海市第一中级人民法院", 2),
        ("cn", "北京市朝阳区人民法院", 1),
        ("cn", "北京互联网法院", 1),
        ("de", "BGH", 3),
        ("de", "Bundesverfassungsgericht", 3),
        ("de", "OLG Hamm", 2),
        ("de", "LG Köln", 1),
        ("de", "Amtsgericht Mitte", 1),
        ("uk", "UKSC", 3),
        ("uk", "EWCA Civ", 2),
        ("uk", "EWHC (Ch)", 1),
        ("eu", "Court of Justice", 3),
        ("us", "", 0),
        ("us", "The Olive Garden", 0),
        ("xx", "Regional Court of Dornava", 0),
    ],
)
def test_a_name_tells_the_level_of_a_court_or_nothing(jurisdiction, name, level) -> None:
    assert level_of_court(jurisdiction, name) == level
