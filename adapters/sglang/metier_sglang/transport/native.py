"""SGLang's own route, `POST /generate`, at one server."""

import asyncio
from collections.abc import AsyncGenerator, Mapping

from metier.canonical import JSON
from metier.errors import ServerError
from metier_sglang.protocol.faults import Fault, judge_error
from metier_sglang.protocol.generation import GenerateRequest
from metier_sglang.protocol.piece import Piece, read_piece
from metier_sglang.protocol.reply import object_of, strange
from metier_sglang.protocol.request import encode_request, left_of
from metier_sglang.protocol.sample import Sample
from metier_sglang.protocol.sse import DONE
from metier_sglang.transport.server import Post, Server

PATH = "/generate"
_OVER = 64  # tokens beyond the limit that are borne with: speculative decoding gives several at once


async def generate(server: Server, request: GenerateRequest, ends_s: float) -> Piece | Fault:
    """Returns the whole of what one request gave; aborts it on the server when it is cancelled.

    `ends_s`, on the event loop's clock, is until when the abort may be waited for.
    """
    post = _post(request, stream=False)
    try:
        value = await server.answer(post)
    except asyncio.CancelledError:
        await server.abort(request.rid, ends_s)
        raise
    return value if isinstance(value, Fault) else _read(server, value, request, 0)


async def stream(
    server: Server, request: GenerateRequest, sample: Sample, ends_s: float
) -> AsyncGenerator[Piece | Fault, None]:
    """Yields the new tokens as they come, and last a piece that finishes, or a Fault.

    The caller adds each piece to `sample` before it asks for the next. Leaving early aborts the request,
    as `generate` does.
    """
    over = False
    arrivals = server.events(_post(request, stream=True))
    try:
        async for arrival in arrivals:
            for value in _newest(server, arrival):
                piece = value if isinstance(value, Fault) else _read(server, value, request, sample.seen)
                over = isinstance(piece, Fault) or bool(piece.finish)
                yield piece
                if over:
                    return
        over = True
        yield Fault("down", ServerError(f"{server.address} ended its stream early.", hint="It died or was restarted."))
    finally:
        try:
            await arrivals.aclose()
        finally:  # cancelled once more while it closes, it is aborted all the same
            if not over:
                await server.abort(request.rid, ends_s)


def _post(request: GenerateRequest, *, stream: bool) -> Post:
    body = encode_request(request, stream=stream)
    return Post(PATH, body, request.key, request.deadline_s, len(request.input_ids))


def _newest(server: Server, arrival: list[bytes] | Fault) -> list[dict[str, JSON] | Fault]:
    """Returns the chunks of what came at once. One that repeats the output so far stands for those before it."""
    if isinstance(arrival, Fault):
        return [arrival]
    events = [event for event in arrival if event != DONE]
    if not events:
        return []
    try:
        last = object_of(events[-1], server=server.address)
        meta, ids = last.get("meta_info"), last.get("output_ids")
        if isinstance(meta, dict) and isinstance(ids, list) and meta.get("completion_tokens") == len(ids):
            return [last]
        return [*(object_of(event, server=server.address) for event in events[:-1]), last]
    except ServerError as error:
        return [judge_error(error)]


def _read(server: Server, value: Mapping[str, JSON], request: GenerateRequest, seen: int) -> Piece | Fault:
    post = Post(PATH, b"", "", 0.0, len(request.input_ids))
    if "error" in value and "meta_info" not in value:
        return server.judge_value(value, post)
    try:
        piece = read_piece(value, seen=seen, logprobs=request.logprobs, server=server.address)
    except ServerError as error:
        return judge_error(error)
    left = left_of(request.sampling, seen + len(piece.ids))
    if left is not None and left < -_OVER:
        return judge_error(strange(server.address, "it does not stop at the limit that it was given"))
    if piece.finish == "abort" and piece.status is not None:
        return server.judge_abort(piece.message, piece.status, post)
    return piece
