"""A row of the format `tokens` in the fields that trainers have. Pure; imports none of them.

| row | slime `Sample` | verl `AgentLoopOutput` | AReaL episode | TRL `rollout_func` |
| --- | --- | --- | --- | --- |
| ids up to prompt_length | tokens | prompt_ids | input_ids | prompt_ids |
| ids after it | tokens, response_length | response_ids | input_ids | completion_ids |
| mask | loss_mask (response only) | response_mask | loss_mask | env_mask |
| logprobs | rollout_log_probs (response only) | response_logprobs | logprobs | logprobs |
| reward | reward | reward_score | rewards | reward |
| spans | weight_versions | extra_fields | versions | |
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

from metier.canonical import JSON
from metier.export.record import Record, about
from metier.export.tokens import token_rows

Row = Mapping[str, JSON]
_DIGITS = 10  # a name of more is no count of updates
_STATUS = {"stop": "completed", "length": "truncated", "abort": "aborted"}


def trl_rows(record: Record) -> Iterator[dict[str, JSON]]:
    """Yields the rows of `token_rows` as a `rollout_func` gives them to TRL's GRPOTrainer, and what their run was."""
    for row in token_rows(record):
        yield {**to_trl(row), **about(record)}


def to_trl(row: Row) -> dict[str, JSON]:
    """Returns what a `rollout_func` returns for TRL: `prompt_ids`, `completion_ids`, `logprobs`, `env_mask`, `reward`.

    These are of one completion; a batch is the lists of them. `logprobs` is None when the server did not give them all.
    """
    sent, sampled = _halves(row, "ids")
    return {
        "prompt_ids": sent,
        "completion_ids": sampled,
        "logprobs": _logprobs(row),
        "env_mask": _halves(row, "mask")[1],
        "reward": row["reward"],
    }


def to_slime(row: Row) -> dict[str, JSON]:
    """Returns what slime's `Sample.from_dict` reads."""
    versions = [str(span["version"]) for span in _items(row, "spans") if isinstance(span, dict)]
    return {
        "tokens": row["ids"],
        "response_length": len(_halves(row, "ids")[1]),
        "loss_mask": _halves(row, "mask")[1],
        "rollout_log_probs": _logprobs(row),
        "reward": row["reward"],
        "weight_versions": [version for version, _ in groupby(versions)],
        "status": _STATUS.get(str(row["finish"]), "completed"),
        "metadata": {"run": row["run"], "task": row["task"], "stop": row["stop"]},
    }


def to_verl(row: Row) -> dict[str, JSON]:
    """Returns the fields of verl's `AgentLoopOutput`."""
    sent, sampled = _halves(row, "ids")
    return {
        "prompt_ids": sent,
        "response_ids": sampled,
        "response_mask": _halves(row, "mask")[1],
        "response_logprobs": _logprobs(row),
        "reward_score": row["reward"],
        "num_turns": len(_items(row, "responses")),
        "metrics": {},
        "extra_fields": {"run": row["run"], "task": row["task"], "spans": row["spans"]},
    }


def to_areal(row: Row) -> dict[str, JSON]:
    """Returns what an AReaL workflow gives for an episode, without the batch dimension: lists as long as `ids`.

    `versions` are -1 for tokens that were sent. Where one version of the weights has a name that is no number, all of
    the row's count by their place.
    """
    ids, mask = _items(row, "ids"), _items(row, "mask")
    versions: list[JSON] = [-1] * len(ids)
    spans = [span for span in _items(row, "spans") if isinstance(span, dict)]
    numbers = _number([str(span["version"]) for span in spans])
    for span in spans:
        start, end = span["start"], span["end"]
        if isinstance(start, int) and isinstance(end, int):
            versions[start:end] = [numbers[str(span["version"])]] * (end - start)
    known = _logprobs(row)
    return {
        "input_ids": ids,
        "loss_mask": mask,
        "logprobs": None if known is None else [*[0.0] * (len(ids) - len(known)), *known],
        "versions": versions,
        "attention_mask": [1] * len(ids),
        "rewards": row["reward"],
    }


def _number(names: list[str]) -> dict[str, int]:
    """Returns a number for each name: the one that it is, where all are numbers, or its place."""
    if all(name.isdecimal() and len(name) < _DIGITS for name in names):
        return {name: int(name) for name in names}
    return {name: at for at, name in enumerate(dict.fromkeys(names))}


def _halves(row: Row, name: str) -> tuple[list[JSON], list[JSON]]:
    length, values = row["prompt_length"], _items(row, name)
    at = length if isinstance(length, int) else 0
    return values[:at], values[at:]


def _logprobs(row: Row) -> list[JSON] | None:
    """Returns the logprobs of what comes after the prompt, or None when one is not known."""
    numbers = _halves(row, "logprobs")[1]
    return None if None in numbers else numbers


def _items(row: Row, name: str) -> list[JSON]:
    values = row[name]
    return values if isinstance(values, list) else []
