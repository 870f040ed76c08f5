"""Token in, token out: the next prompt is the tokens of the last turn, and what came after it.

What was sent and what was sampled is never tokenised again. A response says in its provider details which tokens it
was made of (`metier.tokens`) and which history it answered (a digest). The next request finds the newest response that
answered the history before it, takes that turn's tokens and adds those of the new messages. The tokens come from
memory, or, in another process, from the records in the messages themselves.

Where a response answered another history (a note that was shown once and not stored, say) but its own tokens are
known, these are put into the prompt as they were sampled. Only where neither holds is the history rendered anew.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic_ai.messages import ModelMessage, ModelResponse

from metier.canonical import JSON
from metier.errors import InputError
from metier.tokens import DETAILS, TokenRecord, dump_record, load_record, sequence_of
from metier_sglang.model.history.chain import Fold, Folded, Link, ToolDigests, digest_base, digest_message, make_link
from metier_sglang.model.history.mapping import PROVIDER, map_response
from metier_sglang.model.history.memo import Memo
from metier_sglang.protocol.generation import Generation
from metier_sglang.text.dialogue import Dialogue, Message, Tool
from metier_sglang.text.rendering import Renderer

_KEPT_TOKENS = 4_000_000  # tokens of all runs that are remembered, some 42 bytes each


@dataclass(frozen=True, slots=True)
class Asked:
    """What the model is asked: the history, the one system message, the tools, and whether it thinks."""

    messages: Sequence[ModelMessage]
    system: str
    tools: tuple[Tool, ...]
    thinking: bool | None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt in tokens. `after`, `kept` and `added` are a TokenRecord's; `before` is the digest of the history."""

    ids: tuple[int, ...]
    encoded: str
    after: str
    kept: int
    added: tuple[int, ...]
    before: str
    thinking: bool | None
    in_thinking: bool
    images: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A turn's tokens: the prompt, also as JSON text, and the sample. They are joined when the next turn needs it."""

    ids: tuple[int, ...]
    encoded: str
    sampled: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ids) + len(self.sampled)


class Conversation:
    """Makes prompts for any number of runs at once; holds tokens for speed only, and forgets the oldest."""

    def __init__(self, renderer: Renderer, identity: str, *, kept_tokens: int = _KEPT_TOKENS) -> None:
        self._renderer = renderer
        self._identity = identity
        self._kept_tokens = kept_tokens
        self._links = Memo(make_link)
        self._tools, self._fold = ToolDigests(), Fold()
        self._known: dict[str, _Known] = {}
        self._held = 0
        self._lock = threading.Lock()  # a model may be used on the event loops of several threads

    def prompt(self, asked: Asked) -> Prompt:
        """Returns the prompt; raises InputError for a history that these weights can not be shown."""
        with self._lock:
            return self._make(asked)

    def _make(self, asked: Asked) -> Prompt:
        links = self._links.read(asked.messages)
        folded = self._fold(digest_base(self._identity, asked.system, self._tools(asked.tools)), links)
        at = _find_answer(folded)
        if at is not None:
            followed = self._follow(asked, links, at)
            if followed is not None:
                rid, known, added = followed
                return self._finish(asked, known, rid, added, folded)
        system = (Message("system", asked.system),) if asked.system else ()
        whole = (*system, *(message for link in links for message in link.shown))
        added = tuple(self._renderer.begin(Dialogue(whole, asked.tools, asked.thinking)))
        return self._finish(asked, _Known((), "", ()), "", added, folded)

    def record(self, prompt: Prompt, rid: str, generation: Generation) -> TokenRecord:
        """Returns the record of a response, and remembers its tokens for the next prompt."""
        with self._lock:
            self._forget(rid)
            self._remember(rid, _Known(prompt.ids, prompt.encoded, generation.ids))
            self._forget(prompt.after)
        return TokenRecord(
            rid=rid,
            after=prompt.after,
            kept=prompt.kept,
            added=prompt.added,
            sampled=generation.ids,
            logprobs=generation.logprobs,
            cached=generation.cached,
            finish=generation.finish,
            server=generation.server,
            spans=generation.spans,
        )

    def _finish(self, asked: Asked, known: _Known, rid: str, added: tuple[int, ...], folded: Folded) -> Prompt:
        new = known.sampled + added
        return Prompt(
            ids=known.ids + new,
            encoded=_join(known.encoded, new),
            after=rid,
            kept=len(known),
            added=added,
            before=folded.digests[-1].hex(),
            thinking=asked.thinking,
            in_thinking=self._renderer.opens_thinking(Dialogue((), asked.tools, asked.thinking)),
            images=folded.images,
        )

    def _follow(self, asked: Asked, links: Sequence[Link], at: int) -> tuple[str, _Known, tuple[int, ...]] | None:
        record = _record_of(links[at].message)
        if record is None:
            return None
        known = self._known.get(record.rid) or _rebuild(record.rid, links[: at + 1])
        if known is None:
            return None
        added: list[int] = []
        new: list[Message] = []
        last = record
        for link in links[at + 1 :]:
            if not link.is_response:
                new += link.shown
                continue
            spliced = _record_of(link.message)
            if spliced is None or not _is_as_said(link):
                return None
            added += self._render(Dialogue(tuple(new), asked.tools, _thinking_of(link.message)), last)
            added += spliced.sampled
            new, last = [], spliced
        added += self._render(Dialogue(tuple(new), asked.tools, asked.thinking), last)
        return record.rid, known, tuple(added)

    def _render(self, new: Dialogue, last: TokenRecord) -> list[int]:
        ended = bool(last.sampled) and last.sampled[-1] in self._renderer.vocabulary.ends
        return self._renderer.follow(new, ended=ended)

    def _remember(self, rid: str, known: _Known) -> None:
        self._known[rid] = known
        self._held += len(known)
        while self._held > self._kept_tokens and len(self._known) > 1:
            self._forget(next(iter(self._known)))

    def _forget(self, rid: str) -> None:
        known = self._known.pop(rid, None)
        if known is not None:
            self._held -= len(known)


