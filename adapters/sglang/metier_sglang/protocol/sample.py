"""A sample in the making, over as many attempts and servers as it takes. Pure."""

from collections.abc import Iterable

from metier.tokens import Span
from metier_sglang.protocol.generation import Chunk, GenerateRequest, Generation
from metier_sglang.protocol.piece import Piece
from metier_sglang.protocol.request import is_bound, left_of, rest_of


class Sample:
    """Gathers pieces into one sample, and says what is left to ask when an attempt ends early.

    What was sampled is kept and becomes prompt of the next attempt, so that nothing is sampled twice. Two things are
    then not as in one attempt: penalties count the tokens of their own attempt, and a stop string half written before
    the break is not seen by the server that goes on. A sample that a grammar binds is begun anew instead, for a server
    matches a grammar from the first token it samples itself.
    """

    def __init__(self, request: GenerateRequest) -> None:
        self.request = request
        self.attempt = 0
        self.ids: list[int] = []
        self.finish = ""
        self._logprobs: list[float] = []
        self._complete = request.logprobs
        self._prompt_tokens = len(request.input_ids)
        self._cached: int | None = None
        self._server = ""
        self._at = 0  # the tokens there were when this attempt began
        self._before: list[Span] = []  # of earlier attempts
        self._spans: list[Span] = []  # of this one

    @property
    def seen(self) -> int:
        """Returns the tokens that this attempt has given."""
        return len(self.ids) - self._at

    @property
    def bound(self) -> bool:
        """Returns whether a grammar binds the sample: one that was shown in part can not be gone on with."""
        return is_bound(self.request.sampling)

    def ask(self) -> GenerateRequest:
        """Returns what to ask now."""
        return rest_of(self.request, self.ids, attempt=self.attempt)

    def take(self, piece: Piece, server: str) -> Chunk:
        """Adds a piece that `server` gave, and returns it as a chunk; an abort ends the attempt, not the sample."""
        self._server = server
        start = len(self.ids)
        self.ids += piece.ids
        self._complete = self._complete and len(piece.logprobs) == len(piece.ids)
        self._logprobs += piece.logprobs
        if self._at == 0 and piece.prompt_tokens:  # a later attempt's prompt holds what was sampled before it
            self._prompt_tokens, self._cached = piece.prompt_tokens, piece.cached
        if piece.spans:
            self._spans = [Span(span.version, span.start + self._at, span.end + self._at) for span in piece.spans]
        elif piece.ids and piece.version:
            self._spans = _joined((*self._spans, Span(piece.version, start, len(self.ids))))
        if piece.finish in ("stop", "length"):
            self.finish = piece.finish
        return self._chunk(piece.ids, piece.logprobs, piece.version)

    def interrupt(self) -> Chunk | None:
        """Ends the attempt: what is asked next is what is left. Returns the last chunk when nothing is."""
        stops = self.request.sampling.get("stop_token_ids")
        left = left_of(self.request.sampling, len(self.ids))
        if self.ids and isinstance(stops, list) and self.ids[-1] in stops:
            self.finish = "stop"
        elif self.ids and left is not None and left <= 0:
            self.finish = "length"
        if self.finish:
            return self._chunk((), (), "")
        if self.bound:
            self._forget()
        self._at = len(self.ids)
        self._before, self._spans = [*self._before, *self._spans], []
        self.attempt += 1
        return None

    def result(self) -> Generation:
        """Returns the whole sample; `server` is the one that gave the last of it."""
        return Generation(
            ids=tuple(self.ids),
            logprobs=tuple(self._logprobs) if self._complete else (),
            finish=self.finish,
            prompt_tokens=self._prompt_tokens,
            cached=self._cached,
            server=self._server,
            spans=tuple(_joined((*self._before, *self._spans))),
        )

    def _chunk(self, ids: tuple[int, ...], logprobs: tuple[float, ...], version: str) -> Chunk:
        numbers = (self._prompt_tokens, self._cached)
        return Chunk(ids, logprobs, self.finish, *numbers, version, self._server)

    def _forget(self) -> None:
        self.ids.clear()
        self._logprobs.clear()
        self._before.clear()
        self._spans.clear()
        self._complete = self.request.logprobs


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Returns the spans with neighbours of one version as one."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and last.version == span.version and last.end == span.start:
            joined[-1] = Span(span.version, last.start, span.end)
        else:
            joined.append(span)
    return joined
