"""What a model is told of the limits of its run. A note stays where it was first put, so that prompts only grow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic_ai.messages import ModelMessage, ModelRequest, UserPromptPart

from metier.canonical import JSON
from metier.limits import Pace, Standing

CONCLUDE = (
    "Nearly all of the limit {limit} of this run is used. Conclude now: make no calls that are not needed, and end "
    "with what you have."
)
STOP = (
    "The limit {limit} of this run is reached and no more tools can be called. End the run now with an answer that "
    "the evidence above supports, or refuse and say what is missing."
)
STALLED = (
    "No tool has returned anything new for too long and no more tools can be called. End the run now with an answer "
    "that the evidence above supports, or refuse and say what is missing."
)


def text_of(standing: Standing) -> str:
    """Returns what a model is told at `standing`; nothing while the run may go on."""
    if standing.pace is Pace.GO:
        return ""
    if standing.limit == "progress":
        return STALLED
    return (STOP if standing.pace is Pace.STOP else CONCLUDE).format(limit=standing.limit)


@dataclass(frozen=True, slots=True)
class _Note:
    """A note in its place: the request number `at` of the messages, as JSON without it, and whole with it."""

    at: int
    plain: JSON
    request: ModelRequest

    def fits(self, plain: Sequence[JSON]) -> bool:
        return self.at < len(plain) and self.plain == plain[self.at]


class Notes:
    """The notes of one conversation, by what they say: one for each limit and pace.

    They are not in the journaled messages: they follow from the standings that are journaled with the responses, so
    that a resumed run puts them where they were.
    """

    def __init__(self) -> None:
        self._notes: dict[Standing, _Note] = {}

    def add(self, standing: Standing, messages: Sequence[ModelMessage], plain: Sequence[JSON]) -> None:
        """Puts what `standing` asks for into the newest message, unless it stands in the conversation already.

        `plain` are the messages as JSON. A note whose place is gone, for a mode has rewritten the history, is told
        again.
        """
        known = self._notes.get(standing)
        if standing.pace is Pace.GO or (known is not None and known.fits(plain)):
            return
        newest = messages[-1]
        if isinstance(newest, ModelRequest):
            told = replace(newest, parts=[*newest.parts, UserPromptPart(text_of(standing))])
            self._notes[standing] = _Note(len(messages) - 1, plain[-1], told)

    def put_in(self, messages: list[ModelMessage], plain: Sequence[JSON]) -> list[ModelMessage]:
        """Returns the messages with all notes in place: the same request, the very object, each time it is told."""
        placed = {note.at: note.request for note in self._notes.values() if note.fits(plain)}
        return [placed.get(at, message) for at, message in enumerate(messages)] if placed else messages
