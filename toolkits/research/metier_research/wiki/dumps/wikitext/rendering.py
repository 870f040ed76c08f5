"""A page of wikitext as text, with its links."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import mwparserfromhell
from mwparserfromhell.nodes import ExternalLink, Heading, HTMLEntity, Node, Tag, Template, Text, Wikilink
from mwparserfromhell.wikicode import Wikicode

from metier_research.pages.page import Link
from metier_research.reading.cleaning import one_line, tidy
from metier_research.reading.tables import markdown_rows
from metier_research.wiki.dumps.wikitext.balancing import balance
from metier_research.wiki.dumps.wikitext.site import CATEGORY, FILE, Site
from metier_research.wiki.dumps.wikitext.tables import table_rows
from metier_research.wiki.dumps.wikitext.templates import DISAMBIGUATION, OUTDATED, is_box, name_of, words_of

_DEEPEST: Final = 40
_DROPPED: Final = frozenset(("gallery", "graph", "imagemap", "mapframe", "maplink", "score", "timeline")) | frozenset(
    ("includeonly", "indicator", "ref", "references", "script", "section", "style", "templatestyles")
)
_BREAKS: Final = {"br": "\n", "hr": "\n\n", "dt": "\n", "dd": "\n", "li": "\n- "}
_APART: Final = frozenset(("blockquote", "center", "div", "h1", "h2", "h3", "p", "poem", "pre"))
_POINTERS: Final = {
    "main": "Main article: ",
    "main article": "Main article: ",
    "see also": "See also: ",
    "further": "Further information: ",
    "details": "Further information: ",
}
_UNSAID: Final = re.compile(
    r"image|photo|picture|caption|map|logo|flag|seal|signature|width|size|alt$|coord|pushpin|url"
)
_SWITCH: Final = re.compile("__[A-Z]+__")
_VARIANT: Final = re.compile(r"-\{(?:[^{}|]{0,20}\|)?(?:[a-z-]+:)?([^{};]*)(?:;[^{}]*)?\}-")
_LIST: Final = re.compile(r"\s*\n(?:- *)+(?=\S)")
_NO_ITEM: Final = re.compile(r"\n- *(?=\n|$)")
_BEFORE_LIST: Final = re.compile(r"(?m)^((?!- ).*\S)\n(?=- )")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a reader sees of a page. `outdated` is the mark that says that it is no longer true."""

    text: str
    links: tuple[Link, ...] = ()
    outdated: str = ""


def render(wikitext: str, site: Site) -> Rendered:
    """Returns the text of a page: paragraphs, lists, tables and boxes of facts as rows, and its links in their order.

    References, pictures and templates of unknown words are left out; categories are its last line.
    """
    if not wikitext.strip():
        return Rendered("")
    renderer = _Renderer(site)
    body = renderer.render(mwparserfromhell.parse(balance(wikitext)))
    body = _VARIANT.sub(r"\1", _SWITCH.sub("", body))
    parts = [_without_empty_sections(tidy(_lists(body)))]
    if renderer.disambiguation:
        parts.append("This is a disambiguation page: it lists pages of similar names.")
    if renderer.categories:
        parts.append(f"Categories: {', '.join(dict.fromkeys(renderer.categories))}")
    # without its own words a page is none, whatever its categories are
    text = tidy("\n\n".join(part for part in parts if part)) if parts[0] else ""
    return Rendered(text, tuple(renderer.links), renderer.outdated)


