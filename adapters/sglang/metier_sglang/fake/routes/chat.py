"""The OpenAI-compatible route for chat, with SGLang's extras."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from metier_sglang.fake.chatting import read_dialogue, read_sampling
from metier_sglang.fake.engine import BusyError, Sample
from metier_sglang.fake.reading import Deltas, join_deltas
from metier_sglang.fake.routes.replies import DONE, body_of, event, open_error, service_of
from metier_sglang.fake.routes.watching import GoneError, while_connected
from metier_sglang.fake.service import Asked, RefusedError, Service
from metier_sglang.parsing.format import Start
from metier_sglang.text.decoding import StreamDecoder


@dataclass(slots=True)
class _Chat:
    """One chat request in work."""

    service: Service
    body: Mapping[str, Any]
    sample: Sample
    deltas: Deltas
    decoder: StreamDecoder
    read: int = 0
    created: int = field(default_factory=lambda: int(time.time()))

    def step(self) -> list[dict[str, Any]]:
        """Returns the deltas of the tokens that came since the last step."""
        sample, start = self.sample, self.read
        self.read = sample.given
        if sample.finish is None:
            return self.deltas.feed(self.decoder.feed(sample.ids[start:]))
        shown, rest = self.service.visible(sample)
        rest = self.service.speech.vocabulary.mask.mask(rest) if start <= shown else ""
        last = self.decoder.feed(sample.ids[start:shown]) + self.decoder.finish() + rest
        return [*self.deltas.feed(last), *self.deltas.finish()]


async def chat_completions(request: Request) -> Response:
    """`POST /v1/chat/completions`: an answer, whole or as a stream, with thinking and tool calls read out of it."""
    service = service_of(request)
    try:
        chat = _open(service, await body_of(request))
    except RefusedError as error:
        return open_error(str(error))
    if chat.body.get("stream"):
        return StreamingResponse(_stream(chat), media_type="text/event-stream")
    try:
        deltas = await while_connected(request, _finish(chat))
    except BusyError as error:
        return open_error(str(error), 503, "503")
    except GoneError:
        return open_error("Request is disconnected from the client side.")
    return JSONResponse(_whole(chat, deltas))


def _open(service: Service, body: Mapping[str, Any]) -> _Chat:
    if body.get("stream"):
        for name in ("return_prompt_token_ids", "return_token_ids"):
            if body.get(name):
                raise RefusedError(f"{name} is not supported with streaming. Please set stream=false.")
    dialogue = read_dialogue(body)
    model = str(body.get("model") or "")
    asked = Asked(
        prompt=() if service.flags.light else service.speech.render(dialogue),
        sampling=read_sampling(body),
        rid=str(body.get("rid") or ""),
        priority=body.get("priority") or 0,
        lora=body.get("lora_path") or (model.partition(":")[2] if service.loras else ""),
        reasoning=bool(service.flags.reasoning_parser) and dialogue.thinking is not False,
    )
    start = Start(
        in_thinking=service.speech.renderer.opens_thinking(dialogue), tools=[tool.name for tool in dialogue.tools]
    )
    deltas = Deltas(service.flags, service.speech.vocabulary.mask, start)
    return _Chat(service, body, service.admit(asked), deltas, service.speech.vocabulary.decoder())


async def _finish(chat: _Chat) -> list[dict[str, Any]]:
    async with aclosing(chat.service.engine.run(chat.sample)) as steps:
        async for _ in steps:
            pass
    return chat.step()


async def _stream(chat: _Chat) -> AsyncIterator[bytes]:
    told = 0
    yield _chunk(chat, {"role": "assistant", "content": ""})
    try:
        async with aclosing(chat.service.engine.run(chat.sample)) as steps:
            async for sample in steps:
                logprobs = _logprobs(chat, start=told)
                told = sample.given
                for delta in chat.step() or ([{}] if logprobs else []):
                    yield _chunk(chat, delta, logprobs=logprobs)
                    logprobs = None
    except BusyError as error:
        fault = {"object": "error", "message": str(error), "type": "SERVICE_UNAVAILABLE", "param": None, "code": 503}
        yield event({"error": fault})
        yield DONE
        return
    for piece in _last_chunks(chat):
        yield piece
    yield DONE


def _last_chunks(chat: _Chat) -> Iterator[bytes]:
    yield _chunk(chat, {}, finish=_finish_reason(chat), matched=(chat.sample.finish or {}).get("matched"))
    if extras := _token_sglext(chat):
        yield event({**_head(chat, "chat.completion.chunk"), "choices": [], **extras})
    if (chat.body.get("stream_options") or {}).get("include_usage"):
        yield event({**_head(chat, "chat.completion.chunk"), "choices": [], "usage": _usage(chat)})


def _whole(chat: _Chat, deltas: list[dict[str, Any]]) -> dict[str, Any]:
    meta = chat.service.meta_of(chat.sample)
    choice = {
        "index": 0,
        "message": join_deltas(deltas),
        "logprobs": _logprobs(chat),
        "finish_reason": _finish_reason(chat),
        "matched_stop": (chat.sample.finish or {}).get("matched"),
        **_token_extras(chat),
        **({"meta_info": meta} if chat.body.get("return_meta_info") else {}),
    }
    metadata = {"weight_version": meta["weight_version"], "weight_versions": meta["weight_versions"]}
    whole = {**_head(chat, "chat.completion"), "choices": [choice], "usage": _usage(chat), "metadata": metadata}
    return whole | _token_sglext(chat)


def _head(chat: _Chat, kind: str) -> dict[str, Any]:
    model = chat.body.get("model") or chat.service.served_name
    return {"id": chat.sample.rid, "object": kind, "created": chat.created, "model": model}


def _chunk(
    chat: _Chat,
    delta: Mapping[str, Any],
    *,
    finish: str | None = None,
    matched: object = None,
    logprobs: Mapping[str, Any] | None = None,
) -> bytes:
    shown = {"role": None, "content": None, "reasoning_content": None, **delta}
    choice = {"index": 0, "delta": shown, "logprobs": logprobs, "finish_reason": finish, "matched_stop": matched}
    return event({**_head(chat, "chat.completion.chunk"), "choices": [choice]})


def _finish_reason(chat: _Chat) -> str:
    kind = str((chat.sample.finish or {})["type"])
    return "tool_calls" if kind == "stop" and chat.deltas.has_calls else kind


def _token_extras(chat: _Chat) -> dict[str, Any]:
    both = bool(chat.body.get("return_token_ids"))
    found: dict[str, Any] = {}
    if both or chat.body.get("return_prompt_token_ids"):
        found["prompt_token_ids"] = list(chat.sample.prompt)
    if both:
        found["response_token_ids"] = list(chat.sample.ids)
    return found


def _token_sglext(chat: _Chat) -> dict[str, Any]:
    ids: dict[str, Any] = {}
    if chat.body.get("return_input_ids_in_sglext"):
        ids["input_ids"] = list(chat.sample.prompt)
    if chat.body.get("return_output_ids_in_sglext"):
        ids["output_ids"] = [list(chat.sample.ids)]
    return {"sglext": ids} if ids else {}


def _usage(chat: _Chat) -> dict[str, Any]:
    sample = chat.sample
    cached = {"cached_tokens": sample.cached} if chat.service.flags.cache_report else None
    return {
        "prompt_tokens": len(sample.prompt),
        "total_tokens": len(sample.prompt) + sample.given,
        "completion_tokens": sample.given,
        "prompt_tokens_details": cached,
        "reasoning_tokens": 0,
    }


def _logprobs(chat: _Chat, *, start: int = 0) -> dict[str, Any] | None:
    if not chat.body.get("logprobs"):
        return None
    listed = chat.service.logprobs_of(chat.sample, start=start, texts=True)
    content = [
        {"token": text, "bytes": list(text.encode()), "logprob": logprob, "top_logprobs": []}
        for logprob, _, text in listed
    ]
    return {"content": content} if content else None


ROUTES = [Route("/v1/chat/completions", chat_completions, methods=["POST"])]
