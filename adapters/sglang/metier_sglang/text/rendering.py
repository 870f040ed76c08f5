"""Dialogues to token ids by a model's own chat template: whole, or only what follows a sampled response.

Token in, token out: a prompt is rendered once, as a whole (`begin`). What the model sampled stays as it was sampled,
and each later turn adds tokens only (`follow`), so that a run is one growing sequence of ids and nothing is read again
from text. What `follow` adds is found by the fixed-base method: a small dialogue whose assistant says one private
character is rendered with the new messages after it, and what stands after that character is what the template puts
after a response. Templates that rewrite history (Qwen's drop earlier thinking) do no harm, for the history is what was
sampled and is not rendered again; and the cost does not grow with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from pathlib import Path

from metier.canonical import JSON
from metier.errors import InputError, MissingError
from metier_sglang.text.dialogue import Call, Dialogue, Message, Tool
from metier_sglang.text.folder import read_object, read_text, unsupported
from metier_sglang.text.masking import SENTINEL, Mask
from metier_sglang.text.messages import build_call, build_message, build_tools, merge_systems
from metier_sglang.text.template import Prepared, Template
from metier_sglang.text.tongyi import add_tools, build_plain, tell_tools
from metier_sglang.text.vocabulary import Vocabulary

STYLES = ("", "tongyi")
TAGS = (
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "<tool_response>",
    "</tool_response>",
)  # templates split here
OPENINGS = ("<think>", "◁think▷")
KEPT = 8  # lists of tools kept as templates take them

_ASKED = Message("user", "?")


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Tools as a template takes them, or as text in the system message."""

    tools: tuple[Tool, ...]
    built: list[Prepared]
    told: str


