"""The model that reads pages: it chooses among passages and links, is told nothing else, and can do nothing else."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from metier.errors import InputError
from metier.servers.result import read_evidence
from metier.toolkit import Settings
from metier_research.server.extractor import KEY, read_extractor
from tests.toolkits.research.server.library import LONG
from tests.toolkits.research.server.websites import Answer, html, serve_pages

pytestmark = pytest.mark.anyio


def says(text: object) -> Callable[[str], Answer]:
    body = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
    return lambda path: (200, {"Content-Type": "application/json"}, body)


def with_extractor(harbour: Settings, host: str, **more: str) -> Settings:
    return replace(harbour, options={"extractor": f"http://{host}/v1?model=reader", **more})


@pytest.fixture
def key() -> Any:
    before = os.environ.get(KEY)
    os.environ[KEY] = "sk-test-1234567890"
    yield os.environ[KEY]
    if before is None:
        del os.environ[KEY]
    else:
        os.environ[KEY] = before


async def test_it_chooses_passages_by_number_and_its_summary_is_no_evidence(
    harbour: Settings, desk: Any, key: str
) -> None:
    said = json.dumps({"passages": [3], "summary": "The lamp burned 99 tonnes of gold."})
    with serve_pages(says(said)) as model:
        async with desk(with_extractor(harbour, model.host)) as research:
            result = await research.call("visit", url=[LONG], goal="the lamp")
    (page,) = result.structured_content["pages"]
    assert page["summary"].startswith("The lamp burned 99 tonnes of gold.")
    assert all("gold" not in item.text for item in read_evidence(result.meta) or ())
    assert "not to be cited" in result.content[0].text
    headers, body = model.posted[0]
    assert (json.loads(body)["model"], headers["Authorization"]) == ("reader", f"Bearer {key}")
    assert key not in result.model_dump_json()


@pytest.mark.parametrize(
    "answer",
    [
        says("I will not."),
        says(None),
        lambda path: (500, {}, b"sk-test-1234567890 is broken"),
        lambda path: (200, {"Content-Type": "application/json"}, b"[]"),
    ],
    ids=["refuses", "says nothing", "fails", "speaks otherwise"],
)
async def test_one_that_fails_or_talks_leaves_the_choice_to_the_words(
    harbour: Settings, desk: Any, key: str, answer: Callable[[str], Answer]
) -> None:
    async with desk(harbour) as research:
        plain = await research.ask("visit", url=[LONG], goal="what did the lamp burn?")
    with serve_pages(answer) as model:
        async with desk(with_extractor(harbour, model.host)) as research:
            result = await research.call("visit", url=[LONG], goal="what did the lamp burn?")
    assert result.structured_content["pages"][0]["passages"] == plain["pages"][0]["passages"]
    assert "The model that chooses passages" in result.content[0].text
    assert key not in result.model_dump_json()


@pytest.mark.parametrize(
    ("option", "allowed"),
    [
        ("http://gpu/v1?model=reader", "gpu:80"),
        ("https://GPU/v1?model=reader", "gpu:443"),
        ("http://gpu:8000/v1?model=reader", "gpu:8000"),
        ("http://[fd00::1]/v1?model=reader", "fd00::1:80"),
    ],
)
def test_the_host_that_was_named_may_be_on_a_private_network(option: str, allowed: str) -> None:
    """At the usual port too, which the option need not write."""
    assert read_extractor(option).allowed == frozenset((allowed,))


@pytest.mark.parametrize(
    "option", ["gpu", "http://[fd00/v1?model=a", "http://u:p@gpu/?model=a", "http://gpu/v1", "http://gpu:x/?model=a"]
)
def test_what_names_no_model_is_refused(option: str) -> None:
    with pytest.raises(InputError):
        read_extractor(option)


async def test_it_chooses_links_of_the_site_and_no_others(harbour: Settings, desk: Any) -> None:
    links = {"One": "/one", "Two": "/two", "Away": "http://away.example/"}

    def answer(path: str) -> Answer:
        return 200, {"Content-Type": "text/html"}, html(path, "Nothing of note.", links=links if path == "/" else None)

    with serve_pages(says("2")) as model, serve_pages(answer) as site:
        options = with_extractor(harbour, model.host, web="on", private=site.host)
        async with desk(options) as research:
            walk = await research.ask("explore", site=site.root, question="Where is the wombat?")
    assert [step["text"] for step in walk["path"]] == ["", "Two", "One"]
    assert all("away.example" not in body for _, body in model.posted)
