"""A small HTTP server whose every byte a test decides. It runs on the test's own event loop."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from metier.testing import FrozenClock
from metier_sglang.protocol.generation import GenerateRequest
from metier_sglang.transport.admission.gate import Pause
from metier_sglang.transport.fleet import Fleet


@dataclass(frozen=True)
class Heard:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.body)
        return value


Handler = Callable[[Heard, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Wire:
    """`routes` answer by path; what has none is answered 404. `heard` keeps every request."""

    url: str
    routes: dict[str, Handler]
    heard: list[Heard] = field(default_factory=list)
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    server: asyncio.Server | None = None

    def paths(self) -> list[str]:
        return [heard.path for heard in self.heard]

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [heard.json for heard in self.heard if heard.path == path]

    def kill(self) -> None:
        """Dies: nothing listens any more, and every connection breaks."""
        assert self.server is not None
        self.server.close()
        for writer in list(self.open):
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(writer)
        try:
            while heard := await _read(reader):
                self.heard.append(heard)
                await self.routes.get(heard.path, missing)(heard, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open.discard(writer)
            writer.close()


@asynccontextmanager
async def serve_wire(routes: Mapping[str, Handler]) -> AsyncIterator[Wire]:
    """Serves the routes on a free port of this machine."""
    wire = Wire("", {"/health": say(200, b""), **routes})
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(wire.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    wire.server = await asyncio.start_server(connected, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{wire.server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        wire.server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in list(wire.open):
            writer.transport.abort()
        await asyncio.sleep(0)


async def _read(reader: asyncio.StreamReader) -> Heard | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    method, path, _ = first.split(" ")
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Heard(method, path, headers, body)


def head(status: int, content_type: str, length: int | None = None, more: Mapping[str, str] | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}"]
    lines.append("Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}")
    lines += [f"{name}: {value}" for name, value in (more or {}).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def say(
    status: int, body: bytes, content_type: str = "application/json", more: Mapping[str, str] | None = None
) -> Handler:
    """Answers always the same."""

    async def handler(_: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, content_type, len(body), more) + body)

    return handler


def say_json(value: object, status: int = 200, more: Mapping[str, str] | None = None) -> Handler:
    return say(status, json.dumps(value).encode(), more=more)


missing = say_json({"detail": "Not Found"}, 404)


def each(*handlers: Handler) -> Handler:
    """Answers with one after the other, and then with the last."""
    left = list(handlers)

    async def handler(heard: Heard, writer: asyncio.StreamWriter) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(heard, writer)

    return handler


def meta(count: int, finish: object, **more: object) -> dict[str, object]:
    return {"finish_reason": finish, "completion_tokens": count, "prompt_tokens": 3, "cached_tokens": 2} | {
        "weight_version": "v1",
        **more,
    }


STOP = {"type": "stop", "matched": 9}
ABORT = {"type": "abort", "message": "Aborted"}


def reply_of(ids: list[int], finish: object = STOP, **more: object) -> dict[str, object]:
    """What `/generate` answers: `ids`, with a log-probability each."""
    logprobs = [[-token / 10, token, None] for token in ids]
    return {"text": "", "output_ids": ids, "meta_info": meta(len(ids), finish, output_token_logprobs=logprobs, **more)}


def event(value: object) -> bytes:
    return b"data: " + (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n\n"


def chunked(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def stream_of(*values: object, end: bool = True) -> Handler:
    """Answers with a stream of events; without `end` the connection breaks after the last."""

    async def handler(_: Heard, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, "text/event-stream"))
        for value in values:
            writer.write(chunked(event(value)))
            await writer.drain()
        if end:
            writer.write(chunked(event(b"[DONE]")) + b"0\r\n\r\n")
        else:
            await asyncio.sleep(0)
            writer.close()
            raise ConnectionResetError

    return handler


def hang(heard_of: asyncio.Event) -> Handler:
    """Never answers; says that it was asked."""

    async def handler(_: Heard, writer: asyncio.StreamWriter) -> None:
        heard_of.set()
        await asyncio.Event().wait()

    return handler


def request_of(rid: str = "r", **more: Any) -> GenerateRequest:
    fields: dict[str, Any] = {
        "input_ids": (1, 2, 3),
        "encoded": "1,2,3",
        "sampling": {"max_new_tokens": 8},
        "deadline_s": 30.0,
    }
    return GenerateRequest(rid=rid, **(fields | more))


def quick(clock: FrozenClock) -> Pause:
    """Pauses that take no time but on the clock."""

    async def sleep(seconds: float) -> None:
        clock.advance(seconds)
        await asyncio.sleep(0)

    return Pause(sleep=sleep, chance=lambda: 0.5)


async def ids_of(fleet: Fleet, request: GenerateRequest, *, streamed: bool) -> list[int]:
    """Returns the tokens that a fleet gives, whole or in a stream."""
    if not streamed:
        return list((await fleet.generate(request)).ids)
    async with fleet.stream(request) as chunks:
        return [token async for chunk in chunks for token in chunk.ids]