class Renderer:
    """Renders dialogues for one model. `template` is the text of its chat template.

    Texts in a dialogue, whoever wrote them, become no structure: which markers a rendering holds depends on how many
    messages, calls and tools there are, not on what is in them. Not so what is no token of its own: where a tokenizer
    has no added token `</tool_response>`, a text may hold these letters and the model will read them.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        templates: Mapping[str, str],
        *,
        style: str = "",
        day: date | None = None,
    ) -> None:
        """Takes templates by name, "default" and perhaps "tool_use"; raises InputError when they cannot be used."""
        if style not in STYLES:
            raise InputError(f"There is no style {style!r}.", hint=f"Styles are {', '.join(map(repr, STYLES))}.")
        if "default" not in templates:
            raise MissingError(
                "These weights have no chat template.", hint="Put chat_template.jinja into their folder."
            )
        self.vocabulary = vocabulary
        self.template = templates["default"]
        self.style = style
        self._mask = Mask((*vocabulary.markers, *(tag for tag in TAGS if tag not in vocabulary.markers)))
        self._templates = {name: Template(source, day=day) for name, source in templates.items()}
        self._tools: list[_Prepared] = []
        self._openings: dict[tuple[str, bool | None], bool] = {}
        self._tail(Dialogue((_ASKED,)))

    @classmethod
    def read(cls, folder: Path, *, style: str = "", day: date | None = None) -> "Renderer":
        """Returns the renderer of a model's folder.

        `style` "" gives tools to the template, "tongyi" tells them as text. A template that asks for the day is told
        `day`; with None it is told that there is none to ask for, and says what its author had it say then. Raises
        MissingError where there is no tokenizer or chat template, InputError when they cannot be used or do not allow
        the fixed-base method, StorageError when they cannot be read.
        """
        return cls(Vocabulary.read(folder), _read_templates(folder), style=style, day=day)

    def begin(self, dialogue: Dialogue) -> list[int]:
        """Returns the whole prompt, the opening of the assistant's turn included.

        System messages become one at the head. Raises InputError for what the template refuses.
        """
        messages = merge_systems(dialogue.messages)
        return self.vocabulary.encode(self._render(replace(dialogue, messages=tuple(messages))))

    def follow(self, dialogue: Dialogue, *, ended: bool) -> list[int]:
        """Returns the tokens to send after a sampled response; `dialogue.messages` are the new messages only.

        `ended` says that the sample already holds a token that ends the turn, which is then not added again. The head
        was sent long ago, so a system message among the new ones is told as a user's. Raises InputError for what the
        template refuses.
        """
        new = tuple(
            replace(message, role="user") if message.role == "system" else message for message in dialogue.messages
        )
        tail = self._tail(replace(dialogue, messages=new))
        ids = self.vocabulary.encode(tail)
        return ids[1:] if ended and self._closes(tail, ids) else ids

    def opens_thinking(self, dialogue: Dialogue) -> bool:
        """Returns whether the opening of the assistant's turn is already inside the thinking."""
        name = self._name_for(dialogue)
        key = (name, dialogue.thinking)
        if key not in self._openings:
            tail = self._tail(Dialogue((_ASKED,), dialogue.tools, dialogue.thinking))
            self._openings[key] = tail.rstrip().endswith(OPENINGS)
        return self._openings[key]

    def _closes(self, tail: str, ids: Sequence[int]) -> bool:
        """Returns whether the first of `ids` ends the turn before.

        It does when it is one of the vocabulary's ends, or when the next turn is opened right after it (gpt-oss writes
        `<|end|>` in a history where `<|return|>` was sampled).
        """
        if not ids or not tail.startswith(self.vocabulary.markers):
            return False
        first = next(marker for marker in self.vocabulary.markers if self.vocabulary.id_of(marker) == ids[0])
        return ids[0] in self.vocabulary.ends or tail[len(first) :].lstrip().startswith(self.vocabulary.markers)

    def _tail(self, dialogue: Dialogue) -> str:
        """Returns what the template writes after a response, given the messages that follow it."""
        said: dict[str, object] = {"role": "assistant", "content": SENTINEL}
        results = tuple(takewhile(lambda message: message.role == "tool", dialogue.messages))
        try:
            return self._after(self._render(dialogue, said))
        except InputError:
            if not results or self.style:
                raise
        return self._after_calls(dialogue, results)

    def _after_calls(self, dialogue: Dialogue, results: Sequence[Message]) -> str:
        """Returns the same for a template that takes no result without its call: from the token that ends the turn."""
        calls = [
            build_call(Call(result.name or "f", "{}", result.call_id), self._mask, arguments={"x": SENTINEL * last})
            for last, result in zip([*[0] * (len(results) - 1), 1], results, strict=True)
        ]
        tail = self._after(self._render(dialogue, {"role": "assistant", "content": "", "tool_calls": calls}))
        ends = (marker for marker in self.vocabulary.markers if self.vocabulary.id_of(marker) in self.vocabulary.ends)
        places = [place for place in map(tail.find, ends) if place >= 0]
        if not places:
            raise unsupported("The chat template does not close a turn with a token that ends one.")
        return tail[min(places) :]

    def _after(self, rendered: str) -> str:
        _, found, tail = rendered.partition(SENTINEL)
        if not found or SENTINEL in tail:
            raise unsupported("The chat template does not write what an assistant said once and as it is.")
        return tail

    def _render(self, dialogue: Dialogue, said: dict[str, object] | None = None) -> str:
        """Returns the rendering of a dialogue, which follows a question and what was `said` to it, if anything."""
        prepared = self._prepare(dialogue.tools)
        template = self._templates[self._name_for(dialogue)]
        messages: list[dict[str, object]] = [] if said is None else [{"role": "user", "content": "?"}, said]
        if self.style == "tongyi":
            messages = add_tools([*messages, *build_plain(dialogue.messages, self._mask)], prepared.told)
        else:
            messages += (build_message(one, self._mask, takes_parts=template.takes_parts) for one in dialogue.messages)
        return template.render(
            messages, prepared.built, prompt=True, thinking=dialogue.thinking, named=self.vocabulary.named
        )

    def _name_for(self, dialogue: Dialogue) -> str:
        return "tool_use" if dialogue.tools and not self.style and "tool_use" in self._templates else "default"

    def _prepare(self, tools: tuple[Tool, ...]) -> _Prepared:
        for kept in self._tools:
            if kept.tools == tools:
                return kept
        told = tell_tools(tools, self._mask) if self.style == "tongyi" else ""
        prepared = _Prepared(tools, [] if self.style == "tongyi" else build_tools(tools, self._mask), told)
        self._tools = [prepared, *self._tools[: KEPT - 1]]
        return prepared


def _read_templates(folder: Path) -> dict[str, str]:
    alone = read_text(folder / "chat_template.jinja")
    if alone is not None:
        return {"default": alone}
    config: Mapping[str, JSON] = read_object(folder / "tokenizer_config.json") or {}
    source = config.get("chat_template")
    if isinstance(source, str):
        return {"default": source}
    listed = source if isinstance(source, list) else []
    named = [(entry.get("name"), entry.get("template")) for entry in listed if isinstance(entry, Mapping)]
    return {str(name): text for name, text in named if name in ("default", "tool_use") and isinstance(text, str)}
