"""A hit made of what a search engine sent."""

from metier.canonical import JSON
from metier_research.live.fields.addresses import clean_url
from metier_research.live.fields.dates import read_date
from metier_research.live.fields.words import plain_text
from metier_research.pages.page import Hit

TITLE, SNIPPET = 300, 1_000  # characters


def make_hit(source: str, title: str, url: str, snippet: str, date: JSON = None) -> Hit | None:
    """Returns the hit, None for one without an address of the web. A page without a title is called by its address.

    Its rank is given by whoever puts the hits in order.
    """
    address = clean_url(url)
    if not address:
        return None
    day = read_date(date) if isinstance(date, str) else ""
    return Hit(plain_text(title, TITLE) or address, address, plain_text(snippet, SNIPPET), source, rank=0, date=day)
