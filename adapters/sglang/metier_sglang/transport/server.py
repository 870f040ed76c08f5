"""One server, as seen from one event loop: what is asked of it, and what its answers mean."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b

from pydantic_core import to_json

from metier.canonical import JSON
from metier.clock import Clock
from metier.errors import InputError, MetierError, ServerError
from metier.redaction import Redaction, redaction_of
from metier_sglang.protocol.address import read_address
from metier_sglang.protocol.faults import Asked, Fault, judge, judge_abort, judge_error, judge_event
from metier_sglang.protocol.info import read_workers
from metier_sglang.protocol.reply import Reply, read_object, strange
from metier_sglang.protocol.sse import EventReader
from metier_sglang.transport.http import Call, Headers, Pool, read_whole
from metier_sglang.transport.shared import POOLS

ABORT_S = 2.0  # an abort is sent to save the server work: nobody waits longer for it
PROBE_S = 10.0  # SGLang's health check samples a token, behind what it is at
ASK_S = 30.0
ROUTING_KEY = b"x-smg-routing-key"
_SENDABLE = re.compile(r"[!-~]{1,256}")


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys of a server: its API key, and its admin key where it has one. Nothing shows them."""

    api: str = ""
    admin: str = ""

    def __post_init__(self) -> None:
        if not all(key == "" or _SENDABLE.fullmatch(key) for key in (self.api, self.admin)):
            raise InputError(
                "A key of a server holds signs that no header can carry.", hint="Look for line ends in it."
            )

    def headers(self, *, admin: bool = False) -> Headers:
        """Returns the headers that carry the key: the admin key for `admin` routes, where there is one."""
        key = (admin and self.admin) or self.api
        return Headers({"authorization": f"Bearer {key}"} if key else {})

    def redaction(self) -> Redaction:
        """Returns what takes the keys out of texts."""
        return redaction_of(key for key in (self.api, self.admin) if key)


@dataclass(frozen=True, slots=True)
class Post:
    """A body for a route. `key` tells gateways which requests belong together; `limit_s` is the longest silence."""

    path: str
    body: bytes
    key: str
    limit_s: float
    prompt_tokens: int | None = None


