"""Twelve layouts of pages, made up: what is the page itself is marked `body-N`, what is around it `around-N`."""

from collections.abc import Iterator
from itertools import count
from typing import Final

SENTENCE: Final = (
    "The {mark} bridge over the Ost was opened in 1931 and carries both the road and the railway to the coast."
)


class _Marks:
    def __init__(self) -> None:
        self.body: list[str] = []
        self.around: list[str] = []
        self._numbers = count(1)

    def main(self, sentence: str = SENTENCE) -> str:
        """Returns words of the page itself."""
        self.body.append(f"body-{next(self._numbers)}")
        return sentence.format(mark=self.body[-1])

    def side(self, words: str = "Read also: {mark}") -> str:
        """Returns words around it."""
        self.around.append(f"around-{next(self._numbers)}")
        return words.format(mark=self.around[-1])


def make_layouts() -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yields name, HTML, what must be read and what need not be."""
    for make in (news, encyclopedia, manual, forum, product, figures, blog, bare, old, questions, short, sheet):
        marks = _Marks()
        body = make(marks)
        page = f"<!doctype html><html lang=en><head><title>{make.__name__}</title></head><body>{body}</body></html>"
        yield make.__name__, page, marks.body, marks.around


def menu(m: _Marks, tag: str = "nav") -> str:
    items = "".join(
        f"<li><a href='/{word}'>{m.side('{mark} ' + word)}</a></li>" for word in ("Home", "News", "Sport", "Login")
    )
    return f"<{tag} class='menu'><ul>{items}</ul></{tag}>"


def foot(m: _Marks, words: str = "Imprint {mark}") -> str:
    return f"<footer><p>{m.side(words)}</p></footer>"


def paragraphs(m: _Marks, number: int) -> str:
    return "".join(f"<p>{m.main()}</p>" for _ in range(number))


def table(m: _Marks, rows: int = 4) -> str:
    head = f"<tr><th>Year</th><th>{m.main('{mark}')}</th></tr>"
    lines = "".join(f"<tr><td>{1990 + at}</td><td>{m.main('{mark}')}</td></tr>" for at in range(rows))
    return f"<table>{head}{lines}</table>"


def news(m: _Marks) -> str:
    return (
        f"<header>{menu(m)}</header><main><article><h1>{m.main('Bridge {mark} reopens')}</h1>{paragraphs(m, 5)}"
        f"<figure><img src=a.png><figcaption>{m.main('The bridge in May, {mark}.')}</figcaption></figure></article>"
        f"<aside><h3>{m.side('Most read {mark}')}</h3><ul><li><a href=/1>{m.side()}</a></li></ul></aside></main>"
        f"<footer><p>{m.side('Imprint {mark}')}</p></footer>"
    )


def encyclopedia(m: _Marks) -> str:
    return (
        f"<div id=sidebar>{menu(m, 'div')}</div><div id=content><h1>{m.main('Ost {mark}')}</h1>"
        f"<table class=infobox><tr><th>Length</th><td>{m.main('120 km {mark}')}</td></tr>"
        f"<tr><th>Source</th><td>{m.main('Lake {mark}')}</td></tr></table>{paragraphs(m, 3)}"
        f"<h2>{m.main('Floods {mark}')}</h2>{paragraphs(m, 2)}{table(m)}<ul><li>{m.main()}</li><li>{m.main()}</li></ul>"
        f"</div><div id=footer>{m.side('Licence {mark}')}</div>"
    )


def manual(m: _Marks) -> str:
    return (
        f"{menu(m)}<div class=document><section><h1>{m.main('Opening {mark}')}</h1>{paragraphs(m, 2)}"
        f"<pre>{m.main('open --{mark}')}\nclose</pre><dl><dt>{m.main('--{mark}')}</dt><dd>{m.main()}</dd></dl>"
        f"<h2>{m.main('Errors {mark}')}</h2>{paragraphs(m, 2)}</section></div>{foot(m)}"
    )


def forum(m: _Marks) -> str:
    posts = "".join(
        f"<div class=post><span class=author>ann</span><div class=text><p>{m.main()}</p></div></div>" for _ in range(6)
    )
    return f"{menu(m)}<div class=thread><h1>{m.main('Which bridge {mark}?')}</h1>{posts}</div>{foot(m)}"


def product(m: _Marks) -> str:
    return (
        f"<header>{menu(m)}</header><div class=product><h1>{m.main('Pump {mark}')}</h1><p>{m.main()}</p>{table(m, 6)}"
        f"<p>{m.main()}</p></div><div class=related><a href=/2>{m.side('Also {mark}')}</a></div>{foot(m)}"
    )


def figures(m: _Marks) -> str:
    return f"{menu(m)}<main><h1>{m.main('Flow by year {mark}')}</h1><p>{m.main()}</p>{table(m, 20)}</main>{foot(m)}"


def blog(m: _Marks) -> str:
    return (
        f"{menu(m, 'div')}<div class=post-content><h2>{m.main('A walk {mark}')}</h2>{paragraphs(m, 4)}"
        f"<blockquote><p>{m.main()}</p></blockquote>{paragraphs(m, 2)}</div>"
        f"<div class=sidebar><h4>{m.side('Archive {mark}')}</h4><a href=/3>{m.side()}</a></div>"
        f"<div class=footer>{m.side()}</div>"
    )


def bare(m: _Marks) -> str:
    return (
        "".join(f"<div><div>{m.main()}</div></div>" for _ in range(8))
        + f"<div class=footer>{m.side('(c) {mark}')}</div>"
    )


def old(m: _Marks) -> str:
    return (
        f"<table width=100%><tr><td width=150>{menu(m, 'div')}</td><td><font size=5>{m.main('Ost {mark}')}</font><br>"
        f"{m.main()}<br><br>{m.main()}<p>{m.main()}<p>{m.main()}</td></tr></table>"
        f"<hr><small>{m.side('Webmaster {mark}')}</small>"
    )


def questions(m: _Marks) -> str:
    entries = "".join(
        f"<details><summary>{m.main('Why {mark}?')}</summary><p>{m.main()}</p></details>" for _ in range(5)
    )
    return f"{menu(m)}<main><h1>{m.main('Questions {mark}')}</h1>{entries}</main>{foot(m)}"


def short(m: _Marks) -> str:
    return (
        f"{menu(m)}<main><h1>{m.main('Notice {mark}')}</h1><p>{m.main('Closed on {mark} Monday.')}</p></main>{foot(m)}"
    )


def sheet(m: _Marks) -> str:
    items = "".join(f"<li><b>{m.main('{mark}')}</b>: 12 m</li>" for _ in range(12))
    return f"{menu(m)}<div class=content><h1>{m.main('Heights {mark}')}</h1><ol>{items}</ol></div>{foot(m)}"
