"""A page whose text scripts make is read; what it tries on the way reaches nobody that a fetch could not."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from metier.errors import InputError, MissingError, ServerError
from metier_research.reading.document import read_document
from metier_research.web.browser.command import find_chromium
from metier_research.web.browser.rendering import Browser, needs_script
from metier_research.web.policy import FetchPolicy
from metier_research.web.politeness import Politeness
from metier_research.web.robots import read_rules
from tests.toolkits.research.web.browser.attacks import attacks_on, calls_to, reads_of
from tests.toolkits.research.web.browser.canary import listening
from tests.toolkits.research.web.site import Site, say, serving

CHROMIUM = shutil.which("chromium")
with_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
LONG_S = 60  # for a machine that has much else to do
pytestmark = pytest.mark.anyio


def page(script: str, text: str = "") -> bytes:
    return say(
        f"<html><body><p id=a>{text}</p><script>{script}</script></body></html>".encode(), Content_Type="text/html"
    )


def browser(site: Site, place: Path, *, allowed: frozenset[str] = frozenset(), most: int = 20 << 20) -> Browser:
    policy = FetchPolicy("metier-research/0", allow_private=site.allowed | allowed, max_bytes=most)
    sandboxed = os.geteuid() != 0
    return Browser(find_chromium("auto", sandboxed=sandboxed), policy, sandboxed=sandboxed, place=place)


async def all_here(host: str, port: int) -> Sequence[str]:
    """Resolves every name to this machine: what a hostile name server would say."""
    return ("127.0.0.1",)


def left_behind(place: Path) -> list[str]:
    """Returns what a browser left: files, and processes that were given a folder below the place."""
    found = [path.name for path in place.iterdir()]
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = process.read_bytes()
        except OSError:
            continue
        if str(place).encode() in command:
            found.append(command.decode())
    return found


@with_chromium
async def test_text_that_a_script_makes_is_read(place: Path) -> None:
    script = "setTimeout(() => { document.getElementById('a').textContent = 'The bridge ' + 'opened in 1931.' }, 3000)"
    async with serving(lambda path, *_: page(script)) as site:
        made = await browser(site, place).render(f"{site.url}/", resolve=site.resolve, total_s=LONG_S)
        assert {headers["user-agent"] for _, headers, _ in site.asked} == {"metier-research/0"}
    assert read_document(made.body, url=site.url, kind="text/html").text == "The bridge opened in 1931."
    assert left_behind(place) == []


@with_chromium
@pytest.mark.parametrize("allowed", [False, True], ids=["refused", "allowed"])
async def test_a_page_reaches_nobody_that_a_fetch_could_not(place: Path, *, allowed: bool) -> None:
    async with listening() as canary:

        def answer(path: str, *_: object) -> bytes:
            if path.startswith("/hop"):
                return say(status=302, Location=f"http://127.0.0.1:{canary.port}{path}")
            return page(attacks_on(canary.port), "tried")

        named = frozenset({f"127.0.0.1:{canary.port}"} if allowed else ())
        async with serving(answer) as site:
            made = await browser(site, place, allowed=named).render(f"{site.url}/", resolve=all_here, total_s=LONG_S)
            assert b"all tried" in made.body
            assert {"/hop-fetch", "/hop-frame"} <= {path for path, *_ in site.asked}
        told = "\n".join(made.refused)
        if allowed:  # the attacks are such that they would get there
            assert canary.knocks >= 5
        else:
            assert canary.knocks == 0
            for way in (
                f"GET http://127.0.0.1:{canary.port}/fetch",
                f"CONNECT 127.0.0.1:{canary.port}",
                "CONNECT [::1]",
            ):
                assert way in told
            assert "inner.example is on this machine" in told
    assert left_behind(place) == []


@with_chromium
async def test_a_page_sends_no_datagram(place: Path) -> None:
    async with listening() as canary:

        def answer(path: str, *_: object) -> bytes:
            return say(b"x") if path.startswith("/wait") else page(calls_to(canary.port))

        async with serving(answer) as site:
            reader = browser(site, place, allowed=frozenset({f"127.0.0.1:{site.port}"}))
            made = await reader.render(
                f"{site.here}/", total_s=LONG_S
            )  # of this machine, the page has what only secure ones have
            text = read_document(made.body, url=site.url, kind="text/html").text
            assert sorted(text.split()) == ["gathered", "no", "transport", "waited"]
        assert canary.knocks == 0
    assert left_behind(place) == []


@with_chromium
async def test_what_a_chromium_says_of_a_page_that_cannot_be_had_is_no_text_of_it(place: Path) -> None:
    async with serving(lambda *_: page("location = 'http://127.0.0.1:9/'", "tried")) as site:
        with pytest.raises(ServerError, match="leads to one that cannot be had"):
            await browser(site, place).render(f"{site.url}/", resolve=site.resolve, total_s=LONG_S)
        with pytest.raises(ServerError):
            await browser(site, place).render("https://nowhere.example/", resolve=site.resolve, total_s=LONG_S)


@with_chromium
async def test_a_page_reads_no_file_of_this_machine(place: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.js"
    secret.write_text("window.told = 'SECRET-' + 'WORD'; // SECRET-WORD", encoding="utf-8")

    def answer(path: str, *_: object) -> bytes:
        if path == "/hop":
            return say(status=302, Location=secret.as_uri())
        return page(f"location = '{secret.as_uri()}'" if path == "/move" else reads_of(secret.as_uri()), "tried")

    async with serving(answer) as site:
        reader = browser(site, place)
        for path in ("/read", "/move"):
            made = await reader.render(f"{site.url}{path}", resolve=site.resolve, total_s=LONG_S)
            assert b"tried" in made.body
            assert b"SECRET-WORD" not in made.body
    assert left_behind(place) == []


@with_chromium
async def test_a_script_without_end_is_ended_and_a_page_without_end_cut_off(place: Path) -> None:
    grow = "document.getElementById('a').textContent = 'word '.repeat(100000)"
    async with serving(lambda path, *_: page("for (;;) {}" if path == "/endless" else grow)) as site:
        with pytest.raises(ServerError, match=r"not rendered within 2 s"):
            await browser(site, place).render(f"{site.url}/endless", resolve=site.resolve, total_s=2)
        assert left_behind(place) == []
        with pytest.raises(ServerError, match=r"larger than 100000 bytes"):
            await browser(site, place, most=100_000).render(f"{site.url}/", resolve=site.resolve, total_s=LONG_S)
    assert left_behind(place) == []


@with_chromium
async def test_a_rendering_that_is_given_up_leaves_nothing(place: Path) -> None:
    asked = asyncio.Event()

    def answer(path: str, *_: object) -> bytes:
        asked.set()
        return page("for (;;) {}")

    async with serving(answer) as site:
        rendering = asyncio.create_task(browser(site, place).render(f"{site.url}/", resolve=site.resolve))
        await asyncio.wait_for(asked.wait(), 20)
        assert left_behind(place) != []
        rendering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await rendering
    assert left_behind(place) == []


async def test_a_program_that_is_no_browser_is_an_error(place: Path) -> None:
    for program in ("/bin/false", "/bin/true"):
        silent = Browser(program, FetchPolicy("agent"), sandboxed=True, place=place)
        with pytest.raises(ServerError, match="could not render"):
            await silent.render("https://site.example/")
    assert left_behind(place) == []


async def test_an_address_that_is_refused_and_a_site_that_wants_pauses_are_not_rendered(place: Path) -> None:
    never = Browser("/bin/false", FetchPolicy("agent"), sandboxed=True, place=place)
    for url in ("file:///etc/passwd", "--help", "http://localhost:9/", "chrome://version"):
        with pytest.raises(InputError):
            await never.render(url)
    politeness = Politeness()
    politeness.keep("https://slow.example", read_rules(200, b"User-agent: *\nCrawl-delay: 5"))
    with pytest.raises(InputError, match="wants pauses"):
        await never.render("https://slow.example/", politeness=politeness)


async def test_without_a_chromium_the_error_says_what_to_do(place: Path) -> None:
    with pytest.raises(MissingError, match="is no program") as caught:
        find_chromium(str(place / "none"), sandboxed=False)
    assert "chromium=off" in caught.value.hint


@with_chromium
@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
async def test_root_gives_up_the_sandbox_by_name_or_is_refused() -> None:
    with pytest.raises(MissingError, match="as root") as caught:
        find_chromium("auto", sandboxed=True)
    assert "auto,unsandboxed" in caught.value.hint


async def test_a_page_is_rendered_only_where_scripts_may_make_its_text() -> None:
    assert needs_script(b"<div></div><SCRIPT src=a>", "")
    assert not needs_script(b"<div></div>", "")
    assert not needs_script(b"<script>", "x" * 200)
    assert not needs_script(b"%PDF-1.7 <script>", "")