class Server:
    """One server over one pool. Its methods return a Fault where asking again may help, or raise, as each says."""

    def __init__(self, pool: Pool, keys: Keys, clock: Clock) -> None:
        self.address = pool.address
        self._pool = pool
        self._clock = clock
        self._headers = keys.headers()
        self._admin = keys.headers(admin=True)
        self._secrets = keys.redaction()
        self._is_keyed = bool(keys.api or keys.admin)
        self._aborts: set[asyncio.Task[None]] = set()

    async def answer(self, post: Post) -> dict[str, JSON] | Fault:
        """Returns the JSON object that the server answers to a POST."""
        try:
            reply = await self._pool.send(self._call(post))
            if reply.status != 200:
                return self.judge(reply, post)
            return read_object(reply, server=self.address)
        except ServerError as error:
            return judge_error(error)

    async def events(self, post: Post) -> AsyncGenerator[list[bytes] | Fault, None]:
        """Yields the events that come in answer to a POST, as many as come at once; a Fault ends them."""
        try:
            async with self._pool.open(self._call(post)) as (head, body):
                if head.status != 200 or head.content_type not in ("text/event-stream", ""):
                    whole = await read_whole(body, head.status, self.address)
                    yield self._instead(Reply(head.status, head.headers, whole), post)
                    return
                reader = EventReader()
                async for part in body:
                    if events := reader.feed(part):
                        yield events
        except ServerError as error:
            yield judge_error(error)

    def _instead(self, reply: Reply, post: Post) -> Fault:
        """Returns what it means that this came instead of a stream of events."""
        if reply.status != 200:
            return self.judge(reply, post)
        try:
            value = read_object(reply, server=self.address)
        except ServerError as error:
            return judge_error(error)
        if value.get("error"):
            return self.judge_value(value, post)
        return judge_error(strange(self.address, "it answered at once where a stream of events was asked for"))

    def judge(self, reply: Reply, post: Post | None = None) -> Fault:
        """Returns what a reply that is not HTTP 200 means."""
        return judge(reply, self._asked(post), now=self._clock.now())

    def quote(self, said: JSON) -> str:
        """Returns something that the server said in one short line without its keys."""
        return self._asked().cleaned(str(said)).rstrip(".")

    def judge_value(self, value: Mapping[str, JSON], post: Post) -> Fault:
        """Returns what an error means that stands where a chunk belongs."""
        return judge_event(value, self._asked(post), now=self._clock.now())

    def judge_abort(self, message: str, status: int, post: Post) -> Fault:
        """Returns what it means that the server ended a request itself."""
        return judge_abort(message, status, self._asked(post), now=self._clock.now())

    async def abort(self, rid: str, ends_s: float) -> None:
        """Ends a request on the server. Goes on when the caller is cancelled again; never raises a server's failure.

        Waits until `ends_s`, on the event loop's clock, at most; the abort goes on after that, see `settle`.
        """
        task = asyncio.create_task(self._abort(rid))
        self._aborts.add(task)
        task.add_done_callback(self._aborts.discard)
        left_s = ends_s - asyncio.get_running_loop().time()
        await asyncio.wait({task}, timeout=min(max(left_s, 0.0), ABORT_S))

    async def settle(self) -> None:
        """Waits for the aborts that are still under way."""
        if self._aborts:
            await asyncio.wait(set(self._aborts), timeout=ABORT_S)

    async def probe(self) -> Fault | None:
        """Returns what is wrong with the server, or None: `GET /health`."""
        try:
            reply = await self._within(PROBE_S, Call("/health", self._headers))
        except ServerError as error:
            return Fault("down", error)
        if reply.status in (200, 404):  # a gateway in front may have no such route, and yet it answers
            return None
        return Fault("down", self.judge(reply).error)

    async def look(self, path: str) -> dict[str, JSON] | Fault:
        """Returns the JSON object that a route answers to a GET."""
        try:
            reply = await self._within(ASK_S, Call(path, self._headers))
            return self.judge(reply) if reply.status != 200 else read_object(reply, server=self.address)
        except ServerError as error:
            return judge_error(error)

    async def ask(self, path: str, body: Mapping[str, JSON] | None = None, *, admin: bool = False) -> dict[str, JSON]:
        """Returns the JSON object that a route answers; raises the error of any other answer."""
        reply = await self.call(path, body, admin=admin)
        return read_object(reply, server=self.address)

    async def call(
        self, path: str, body: Mapping[str, JSON] | None = None, *, admin: bool = False, limit_s: float = ASK_S
    ) -> Reply:
        """Returns the answer of a route, to a POST when there is a body; raises the error when it is not HTTP 200."""
        content = None if body is None else to_json(body)
        reply = await self._within(limit_s, Call(path, self._admin if admin else self._headers, content))
        if reply.status != 200:
            raise self.judge(reply).error
        return reply

    async def workers(self) -> tuple[str, ...] | None:
        """Returns the addresses behind a gateway, `GET /workers`; None for a server that is no gateway."""
        reply = await self._within(ASK_S, Call("/workers", self._headers))
        if reply.status != 200:
            return None
        try:
            urls = read_workers(read_object(reply, server=self.address))
        except ServerError:
            return None
        try:
            return tuple(read_address(url) for url in urls)
        except InputError as error:
            raise strange(self.address, f"it names a worker that can not be addressed. {error.message}") from error

    def check_way(self, address: str) -> None:
        """Raises ServerError when a key that came here encrypted would go on in the clear to a worker at `address`."""
        if self._is_keyed and self.address.startswith("https:") and not address.startswith("https:"):
            raise ServerError(
                f"{self.address} names the worker {address}, and keys would go there unencrypted.",
                hint="Give the workers' own addresses, or let them be reached by https.",
                sent=False,
            )

    async def _abort(self, rid: str) -> None:
        call = Call("/abort_request", self._admin, to_json({"rid": rid}))
        with suppress(MetierError):
            reply = await self._within(ABORT_S, call)
            if reply.status == 404:  # a gateway does not pass it on
                workers = await self.workers() or ()
                await asyncio.gather(*(self._abort_at(address, call) for address in workers))

    async def _abort_at(self, address: str, call: Call) -> None:
        pool = await POOLS.lend(address)
        try:
            with suppress(ServerError):
                self.check_way(address)
                async with asyncio.timeout(ABORT_S):
                    await pool.send(call)
        except TimeoutError:
            pass
        finally:
            await POOLS.take_back(pool)

    async def _within(self, limit_s: float, call: Call) -> Reply:
        try:
            async with asyncio.timeout(limit_s):
                return await self._pool.send(call)
        except TimeoutError as error:
            text = f"{self.address} did not answer {call.path} within {limit_s:g} s."
            raise ServerError(text, hint="It hangs, or it has too much to do.") from error

    def _call(self, post: Post) -> Call:
        headers = self._headers
        if post.key:
            headers = headers.plus(ROUTING_KEY, _sendable(post.key))
        return Call(post.path, headers, post.body, post.limit_s)

    def _asked(self, post: Post | None = None) -> Asked:
        return Asked(self.address, None if post is None else post.prompt_tokens, self._secrets)


def _sendable(key: str) -> bytes:
    """Returns the key as a header can carry it: itself, or a digest of it."""
    if _SENDABLE.fullmatch(key):
        return key.encode()
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest().encode()
