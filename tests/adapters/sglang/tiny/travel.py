"""The travel episode: what a tiny model says as the travel copilot, and the copilot run in which it says it.

The model reads the request wrongly (it forgets the limit of driving) and adopts the trip planned for that; the checks
object; it plans again as was asked and adopts the new trip. Every tool call goes over MCP to the maps toolkit's own
server, on the fictional sample region. The same replies serve a recording, the fake server and, fitted, the real one.
"""

import json
import re
from pathlib import Path

from metier.canonical import JSON
from metier.cli.context import toolkit_settings
from metier.runtime.copilot import Copilot
from metier.runtime.events import Event
from metier.runtime.result import Result
from metier.testing import FrozenClock
from metier_maps import toolkit
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.model.native import SglangModel
from metier_sglang.text.dialogue import Call, Message
from metier_sglang.tiny.samples import Exchange
from metier_sglang.tiny.scripts import spell

REQUEST = (
    "One day in the sample region by car on 4 June 2027, starting and ending in Skavastar. I must see Kastel Jamomin,"
    " at most 3 hours of driving"
)
LIMIT_S = 3 * 3600
CONSTRAINTS: dict[str, JSON] = {"drive_limit_s": LIMIT_S}
FORGOTTEN = "drive_limit_s"
LONG = 100_000  # tokens: the episode is long where the tokenizer was not made for it

_SKAVASTAR = {"id": "osm:node/250", "name": "Skavastar"}
_JAMOMIN = {"id": "osm:way/1006", "name": "Kastel Jamomin"}
_WISH = {
    "region": "sample",
    "start_date": "2027-06-04",
    "end_date": "2027-06-04",
    "start": _SKAVASTAR,
    "end": _SKAVASTAR,
    "must_see": [_JAMOMIN],
    "pace": "relaxed",
}
_ADOPTABLE = re.compile(r"Adopt it by its evidence id (ev-[0-9a-f]+)")
_OPENING = "<|im_start|>assistant\n"


def make_home(folder: Path) -> Path:
    """Returns `folder` as a home with the sample region: a few seconds of work, unless it is there already."""
    assert toolkit.world is not None
    toolkit.world(toolkit_settings("maps", home=folder), 1)
    return folder


def ask(home: Path, url: str, tokenizer: Path) -> tuple[Result, list[Event]]:
    """Returns the run of the travel copilot on the request, on a day that stands still, and what happened in it."""
    events: list[Event] = []
    model = SglangModel([url], tokenizer=tokenizer, settings={"temperature": 0.0})
    copilot = Copilot(["maps"], home=home, model=model, clock=FrozenClock(), folder=home)
    return copilot.run_sync(REQUEST, CONSTRAINTS, on_event=events.append), events


def record(home: Path, tokenizer: Path) -> list[Exchange]:
    """Returns the prompts and replies of the episode, played on the fake server with any checkpoint's tokenizer."""
    exchanges: list[Exchange] = []

    def reply(prompt: str) -> str | None:
        said = travel_reply(prompt)
        exchanges.append(Exchange(prompt, said or ""))
        return said

    with FakeServer(tokenizer, reply, flags=Flags(context=LONG)) as server:
        result, _ = ask(home, server.url, tokenizer)
    assert result.answer is not None, result.trace.error or result.refusal
    return exchanges


def travel_reply(prompt: str) -> str | None:
    """Returns what the model says next in the travel episode, marked; None when `prompt` is no part of it."""
    if REQUEST not in prompt or not prompt.endswith(_OPENING):
        return None
    steps = _steps(_ADOPTABLE.findall(prompt))
    step = prompt.count(_OPENING) - 1
    return spell(steps[step], thinking=True) if step < len(steps) else None


def _steps(trips: list[str]) -> list[Message]:
    """Returns all that is said, given the ids of the trips planned so far."""
    first, last = (trips[0], trips[-1]) if trips else ("", "")
    asked = _WISH | {FORGOTTEN: LIMIT_S}
    return [
        _say("Which places are meant?", *(_call("search_places", query=place["name"], limit=1) for place in _NAMED)),
        _say("I plan the day.", _call("plan_trip", request=_WISH)),
        _say("This is it.", _call("adopt_answer", evidence=first, pointer="")),
        _say("I forgot the limit of driving.", _call("plan_trip", request=asked)),
        _say("Now it fits.", _call("adopt_answer", evidence=last, pointer="")),
    ]


_NAMED = (_SKAVASTAR, _JAMOMIN)


def _say(thinking: str, *calls: Call) -> Message:
    return Message("assistant", thinking=thinking, calls=calls)


def _call(tool: str, **arguments: object) -> Call:
    return Call(tool, json.dumps(arguments, ensure_ascii=False))
