"""One completion as what it says: thinking, text, calls, an answer, and what was written wrongly. Pure.

Any text can be read. What is malformed is named and kept (`unread`), never made into a call or an answer by guessing;
what the model wrote behind a tool_response of its own is the one thing thrown away.
"""

import re
from dataclasses import dataclass, field

from metier.profiles.profile import Malformed
from metier.profiles.tongyi import faults, tags
from metier.profiles.tongyi.calls import Called, read_call
from metier.profiles.tongyi.faults import fault
from metier.profiles.tongyi.json_text import read_object
from metier.profiles.tongyi.offer import Offer
from metier.profiles.tongyi.tags import ANSWER, ANSWER_END, CALL, RESULT, THINK, THINK_END

_OPENINGS = re.compile(f"{THINK}|{CALL}|{ANSWER}")


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model said in one turn.

    `text` stands outside all tags. `calls` are to be made, in their order; an ending among them is alone. `unread` are
    the stretches that were malformed, as they were written.
    """

    thinking: str = ""
    text: str = ""
    calls: tuple[Called, ...] = ()
    answer: str | None = None
    malformed: tuple[Malformed, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What stood between the tags, in its order, before it is held against the rules of a turn.

    An answer is prose or an ending, with how it was written.
    """

    thinking: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    calls: list[Called] = field(default_factory=list)
    answers: list[tuple[str | Called, str]] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def parse(text: str, offer: Offer, *, is_cut: bool = False) -> Completion:
    """Returns what the completion `text` says; `is_cut` when the server stopped it for its length. Raises nothing."""
    if offer.is_plain:
        return _parse_plain(text, is_cut=is_cut)
    head, _, forged = text.partition(RESULT)
    found = _read(_open_thinking(head), offer, is_cut=is_cut)
    if forged.strip():
        found.malformed.append(fault(faults.FORGED_RESULT))
    answer = _take_answer(found, offer)
    calls = (answer,) if isinstance(answer, Called) else tuple(found.calls)
    if not calls and answer is None:
        found.malformed += _explain(found, is_cut=is_cut)
    return Completion(
        thinking=_join(found.thinking),
        text=_join(found.text),
        calls=calls,
        answer=answer if isinstance(answer, str) else None,
        malformed=tuple(found.malformed),
        unread=tuple(found.unread),
    )


def _parse_plain(text: str, *, is_cut: bool) -> Completion:
    """Returns what is said to a plain question: thinking, and text in which tags are what it is about.

    Only a text that stands between answer tags as a whole is taken out of them.
    """
    found = _Found()
    opened = _open_thinking(text).lstrip()
    at = _read_thinking(opened, len(THINK), found, is_cut=is_cut) if opened.startswith(THINK) else 0
    said = opened[at:].strip()
    is_tagged = said.startswith(ANSWER) and said.endswith(ANSWER_END)
    answer = said[len(ANSWER) : -len(ANSWER_END)].strip() if is_tagged else ""
    if not said and not found.malformed:
        found.malformed.append(fault(faults.NO_ACTION if found.thinking else faults.EMPTY, is_cut=is_cut))
    return Completion(
        thinking=_join(found.thinking),
        text="" if answer else said,
        answer=answer or None,
        malformed=tuple(found.malformed),
    )


def _open_thinking(text: str) -> str:
    """Returns `text` with the opening of its thinking, which a chat template may have written into the prompt."""
    closing = text.find(THINK_END)
    return f"{THINK}{text}" if closing >= 0 and not _OPENINGS.search(text, 0, closing) else text


def _read(text: str, offer: Offer, *, is_cut: bool) -> _Found:
    found = _Found()
    at = 0
    while opening := _OPENINGS.search(text, at):
        found.text.append(text[at : opening.start()])
        match opening[0]:
            case tags.THINK:
                at = _read_thinking(text, opening.end(), found, is_cut=is_cut)
            case tags.ANSWER:
                at = _read_answer(text, opening.end(), found, offer, is_cut=is_cut)
            case _:
                at = _read_call(text, opening.end(), found, offer, is_cut=is_cut)
    found.text.append(text[at:])
    return found


def _read_thinking(text: str, start: int, found: _Found, *, is_cut: bool) -> int:
    close = text.find(THINK_END, start)
    if close >= 0:
        found.thinking.append(text[start:close])
        return close + len(THINK_END)
    found.thinking.append(text[start:])
    found.malformed.append(fault(faults.UNCLOSED_THINK, is_cut=is_cut))
    return len(text)


def _read_call(text: str, start: int, found: _Found, offer: Offer, *, is_cut: bool) -> int:
    read = read_call(text, start, offer, is_cut=is_cut)
    raw = text[start - len(CALL) : read.end]
    found.malformed += read.malformed
    if read.called is None:
        found.unread.append(raw)
    elif read.called.name in offer.endings:
        found.answers.append((read.called, raw))
    else:
        found.calls.append(read.called)
    return read.end


def _read_answer(text: str, start: int, found: _Found, offer: Offer, *, is_cut: bool) -> int:
    """Reads an answer, prose or an ending as JSON. One that is not closed is an answer if it ends the whole turn."""
    close = text.find(ANSWER_END, start)
    call = text.find(CALL, start)
    if close >= 0:
        end, is_whole = close + len(ANSWER_END), True
    else:
        end, is_whole = (call, False) if call >= 0 else (len(text), not is_cut)
        found.malformed.append(fault(faults.UNCLOSED_ANSWER, is_cut=is_cut))
    said = text[start : close if close >= 0 else end].strip()
    raw = text[start - len(ANSWER) : end]
    if said and is_whole:
        found.answers.append((_ending_in(said, offer) or said, raw))
        return end
    if close >= 0:
        found.malformed.append(fault(faults.EMPTY_ANSWER))
    found.unread.append(raw)
    return end


def _ending_in(text: str, offer: Offer) -> Called | None:
    read = read_object(text) or {}
    name, arguments = read.get("name"), read.get("arguments")
    if isinstance(name, str) and name in offer.endings and isinstance(arguments, dict):
        return Called(name, arguments)
    return None


def _take_answer(found: _Found, offer: Offer) -> str | Called | None:
    """Returns the answer of a turn, and notes what the rules of a turn say of its calls and answers.

    An answer beside calls was given before their results were in, and is none. Of several that differ nobody can tell
    which is meant: they are none either, but in the last turn there is the last of them is taken.
    """
    values = [value for value, _ in found.answers]
    if len(found.calls) > 1:
        found.malformed.append(fault(faults.SEVERAL_CALLS))
    taken = values[-1] if values else None
    if found.calls and values:
        found.malformed.append(fault(faults.CALL_AND_ANSWER))
        taken = None
    elif len(values) > 1:
        found.malformed.append(fault(faults.TWO_ANSWERS))
        is_same = all(value == taken for value in values)
        taken = taken if is_same or offer.is_last else None
    found.unread += [raw for value, raw in found.answers if value != taken]
    return taken


def _explain(found: _Found, *, is_cut: bool) -> list[Malformed]:
    """Returns what is wrong with a turn without call and answer, where nothing that stands in it says so."""
    if any(one.kind != faults.FORGED_RESULT for one in found.malformed):
        return []
    is_empty = not (_join(found.text) or _join(found.thinking) or found.malformed)
    return [fault(faults.EMPTY if is_empty else faults.NO_ACTION, is_cut=is_cut)]


def _join(pieces: list[str]) -> str:
    return "\n".join(stripped for piece in pieces if (stripped := piece.strip()))
