"""One tool call, from behind its opening tag. Pure.

The JSON is read first, so that tags inside its strings are text; then the code, where the tool takes some; then the
closing tag. A call in which anything else is wrong is not made. Two things are repaired, since they can be read in one
way only: line breaks inside strings, and text behind the object, which is left out and told.
"""

import re
from dataclasses import dataclass

from metier.canonical import JSON
from metier.profiles.profile import Malformed
from metier.profiles.tongyi import faults
from metier.profiles.tongyi.faults import fault
from metier.profiles.tongyi.json_text import kind_of, read_json
from metier.profiles.tongyi.offer import Offer
from metier.profiles.tongyi.tags import CALL, CALL_END, CODE, CODE_END

NAME_SHOWN = 80  # characters of a name that no tool has

_CODE_CLOSED = re.compile(rf"{CODE_END}\s*{CALL_END}")
_SPACE = re.compile(r"\s*")
_CLOSINGS = re.compile(rf"(?:\s*{CALL_END})*")


@dataclass(frozen=True, slots=True)
class Called:
    """A call that is to be made, or a way to end."""

    name: str
    arguments: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class CallRead:
    """What stood at a call's opening tag: the call or None, what was wrong, and where the text goes on."""

    called: Called | None
    malformed: tuple[Malformed, ...]
    end: int


@dataclass(frozen=True, slots=True)
class _Body:
    """What stands behind the JSON of a call: its code when there is some, what was wrong, and where it ends."""

    code: str | None
    malformed: tuple[Malformed, ...]
    end: int


class _Broken(Exception):
    """A call that is not made; the region up to `end` is skipped."""

    def __init__(self, kind: str, end: int, detail: str = "") -> None:
        super().__init__(kind)
        self.kind, self.end, self.detail = kind, end, detail


def read_call(text: str, at: int, offer: Offer, *, is_cut: bool) -> CallRead:
    """Returns what stands behind the opening tag that ends at `at`; raises nothing."""
    try:
        return _read(text, at, offer)
    except _Broken as broken:
        cut = is_cut and broken.end == len(text) and broken.kind in (faults.UNCLOSED_CALL, faults.UNCLOSED_CODE)
        return CallRead(None, (fault(broken.kind, broken.detail, is_cut=cut),), broken.end)


def _read(text: str, at: int, offer: Offer) -> CallRead:
    try:
        value, end = read_json(text, _skip(text, at))
    except ValueError as error:
        raise _broken(text, at, faults.BAD_JSON, _reason(error)) from None
    name = value.get("name") if isinstance(value, dict) else None
    body = _read_body(text, end, takes_code=name in offer.coded)
    return CallRead(_check(value, body, offer), body.malformed, body.end)


def _read_body(text: str, at: int, *, takes_code: bool) -> _Body:
    start = _skip(text, at)
    if takes_code and text.startswith(CODE, start):
        return _read_code(text, start + len(CODE))
    close = text.find(CALL_END, at)
    between = text[at:close] if close >= 0 else text[at:]
    if close < 0 or CALL in between:
        raise _broken(text, at, faults.UNCLOSED_CALL)
    trailing = (fault(faults.TRAILING_TEXT),) if between.strip() else ()
    return _Body(None, trailing, close + len(CALL_END))


def _read_code(text: str, at: int) -> _Body:
    closed = _CODE_CLOSED.search(text, at)
    code = text[at : closed.start()] if closed else ""
    if closed is None or CALL in code or CALL_END in code:
        is_code_closed = closed is None and CODE_END in text[at:] and CALL_END not in text[at:]
        raise _broken(text, at, faults.UNCLOSED_CALL if is_code_closed else faults.UNCLOSED_CODE)
    return _Body(code.removeprefix("\n").removesuffix("\n"), (), closed.end())


def _check(value: JSON, body: _Body, offer: Offer) -> Called:
    """Returns the call that the JSON and the code are; raises _Broken."""
    if not isinstance(value, dict):
        raise _Broken(faults.NOT_AN_OBJECT, body.end, kind_of(value))
    name = value.get("name")
    if not isinstance(name, str) or not name:
        raise _Broken(faults.NO_NAME, body.end)
    shown = repr(name[:NAME_SHOWN])
    if name in offer.withdrawn:
        raise _Broken(faults.WITHDRAWN_TOOL, body.end, shown)
    if name not in (*offer.tools, *offer.endings):
        known = ", ".join(offer.tools)
        raise _Broken(faults.UNKNOWN_TOOL, body.end, f"{shown}. Tools: {known}" if known else shown)
    arguments = value.get("arguments", {} if body.code is not None else None)
    if not isinstance(arguments, dict):
        raise _Broken(faults.ARGUMENTS, body.end, name)
    return Called(name, _with_code(name, arguments, body) if name in offer.coded else arguments)


def _with_code(name: str, arguments: dict[str, JSON], body: _Body) -> dict[str, JSON]:
    if body.code is not None and arguments:
        raise _Broken(faults.CODE_TWICE, body.end, name)
    code = arguments.get("code") if body.code is None else body.code
    if not isinstance(code, str) or not code.strip():
        raise _Broken(faults.NO_CODE, body.end, name)
    return {**arguments, "code": code}


def _broken(text: str, at: int, kind: str, detail: str = "") -> _Broken:
    """Returns the fault of a call whose end is not where it should be; it is skipped up to its closing tags."""
    close = text.find(CALL_END, at)
    if close < 0:
        return _Broken(kind if kind == faults.UNCLOSED_CODE else faults.UNCLOSED_CALL, len(text))
    closings = _CLOSINGS.match(text, close)
    end = closings.end() if closings else close
    if CALL in text[at:close]:
        return _Broken(faults.NESTED_CALL, end)
    return _Broken(kind, close + len(CALL_END), detail)


def _skip(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _reason(error: ValueError) -> str:
    """Returns what is wrong with the JSON, without where: the model counts no characters."""
    return str(getattr(error, "msg", error)).rstrip(".").lower()
