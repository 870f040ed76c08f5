"""The reference servers of the protocol's own project start, list their tools and answer through a connection."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from mcp.types import ImageContent, ResourceLink

from metier.canonical import JSON
from metier.errors import ToolError
from metier.servers.source import CallContext, Progress, Question, Reply
from tests.third_party.starting import connect, of_npm, of_pypi

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

EVERYTHING = "@modelcontextprotocol/server-everything/dist/index.js"
FILESYSTEM = "@modelcontextprotocol/server-filesystem/dist/index.js"
MEMORY = "@modelcontextprotocol/server-memory/dist/index.js"
HOSTILE = ("$(touch owned)", "`touch owned`", "; touch owned", "a & touch owned", "--output=owned", "| touch owned")


class Pages(BaseHTTPRequestHandler):
    """One page, and rules for robots."""

    def do_GET(self) -> None:
        text = "User-agent: *\nDisallow: /private" if self.path == "/robots.txt" else f"<p>This is {self.path}</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git = shutil.which("git")
    if git is None:
        pytest.skip("there is no git on this machine")
    folder = tmp_path / "repository"
    subprocess.run([git, "init", "-q", str(folder)], check=True)
    (folder / "new.txt").write_text("new\n")
    return folder


async def test_everything_returns_text_images_and_links_as_they_were_sent() -> None:
    async with connect("everything", of_npm(EVERYTHING)) as server:
        assert {"echo", "get-sum"} <= {spec.name for spec in await server.tools()}
        for text in ("hello", *HOSTILE):
            assert (await server.call("echo", {"message": text})).text == f"Echo: {text}"
        images = [part for part in (await server.call("get-tiny-image", {})).content if isinstance(part, ImageContent)]
        assert [image.mime_type for image in images] == ["image/png"]
        links = (await server.call("get-resource-links", {"count": 3})).content
        assert sum(isinstance(part, ResourceLink) for part in links) == 3
        weather = await server.call("get-structured-content", {"location": "Chicago"})
        assert isinstance(weather.value, dict)
        assert "temperature" in weather.value


async def test_everything_tells_its_progress_and_asks_the_user() -> None:
    seen: list[Progress] = []
    asked: list[Question] = []

    async def answer(question: Question) -> Reply:
        asked.append(question)
        return Reply("accept", {"name": "Ada"})

    async with connect("everything", of_npm(EVERYTHING), ask=answer) as server:
        context = CallContext(on_progress=seen.append)
        await server.call("trigger-long-running-operation", {"duration": 0.2, "steps": 4}, context)
        assert [note.done for note in seen] == [1, 2, 3, 4]
        assert {note.total for note in seen} == {4}
        answered = await server.call("trigger-elicitation-request", {})
    assert [question.server for question in asked] == ["everything"]
    assert "Ada" in answered.text


async def test_everything_gets_only_the_environment_that_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET_OF_THE_PARENT", "canary-4711")
    async with connect("everything", of_npm(EVERYTHING, env={"NAMED": "given"})) as server:
        said = (await server.call("get-env", {})).text
    assert json.loads(said)["NAMED"] == "given"
    assert "canary-4711" not in said


async def test_filesystem_reads_and_writes_below_its_root_and_nowhere_else(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside.txt"
    root.mkdir()
    outside.write_text("outside")
    async with connect("filesystem", of_npm(FILESYSTEM, str(root))) as server:
        for number, name in enumerate(("plain.txt", *HOSTILE)):
            path = str(root / name)
            wrote = await server.call("write_file", {"path": path, "content": f"{number}"})
            assert not wrote.is_error
            assert (root / name).read_text() == f"{number}"
            assert (await server.call("read_text_file", {"path": path})).text == f"{number}"
        for path in (str(outside), str(root / ".." / "outside.txt"), "/etc/passwd"):
            refused = await server.call("read_text_file", {"path": path})
            assert refused.is_error
            assert "denied" in refused.text
        assert (await server.call("write_file", {"path": str(outside), "content": "in"})).is_error
    assert outside.read_text() == "outside"
    assert sorted(os.listdir(root)) == sorted(("plain.txt", *HOSTILE))


async def test_memory_keeps_what_it_was_told_for_the_next_session(tmp_path: Path) -> None:
    target = of_npm(MEMORY, env={"MEMORY_FILE_PATH": str(tmp_path / "graph.jsonl")})
    ada: dict[str, JSON] = {"name": "Ada", "entityType": "person", "observations": ["wrote the first program"]}
    async with connect("memory", target) as server:
        await server.call("create_entities", {"entities": [ada]})
    async with connect("memory", target) as server:
        found = await server.call("search_nodes", {"query": "program"})
    assert isinstance(found.value, dict)
    assert found.value["entities"] == [ada]


async def test_time_converts_between_zones() -> None:
    arguments = {"source_timezone": "Europe/Berlin", "time": "12:00", "target_timezone": "Asia/Shanghai"}
    async with connect("time", of_pypi("mcp-server-time", "--local-timezone", "Etc/UTC")) as server:
        converted = await server.call("convert_time", dict(arguments))
        wrong = await server.call("convert_time", {**arguments, "target_timezone": "Nowhere/Land"})
    assert json.loads(converted.text)["time_difference"] in ("+6.0h", "+7.0h")
    assert wrong.is_error


async def test_git_tells_the_state_of_a_repository_and_takes_its_arguments_as_data(repository: Path) -> None:
    async with connect("git", of_pypi("mcp-server-git", "--repository", str(repository))) as server:
        assert "new.txt" in (await server.call("git_status", {"repo_path": str(repository)})).text
        for revision in HOSTILE:
            shown = await server.call("git_show", {"repo_path": str(repository), "revision": revision})
            assert shown.is_error
        assert (await server.call("git_status", {"repo_path": str(repository.parent)})).is_error
    assert sorted(os.listdir(repository)) == [".git", "new.txt"]


async def test_fetch_brings_a_page_and_keeps_to_the_rules_for_robots(site: str) -> None:
    target = of_pypi("mcp-server-fetch", "--allow-private-ips", env={"PATH": ""})  # else it has npm install a parser
    async with connect("fetch", target) as server:
        page = await server.call("fetch", {"url": f"{site}/page?q=$(touch owned);&k=v"})
        private = await server.call("fetch", {"url": f"{site}/private"})
    assert "This is /page?q=" in page.text
    assert private.is_error


async def test_a_tool_that_is_not_there_and_an_argument_that_is_missing_are_told_apart() -> None:
    async with connect("everything", of_npm(EVERYTHING)) as server:
        with pytest.raises(ToolError, match="Did you mean echo"):
            await server.call("ecco", {})
        assert (await server.call("echo", {})).is_error
