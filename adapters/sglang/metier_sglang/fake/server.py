"""A fake SGLang server: real HTTP, scripted answers."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import uvicorn

from metier.errors import ServerError
from metier_sglang.fake.engine import Engine
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.routes.app import make_app
from metier_sglang.fake.sampling.script import Reply
from metier_sglang.fake.service import Seen, Service

Result = TypeVar("Result")

PATIENCE_S = 30.0  # how long a test waits for what should come at once


class FakeServer:
    r"""Serves a checkpoint's tokenizer with scripted answers, on 127.0.0.1 from entering to leaving the context.

    `folder` holds a tokenizer and a chat template; there need be no weights. `reply` is given the prompt as marked
    text (see `metier_sglang.parsing.events`) and returns what the model says, marked too; None where it has nothing to
    say. `port` 0 takes any free one; a given port lets a server come back after `kill`.

    A test that has to look at a server in the midst of its work uses `hold`, `wait_held` and `release`. None of these
    sleeps. They block their thread: call them with `asyncio.to_thread` from a running event loop.

    Example:
        >>> with FakeServer(folder, lambda prompt: "<think>\n?\n</think>\n\nHello.") as server:
        ...     model = SglangModel([server.url], tokenizer=folder)
    """

    def __init__(self, folder: Path, reply: Reply, *, flags: Flags | None = None, port: int = 0) -> None:
        self._service = Service(folder, reply, flags or Flags())
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(make_app(self._service), log_config=None, access_log=False, lifespan="off")
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._serve, name=f"fake-sglang-{self.port}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._server.is_up.wait(PATIENCE_S):
            raise ServerError("The fake server did not start.", hint="The machine is overloaded.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def seen(self) -> list[Seen]:
        """Returns the POST requests that came in, oldest first."""
        return list(self._service.seen)

    @property
    def version(self) -> str:
        """Returns the version of the weights."""
        return self._service.engine.version

    @property
    def running(self) -> int:
        """Returns how many requests run."""
        return len(self._service.engine.running)

    @property
    def waiting(self) -> int:
        """Returns how many requests wait."""
        return len(self._service.engine.waiting)

    def hold(self, at: int = 0) -> None:
        """Holds every sample once `at` of its tokens are out, until `release`."""
        self._change(lambda engine: setattr(engine, "hold_at", at))

    def release(self) -> None:
        """Lets held samples go on."""
        self._change(lambda engine: setattr(engine, "hold_at", None))

    def wait_held(self, count: int = 1) -> None:
        """Returns once `count` samples are held; raises ServerError when that does not come about."""
        self._wait(lambda engine: sum(sample.held for sample in engine.running) >= count, f"{count} samples are held")

    def wait_idle(self) -> None:
        """Returns once nothing runs and nothing waits."""
        self._wait(lambda engine: engine.is_idle, "it is idle")

    def kill(self) -> None:
        """Dies like a killed process: every connection breaks where it is, and the port refuses new ones."""
        if self._thread.is_alive():
            self._server.loop.call_soon_threadsafe(self._server.dying.set)
            self._thread.join(PATIENCE_S)
        self._listener.close()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._listener]))

    def _change(self, change: Callable[[Engine], None]) -> None:
        async def apply() -> None:
            change(self._service.engine)
            self._service.engine.wake()

        self._run(apply())

    def _wait(self, ready: Callable[[Engine], bool], told: str) -> None:
        engine = self._service.engine

        async def wait() -> bool:
            try:
                await asyncio.wait_for(engine.until(lambda: ready(engine)), PATIENCE_S)
            except TimeoutError:
                return False
            return True

        if not self._run(wait()):
            raise ServerError(f"The fake server waited {PATIENCE_S:g} s in vain until {told}.", hint="See the test.")

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Returns what `work` gives, run in the server's own event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._server.loop).result(2 * PATIENCE_S)


class _Server(uvicorn.Server):
    """Ends at once when told to, without uvicorn's pauses, and breaks what is open."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()
        self.dying = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.is_up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.dying.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
