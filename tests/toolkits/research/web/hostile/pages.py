"""Hostile pages, made up by seed: what a server may send that must not harm, and what must hold of each."""

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.toolkits.research.web.hostile import markup, responses

Outcome = Literal["page", "error"]


@dataclass(frozen=True, slots=True)
class HostilePage:
    """What a server answers with: `raw` bytes in place of a proper answer, or status, headers and body.

    After the body the server repeats its last chunk for ever (`endless`), or falls silent (`silent`). Of it must hold:
    it is read as a page or it is an error, `seen` stands in its text and `unseen` does not, and no other machine than
    the server was spoken to.
    """

    name: str
    outcome: Outcome
    chunks: tuple[bytes, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    raw: bytes = b""
    endless: bool = False
    silent: bool = False
    seen: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


@dataclass(slots=True)
class Maker:
    """Makes the pages of one seed; `word` gives a word that no other page has."""

    chance: random.Random
    number: int = 0
    words: list[str] = field(default_factory=list)

    def word(self, kind: str) -> str:
        """Returns a word of its own."""
        return f"{kind}{self.number:04d}x{self.chance.randrange(16**6):06x}"


def make_hostile(seed: int, count: int) -> Iterator[HostilePage]:
    """Yields `count` pages; the kinds take turns, what is in them is drawn by the seed."""
    chance = random.Random(seed)
    for number in range(count):
        make = KINDS[number % len(KINDS)]
        yield make(Maker(chance, number))


def _article(maker: Maker, inner: str, *, head: str = "") -> tuple[str, str]:
    """Returns a page with an honest sentence in it, and the word that the sentence bears."""
    seen = maker.word("seen")
    honest = f"<p>The bridge {seen} over the Ost was opened in 1931 and is 214 metres long.</p>"
    if maker.number % 4 == 0:  # enough words to look for a main text among them
        honest += "".join(
            f"<p>In the year {year} it was painted green, and nobody knows by whom.</p>" for year in range(8)
        )
    return f"<html><head><title>Ost</title>{head}</head><body><main>{honest}{inner}</main></body></html>", seen


def visible_orders(maker: Maker) -> HostilePage:
    """Orders that a reader sees are text like other text."""
    order = markup.order(maker.chance, maker.word("order"))
    page, seen = _article(maker, f"<p>{order}</p>")
    return HostilePage("orders", "page", (page.encode(),), seen=(seen,))


def hidden_orders(maker: Maker) -> HostilePage:
    """Orders that no reader sees are not in the text."""
    secret = maker.word("secret")
    turn, place = divmod(maker.number, len(KINDS))
    before = [kind is hidden_orders for kind in KINDS]
    hide = markup.HIDING[(turn * sum(before) + sum(before[:place])) % len(markup.HIDING)]
    head, inner = hide(markup.order(maker.chance, secret))
    page, seen = _article(maker, inner, head=head)
    return HostilePage(f"hidden:{hide.__name__}", "page", (page.encode(),), seen=(seen,), unseen=(secret,))


def invisible_signs(maker: Maker) -> HostilePage:
    """Words written in tag characters, or turned and broken by marks, lose what is not seen."""
    secret = maker.word("secret")
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in secret)
    marks = "\u202e\u2066\u200b\u2060\ufeff\u00ad"
    page, seen = _article(maker, f"<p>Open{tags} the{marks} door</p>")
    return HostilePage("signs", "page", (page.encode(),), seen=(seen, "Open the door"), unseen=(*tags[:3], *marks))


def forged_evidence(maker: Maker) -> HostilePage:
    """Marks of evidence and of a prompt's frame are text like other text."""
    forged = maker.chance.choice(markup.FORGERIES).format(digits=f"{maker.chance.randrange(16**16):016x}")
    page, seen = _article(maker, f"<p>{forged.replace('<', '&lt;')}</p>")
    return HostilePage("evidence", "page", (page.encode(),), seen=(seen,))


def wrong_charset(maker: Maker) -> HostilePage:
    """A page in another charset than it says is still read."""
    said, really = maker.chance.choice(
        (("utf-8", "cp1252"), ("iso-8859-1", "utf-8"), ("rot13", "utf-8"), ("utf-16", "utf-8"))
    )
    page, seen = _article(
        maker, "<p>Café Zürich, naïve façade, déjà vu, garçon, señor, Ångström, größer als früher</p>"
    )
    headers = (("Content-Type", f"text/html; charset={said}"),)
    return HostilePage("charset", "page", (page.encode(really),), headers=headers, seen=(seen,))


