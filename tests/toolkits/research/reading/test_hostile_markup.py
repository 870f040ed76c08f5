"""Pages that are made to cost time: they are read like any other, and say what they show."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from metier_research.pages.page import Page
from metier_research.reading.document import read_document
from metier_research.reading.markup.matching import find_selected
from metier_research.reading.markup.tree import DEEPEST, MOST_ATTRIBUTES, parse_markup
from metier_research.reading.passages import MOST, cut

_WORDS = "The bridge at Skavastar was opened in 1872 and has nine arches of local granite. "


def shown(markup: str) -> str:
    """Returns the text of a page."""
    return read_document(markup.encode(), url="https://h.example/p", kind="text/html").text


def test_a_tag_with_endless_attributes_is_read() -> None:
    """It took libxml2 half an hour; a few attributes are kept."""
    attributes = " ".join(f"a{n}=1" for n in range(200_000))
    markup = f"<p {attributes}>{_WORDS}</p>"

    (paragraph,) = parse_markup(markup).iter("p")

    assert len(paragraph.attrib) == MOST_ATTRIBUTES
    assert "nine arches" in shown(markup)


def test_cells_that_span_each_other_without_end_are_read() -> None:
    """A few kilobytes of markup would have been billions of cells."""
    markup = "<table>" + '<tr><td colspan="1000" rowspan="65534">nine arches</td></tr>' * 300 + "</table>"

    assert "nine arches" in shown(markup)


def test_selectors_that_go_through_the_whole_page_again_and_again_are_matched() -> None:
    """Nine of them kept XPath busy for hours."""
    rules = "".join(f"* * * * * * * .c{n} {{ display: none }}" for n in range(100)) + "* > * * .gone{display:none}"
    inner = "".join(
        f'<p class="{"gone" if n % 2 else "c"}">{"Secret" if n % 2 else "Open"} {n}.</p>' for n in range(3_000)
    )

    text = shown(f"<style>{rules}</style>{'<div>' * 200}{_WORDS}{inner}")

    assert "Open 2998." in text
    assert "Secret" not in text


def test_a_row_without_end_is_no_passage_without_end() -> None:
    """One passage would have been two million characters of evidence."""
    page = Page("https://h.example/p", "T", "|a" * 50_000)

    assert max(len(passage.text) for passage in cut(page)) <= MOST
    assert [passage.text for passage in cut(Page("https://h.example/p", "T", "|a" * 2_000))] == ["|a" * 2_000]


def test_words_deeper_than_elements_may_be_are_kept() -> None:
    """The tree ends somewhere; what is said does not."""
    root = parse_markup("<div>" * 5_000 + _WORDS)

    assert _WORDS.strip() in "".join(root.itertext())
    assert max(len(list(element.iterancestors())) for element in root.iter()) <= DEEPEST


def test_what_hides_only_what_is_drawn_beside_an_element_hides_no_element() -> None:
    """The usual way to clear floats hides a pseudo-element."""
    style = "<style>.clear::after{visibility:hidden;content:'.'} p:before{display:none}</style>"

    text = shown(f"{style}<div class=clear><p>{_WORDS}</p></div>")

    assert "nine arches" in text


def _markup(children: list[tuple[str, str]]) -> str:
    return "".join(f'<{tag} class="{tag}">{inner}</{tag}>' for tag, inner in children)


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*"<>/='\"&{}:; a", "\x01", "\ufffe", "&#1;", "&#xFFFE;", "<p ", "<a<b", "<o:p x:y=1>"]),
        max_size=30,
    )
)
def test_whatever_is_written_makes_a_tree(parts: list[str]) -> None:
    """Names that are none, signs that no tree can hold, tags that never end."""
    root = parse_markup("".join(parts))

    assert root.tag == "html"


_TREES = st.recursive(
    st.just(""),
    lambda inner: st.lists(st.tuples(st.sampled_from(["div", "p1", "q1"]), inner), max_size=3).map(_markup),
    max_leaves=12,
)
_PART = st.sampled_from(["*", ".div", ".p1", ".q1", "div", "p1", "q1", ":not(.p1)"])
_SELECTORS = st.tuples(_PART, st.lists(st.tuples(st.sampled_from([" ", " > ", " + ", " ~ "]), _PART), max_size=3)).map(
    lambda parts: parts[0] + "".join(joint + part for joint, part in parts[1])
)


@settings(max_examples=60)
@given(_TREES, _SELECTORS)
def test_one_pass_finds_what_xpath_finds(markup: str, selector: str) -> None:
    """Whatever the parts and what joins them."""
    root = html.document_fromstring(f"<html><body><div>{markup}</div></body></html>")

    found = list(find_selected(root, selector, 10))

    assert found == root.cssselect(selector)