def details_of(
    record: TokenRecord, prompt: Prompt, response: ModelResponse, notes: Mapping[str, JSON]
) -> dict[str, JSON]:
    """Returns the provider details of a response: its tokens, the history it answered, and `notes` on it."""
    said = digest_message((map_response(response),)).hex()
    ours: dict[str, JSON] = {"before": prompt.before, "said": said, "thinking": prompt.thinking, **notes}
    return {DETAILS: dump_record(record), PROVIDER: ours}


def _find_answer(folded: Folded) -> int | None:
    """Returns the place of the newest response that answered the history before it and is as it was said."""
    for at in range(len(folded.links) - 1, -1, -1):
        link = folded.links[at]
        if link.is_response and _ours(link.message).get("before") == folded.digests[at].hex() and _is_as_said(link):
            return at
    return None


def _is_as_said(link: Link) -> bool:
    return _ours(link.message).get("said") == link.digest.hex()


def _ours(message: ModelMessage) -> Mapping[str, object]:
    details = message.provider_details if isinstance(message, ModelResponse) else None
    ours = details.get(PROVIDER) if details else None
    return ours if isinstance(ours, dict) else {}


def _thinking_of(message: ModelMessage) -> bool | None:
    thinking = _ours(message).get("thinking")
    return thinking if isinstance(thinking, bool) else None


def _record_of(message: ModelMessage) -> TokenRecord | None:
    details = message.provider_details if isinstance(message, ModelResponse) else None
    if not details or DETAILS not in details:
        return None
    try:
        return load_record(details[DETAILS])
    except InputError:
        return None  # a history that was edited by hand is rendered anew


def _rebuild(rid: str, links: Sequence[Link]) -> _Known | None:
    records = {record.rid: record for link in links if (record := _record_of(link.message)) is not None}
    try:
        ids = sequence_of(rid, records).ids
    except InputError:
        return None  # the beginning of the history is gone
    return _Known(ids, _join("", ids), ())


def _join(encoded: str, ids: Sequence[int]) -> str:
    more = ",".join(map(str, ids))
    return f"{encoded},{more}" if encoded and more else encoded or more