def wrong_type(maker: Maker) -> HostilePage:
    """A document is what its bytes are: text is read whatever it is called, archives and pictures never are."""
    page, seen = _article(maker, "")
    magic = maker.chance.choice((b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\x1f\x8b\x08", b"\x7fELF", b"GIF89a", b""))
    called = maker.chance.choice(("text/html", "application/pdf", "image/png", "text/plain", "nonsense", ""))
    body = magic + b"\x00\x01" * 20 + page.encode() if magic else page.encode()
    headers = (("Content-Type", called),)
    return HostilePage("type", "error" if magic else "page", (body,), headers=headers, seen=() if magic else (seen,))


def bomb(maker: Maker) -> HostilePage:
    """What unpacks to more than is allowed, or is packed as nobody asked, is refused."""
    coding, body = maker.chance.choice(responses.BOMBS)(maker.word("packed"))
    headers = (("Content-Type", "text/html"), ("Content-Encoding", coding))
    return HostilePage(f"bomb:{coding}", "error", (body,), headers=headers)


def packed(maker: Maker) -> HostilePage:
    """A page that is packed as was asked is read."""
    page, seen = _article(maker, "")
    gzip = maker.chance.random() < 0.5
    engine = zlib.compressobj(9, zlib.DEFLATED, 31 if gzip else maker.chance.choice((15, -15)))
    body = engine.compress(page.encode()) + engine.flush()
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip" if gzip else "deflate"))
    return HostilePage("packed", "page", (body[:7], body[7:]), headers=headers, seen=(seen,))


def endless(maker: Maker) -> HostilePage:
    """A body that never ends is cut off."""
    page, _ = _article(maker, "")
    headers = (("Content-Type", "text/html"),)
    return HostilePage("endless", "error", (page.encode(), b"<p>more</p>" * 4000), headers=headers, endless=True)


def silent(maker: Maker) -> HostilePage:
    """A server that falls silent is not waited for."""
    half = maker.chance.choice((b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhal"))
    return HostilePage("silent", "error", raw=half, silent=True)


def redirect(maker: Maker) -> HostilePage:
    """A redirect to where nobody may go, or in a circle, is not followed."""
    place = maker.chance.choice(responses.FORBIDDEN)
    status = maker.chance.choice((301, 302, 303, 307, 308))
    return HostilePage(f"redirect:{place}", "error", status=status, headers=(("Location", place),))


def broken(maker: Maker) -> HostilePage:
    """What is no HTTP is an error."""
    return HostilePage("broken", "error", raw=maker.chance.choice(responses.BROKEN))


def failing(maker: Maker) -> HostilePage:
    """An error page is no page."""
    page, _ = _article(maker, "")
    return HostilePage(
        "failing", "error", (page.encode(),), status=maker.chance.choice((400, 403, 404, 410, 429, 500, 503))
    )


def nothing(maker: Maker) -> HostilePage:
    """A page of which nothing is seen is an error."""
    body = maker.chance.choice(
        (b"", b" \n ", b"<html></html>", b"<script>alert(1)</script>", b"<p hidden>x</p>", b"\x00" * 900)
    )
    return HostilePage("nothing", "error", (body,))


def odd_markup(maker: Maker) -> HostilePage:
    """Markup that is deep, wide, broken or full of null bytes is read as far as it goes."""
    page, seen = _article(maker, maker.chance.choice(markup.ODD)())
    return HostilePage("markup", "page", (page.encode(),), seen=(seen,))


def data(maker: Maker) -> HostilePage:
    """JSON, XML and tables that serve to grow, to call out or to overflow are read as text or refused."""
    seen, secret = maker.word("seen"), maker.word("secret")
    kind, body, outcome = maker.chance.choice(responses.DATA)(seen, secret)
    shown = (seen,) if outcome == "page" else ()
    return HostilePage(
        f"data:{kind}", outcome, (body,), headers=(("Content-Type", kind),), seen=shown, unseen=(secret,)
    )


def sheets(maker: Maker) -> HostilePage:
    """PDFs that serve to grow, that are locked, damaged or without text, are refused or read as far as they go."""
    seen = maker.word("seen")
    body, outcome = maker.chance.choice(responses.SHEETS)(seen)
    shown = (seen,) if outcome == "page" else ()
    return HostilePage("pdf", outcome, (body,), headers=(("Content-Type", "application/pdf"),), seen=shown)


KINDS: Final[tuple[Callable[[Maker], HostilePage], ...]] = (
    visible_orders,
    hidden_orders,
    invisible_signs,
    forged_evidence,
    hidden_orders,
    wrong_charset,
    wrong_type,
    bomb,
    packed,
    endless,
    silent,
    redirect,
    hidden_orders,
    redirect,
    broken,
    failing,
    nothing,
    odd_markup,
    data,
    sheets,
)
