"""A fake server without its HTTP: what every route works on."""

import json
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from metier_sglang.fake.engine import Engine, Sample
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.sampling.grammar import GrammarError
from metier_sglang.fake.sampling.plan import logprob_of, make_plan
from metier_sglang.fake.sampling.script import Reply, Script
from metier_sglang.fake.sampling.speech import Speech

_REMEMBERED = 10_000
RESERVED = 6  # tokens of the context that SGLang keeps for itself and its answer


class RefusedError(ValueError):
    """A request that the server answers with 400."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it came in. Its headers may hold a key, and are kept out of its repr."""

    method: str
    path: str
    raw: bytes
    headers: Mapping[str, str] = field(repr=False)

    @property
    def body(self) -> dict[str, Any]:
        """Returns the JSON object that was sent; raises ValueError where it is none."""
        found: dict[str, Any] = json.loads(self.raw or b"{}")
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What a route asks the engine for."""

    prompt: Sequence[int]
    sampling: Mapping[str, Any]
    rid: str = ""
    priority: int = 0
    lora: str = ""
    reasoning: bool = False


class Service:
    """The state of one fake server."""

    def __init__(self, folder: Path, reply: Reply, flags: Flags) -> None:
        self.flags = flags
        self.engine = Engine(flags)
        self.speech = Speech(folder, style=flags.style)
        self.script = Script(self.speech, reply)
        self.tokenizer_path = str(folder)
        self.model_path = str(folder)
        self.served_name = flags.served_name
        self.loras: dict[str, str] = {}
        self.seen: deque[Seen] = deque(maxlen=_REMEMBERED)

    def admit(self, asked: Asked) -> Sample:
        """Returns the sample that is asked for, ready to run; raises RefusedError with SGLang's words."""
        self._check_length(len(asked.prompt), asked.sampling.get("max_new_tokens"))
        if asked.lora and asked.lora not in self.loras:
            raise RefusedError(self._tell_lora(asked.lora))
        try:
            prompt = () if self.flags.light else asked.prompt
            scripted = self.script.ids_for(prompt, asked.sampling, reasoning=asked.reasoning)
        except GrammarError as error:
            raise RefusedError(str(error)) from error
        plan = make_plan(
            scripted,
            asked.sampling,
            ends=self.speech.vocabulary.ends,
            room=self.flags.context - len(asked.prompt) - 1,
            decode=lambda ids: self.speech.decode(ids, skip_special=False),
        )
        rid = asked.rid or uuid.uuid4().hex
        return Sample(rid, tuple(asked.prompt), plan, priority=asked.priority, lora=asked.lora)

    def text_of(self, sample: Sample, sampling: Mapping[str, Any]) -> str:
        """Returns the text of a sample so far."""
        if self.flags.light:
            return ""
        skip = sampling.get("skip_special_tokens", True)
        done = sample.finish is not None and sample.given == len(sample.plan.ids)
        if not done:
            return self.speech.decode_part(sample.ids, skip_special=skip)
        if sample.plan.hidden_end:
            return self.speech.decode(sample.ids[:-1], skip_special=skip)
        if sample.plan.text_end is not None:
            return self.speech.decode(sample.ids, skip_special=False)[: sample.plan.text_end]
        return self.speech.decode(sample.ids, skip_special=skip)

    def visible(self, sample: Sample) -> tuple[int, str]:
        """Returns how many tokens of an ended sample are text as a whole, and the text of the one after, in part."""
        plan, ids = sample.plan, sample.ids
        if sample.given < len(plan.ids):
            return sample.given, ""
        if plan.text_end is None:
            return sample.given - plan.hidden_end, ""
        whole = 0
        while len(self.speech.decode(ids[: whole + 1], skip_special=False)) <= plan.text_end:
            whole += 1
        start = len(self.speech.decode(ids[:whole], skip_special=False))
        return whole, self.speech.decode(ids, skip_special=False)[start : plan.text_end]

    def meta_of(self, sample: Sample) -> dict[str, Any]:
        """Returns the `meta_info` of a sample so far, without its log-probabilities."""
        spans = [dict(span) for span in sample.spans]
        whole = {} if sample.finish is None else {"weight_versions": spans}
        return {
            "id": sample.rid,
            "finish_reason": None if sample.finish is None else dict(sample.finish),
            "prompt_tokens": len(sample.prompt),
            "weight_version": spans[-1]["version"] if spans else self.engine.version,
            "num_retractions": 0,
            "reasoning_tokens": 0,
            "completion_tokens": sample.given,
            "cached_tokens": sample.cached,
            "cached_tokens_details": {"device": sample.cached, "host": 0} if sample.cached else None,
            **whole,
        }

    def logprobs_of(self, sample: Sample, *, start: int = 0, texts: bool = False) -> list[list[Any]]:
        """Returns [log-probability, id, text or None] for the tokens of a sample from `start` on."""
        return [
            [logprob_of(token, at), token, self.speech.spell(token) if texts else None]
            for at, token in enumerate(sample.ids[start:], start)
        ]

    def _tell_lora(self, name: str) -> str:
        if not self.flags.lora:
            return (
                f"LoRA adapter '{name}' was requested, but LoRA is not enabled. Please launch the server with "
                "--enable-lora flag and preload adapters using --lora-paths or /load_lora_adapter endpoint."
            )
        loaded = ", ".join(sorted(self.loras))
        return f"Got LoRA adapter that has never been loaded: {name}\nAll loaded adapters: dict_keys([{loaded}])."

    def _check_length(self, prompt: int, asked: int | None) -> None:
        context = self.flags.context
        if prompt >= context:
            raise RefusedError(
                f"The input ({prompt} tokens) is longer than the model's context length ({context} tokens)."
            )
        if prompt >= context - RESERVED:
            raise RefusedError(
                f"Input length ({prompt} tokens) exceeds the maximum allowed length ({context - RESERVED} tokens). "
                "Use a shorter input or enable --allow-auto-truncate."
            )
        if asked is not None and prompt + asked > context:
            raise RefusedError(
                f"Requested token count exceeds the model's maximum context length of {context} tokens. You requested "
                f"a total of {prompt + asked} tokens: {prompt} tokens from the input messages and {asked} tokens for "
                "the completion. Please reduce the number of tokens in the input messages or the completion to fit "
                "within the limit."
            )
