"""The routes that work on texts alone: tokens and parsers."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from metier.errors import InputError
from metier_sglang.fake.chatting import read_dialogue
from metier_sglang.fake.reading import OPEN, Splitter
from metier_sglang.fake.routes.replies import body_of, open_error, service_of
from metier_sglang.parsing.events import Parsed
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import find_format
from metier_sglang.parsing.whole import parse


async def tokenize(request: Request) -> Response:
    """`POST /v1/tokenize`: the ids of a text, of several, or of a chat."""
    service, body = service_of(request), await body_of(request)
    prompt = body.get("prompt")
    tokens: Any
    if body.get("messages"):
        tokens = service.speech.render(read_dialogue(body))
    elif isinstance(prompt, list):
        tokens = [service.speech.encode(text) for text in prompt]
        counts = [len(ids) for ids in tokens]
        return JSONResponse({"tokens": tokens, "count": counts, "max_model_len": service.flags.context})
    else:
        tokens = service.speech.encode(str(prompt or ""))
    return JSONResponse({"tokens": tokens, "count": len(tokens), "max_model_len": service.flags.context})


async def detokenize(request: Request) -> Response:
    """`POST /v1/detokenize`: the text of ids."""
    service, body = service_of(request), await body_of(request)
    skip = bool(body.get("skip_special_tokens", True))
    return JSONResponse({"text": service.speech.decode(body.get("tokens") or [], skip_special=skip)})


async def parse_function_call(request: Request) -> Response:
    """`POST /parse_function_call`: the calls in a text, by metier's own parser under SGLang's name for it."""
    body = await body_of(request)
    try:
        found = find_format(tool_parser=str(body.get("tool_call_parser") or ""))
    except InputError as error:
        return open_error(str(error), kind="400")
    names = [tool["function"]["name"] for tool in body.get("tools") or []]
    parsed = parse(found, str(body.get("text") or ""), Start(tools=names))
    calls = [
        {"tool_index": names.index(call.name), "name": call.name, "parameters": call.arguments}
        for call in parsed.calls
        if call.name in names  # SGLang drops calls of tools that it was not told of
    ]
    return JSONResponse({"normal_text": parsed.text, "calls": calls})


async def separate_reasoning(request: Request) -> Response:
    """`POST /separate_reasoning`: the thinking in a text and the rest."""
    body = await body_of(request)
    try:
        found = find_format(reasoning_parser=str(body.get("reasoning_parser") or ""))
    except InputError as error:
        return open_error(str(error), kind="400")
    if OPEN not in found.write(Parsed(thinking="?", text="", calls=())):
        return open_error("This fake server separates <think> only.", kind="400")
    splitter = Splitter(inside=False)
    thinking, rest = splitter.feed(str(body.get("text") or ""))
    return JSONResponse({"reasoning_text": thinking, "text": rest + splitter.finish()})


ROUTES = [
    Route("/v1/tokenize", tokenize, methods=["POST"]),
    Route("/tokenize", tokenize, methods=["POST"]),
    Route("/v1/detokenize", detokenize, methods=["POST"]),
    Route("/detokenize", detokenize, methods=["POST"]),
    Route("/parse_function_call", parse_function_call, methods=["POST"]),
    Route("/separate_reasoning", separate_reasoning, methods=["POST"]),
]