class _Renderer:
    def __init__(self, site: Site) -> None:
        self.links: list[Link] = []
        self.categories: list[str] = []
        self.outdated = ""
        self.disambiguation = False
        self._site = site
        self._depth = 0
        self._by_kind: dict[type[Node], Callable[[Any], str]] = {
            Text: lambda node: str(node.value),
            Wikilink: self._render_link,
            Template: self._render_template,
            Tag: self._render_tag,
            ExternalLink: self._render_address,
            Heading: self._render_heading,
            HTMLEntity: _character,
        }

    def render(self, code: Wikicode | None) -> str:
        """Returns the text of a stretch; of what is nested deeper than anybody writes, none."""
        if code is None or self._depth >= _DEEPEST:
            return ""
        self._depth += 1
        text = "".join(map(self._render_node, code.nodes))
        self._depth -= 1
        return text

    def _render_node(self, node: Node) -> str:
        render = self._by_kind.get(type(node))
        return render(node) if render is not None else ""

    def _render_heading(self, heading: Heading) -> str:
        title = one_line(self.render(heading.title))
        return f"\n\n{'#' * min(int(heading.level), 6)} {title}\n\n" if title else ""

    def _render_link(self, link: Wikilink) -> str:
        target = str(link.title).strip()
        namespace = 0 if target.startswith(":") else self._site.namespace(target)
        if namespace == CATEGORY:
            self.categories.append(one_line(target.partition(":")[2]))
        if namespace in (CATEGORY, FILE) or (namespace and link.text is None):
            return ""
        target = target.removeprefix(":")
        words = self.render(link.text) if link.text is not None else target
        title = self._site.title(target)
        if title and not self._site.namespace(target):
            self.links.append(Link(one_line(words) or title, self._site.url(target)))
        return words

    def _render_address(self, link: ExternalLink) -> str:
        url = str(link.url).strip()
        words = one_line(self.render(link.title)) if link.title is not None else "" if link.brackets else url
        if words and url.startswith(("http://", "https://")):
            self.links.append(Link(words, url))
        return words

    def _render_tag(self, tag: Tag) -> str:
        kind = str(tag.tag).strip().casefold()
        if kind in _BREAKS:
            return _BREAKS[kind] + (self.render(tag.contents) if tag.wiki_markup is None else "")
        if kind in _DROPPED or _is_hidden(tag):
            return ""
        if kind == "table":
            return f"\n\n{table_rows(tag, self._render_cell)}\n\n"
        text = self.render(tag.contents)
        return f"\n\n{text}\n\n" if kind in _APART else text

    def _render_cell(self, code: Wikicode) -> str:
        return one_line(self.render(code).replace("\n- ", ", ").replace("\n", " ")).removeprefix(", ")

    def _render_template(self, template: Template) -> str:
        name = name_of(str(template.name))
        if name in DISAMBIGUATION:
            self.disambiguation = True
        if name in OUTDATED and self._depth == 1:
            date = _Arguments(template, self).named("date")
            self.outdated = self.outdated or f"marked as “{name}”{f' since {date}' if date else ''}"
        if is_box(name):
            return self._render_box(name, template)
        if name in _POINTERS:
            return self._render_pointer(_POINTERS[name], template)
        return words_of(name, _Arguments(template, self))

    def _render_box(self, name: str, template: Template) -> str:
        rows = [[name[:1].upper() + name[1:], ""]]
        for parameter in template.params:
            label = one_line(str(parameter.name).replace("_", " "))
            if not parameter.showkey or _UNSAID.search(label.casefold()):
                continue
            if value := self._render_cell(parameter.value):
                rows.append([label, value])
        return f"\n\n{markdown_rows(rows)}\n\n" if len(rows) > 1 else ""

    def _render_pointer(self, begin: str, template: Template) -> str:
        titles = [one_line(text) for text in _Arguments(template, self).listed() if text.strip()]
        self.links += [
            Link(self._site.title(title), self._site.url(title)) for title in titles if self._site.title(title)
        ]
        return f"\n\n{begin}{', '.join(map(self._site.title, titles))}\n\n" if titles else ""


class _Arguments:
    """The arguments of a template, each rendered when it is asked for, so that links of the others are not taken."""

    def __init__(self, template: Template, renderer: _Renderer) -> None:
        self._template = template
        self._renderer = renderer

    def listed(self) -> Sequence[str]:
        return [self._renderer.render(parameter.value) for parameter in self._template.params if not parameter.showkey]

    def named(self, name: str) -> str:
        found = (p for p in self._template.params if p.showkey and str(p.name).strip() == name)
        return next((one_line(self._renderer.render(parameter.value)) for parameter in found), "")


def _is_hidden(tag: Tag) -> bool:
    style = str(tag.get("style").value) if tag.has("style") else ""
    return bool(re.search(r"display\s*:\s*none", style, re.IGNORECASE))


def _character(entity: HTMLEntity) -> str:
    try:
        return str(entity.normalize())
    except (ValueError, OverflowError):
        return ""


def _lists(text: str) -> str:
    """Returns the text with each item of a list on a line of its own, nested ones as well, and no empty ones."""
    return _BEFORE_LIST.sub(r"\1\n\n", _LIST.sub("\n- ", _NO_ITEM.sub("\n", text)))


def _without_empty_sections(text: str) -> str:
    """Returns the text without headings that nothing stands under."""
    kept: list[str] = []
    level_below = 0
    for paragraph in reversed(text.split("\n\n")):
        marks = len(paragraph) - len(paragraph.lstrip("#"))
        is_heading = bool(marks) and paragraph[marks : marks + 1] == " " and "\n" not in paragraph
        if not is_heading:
            kept.append(paragraph)
            level_below = 7
        elif marks < level_below:
            kept.append(paragraph)
            level_below = marks
    return "\n\n".join(reversed(kept))
