"""Pages that have next to no text without their scripts are rendered, where the user wants it; others never."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from metier.clock import SystemClock
from metier.errors import InputError, MissingError
from metier_research.options import read_options
from metier_research.server.excerpts import take_excerpt
from metier_research.server.room import Room, policy_of
from metier_research.server.wording import tell_excerpts
from tests.toolkits.research.server.websites import Answer, serve_pages

pytestmark = pytest.mark.anyio
with_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium on this machine")
CHROMIUM = "auto,unsandboxed" if os.geteuid() == 0 else "auto"
WORDS = "The bridge opened in 1931."


def answer(path: str) -> Answer:
    words = f"<p>{WORDS}</p>" if path == "/plain" else "<div id=a></div>"
    words = "<p>Loading</p>" if path == "/endless" else words
    script = "for (;;) {}" if path == "/endless" else f"document.getElementById('a').innerHTML = '<p>{WORDS}</p>'"
    code = "" if path == "/plain" else f"<script>{script}</script>"
    hidden = "<p style='display:none'>Nobody sees this.</p>"
    return 200, {"Content-Type": "text/html"}, f"<html><body>{words}{hidden}{code}</body></html>".encode()


def room_of(place: Path, host: str, options: Mapping[str, str]) -> Room:
    read = read_options({"web": "on", "private": host, **options})
    return Room(place, read, SystemClock(), policy_of(read))


@with_chromium
async def test_a_page_of_scripts_is_read_and_says_that_it_was_rendered(place: Path) -> None:
    with serve_pages(answer) as site:
        excerpt = await take_excerpt(room_of(place, site.host, {"chromium": CHROMIUM}), site.root, "", room_for=900)
    assert [passage.text for passage in excerpt.passages] == [WORDS]
    assert excerpt.shape().rendered
    assert "scripts of the page made its text" in tell_excerpts([excerpt])
    assert [one.value for one in excerpt.evidence()] != []


async def test_without_the_option_a_page_of_scripts_has_no_text(place: Path) -> None:
    with serve_pages(answer) as site, pytest.raises(InputError, match="no text"):
        await room_of(place, site.host, {}).read(site.root)


@with_chromium
async def test_a_page_that_has_its_text_is_asked_for_once(place: Path) -> None:
    with serve_pages(answer) as site:
        page = await room_of(place, site.host, {"chromium": CHROMIUM}).read(f"{site.root}plain")
        assert (page.text, page.rendered, site.asked) == (WORDS, False, ["/robots.txt", "/plain"])


def test_a_choice_that_cannot_be_had_is_told_before_the_first_page(place: Path) -> None:
    with pytest.raises(MissingError, match="is no program"):
        room_of(place, "", {"chromium": "/none/chromium,unsandboxed"})
    with pytest.raises(InputError, match="says nothing"):
        read_options({"chromium": "auto,fast"})
    room_of(place, "", {"chromium": "/none/chromium", "web": "off"})  # nothing is rendered then


@pytest.mark.parametrize(
    ("given", "chosen", "sandboxed"),
    [
        ("", "off", True),
        ("off", "off", True),
        ("auto", "auto", True),
        ("auto, unsandboxed", "auto", False),
        ("/opt/x", "/opt/x", True),
    ],
)
def test_the_sandbox_is_given_up_by_name_only(given: str, chosen: str, *, sandboxed: bool) -> None:
    options = read_options({"chromium": given})
    assert (options.chromium, options.sandboxed) == (chosen, sandboxed)
