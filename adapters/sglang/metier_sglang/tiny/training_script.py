"""Fits a tiny Qwen3 to token sequences. Run by path, in an environment that has torch, numpy and safetensors.

    python training_script.py JOB FOLDER

JOB is a folder with `job.json` (shape and settings) and `samples.npz` (`ids`, `mask` and `starts`: all sequences
joined, where a token was sampled, and where each sequence begins). Writes `model.safetensors` into FOLDER, and one line
of JSON to standard output at each check. Exits with 1 when the samples are not learnt within the steps allowed.

The forward pass is that of `Qwen3ForCausalLM`: pre-norm RMS, rotary positions, grouped queries with normed heads,
SwiGLU, tied embeddings. Only sampled tokens are learnt. In a long sequence gradients go through those tokens and a
window before each stretch of them; the keys and values of all others are computed without gradients, and anew every
few steps. At each check they are exact.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

Weights = dict[str, torch.Tensor]
Cache = list[tuple[torch.Tensor, torch.Tensor]]  # keys and values (1, heads, tokens, width) of each layer

_WARM = 20  # steps until the learning rate is whole
_SHARP = 2.0  # first weight of the norms of queries and keys: attention can single a token out of thousands
_RARELY = 0.05  # weight with which a sample is drawn that is known for certain


@dataclass(slots=True)
class Sample:
    """One sequence. `active` are the positions with gradients, `learnt` those among them whose next token counts."""

    ids: torch.Tensor
    active: torch.Tensor
    learnt: torch.Tensor
    cache: Cache

    @property
    def is_whole(self) -> bool:
        """Returns whether every token has gradients."""
        return len(self.active) == len(self.ids)

    @property
    def targets(self) -> torch.Tensor:
        """Returns the ids of the sampled tokens."""
        return self.ids[self.active[self.learnt] + 1]


@dataclass(frozen=True, slots=True)
class Job:
    """The shape of the model, as its config.json has it, and how to fit it."""

    config: Mapping[str, Any]
    steps: int
    rate: float
    margin: float
    batch: int
    window: int
    whole: int
    check: int
    half: int
    seed: int
    threads: int


def read_samples(folder: Path, job: Job) -> list[Sample]:
    """Returns the sequences of a job."""
    with np.load(folder / "samples.npz") as arrays:
        ids, mask, starts = arrays["ids"].astype(np.int64), arrays["mask"], arrays["starts"]
    bounds = zip(starts, [*starts[1:], len(ids)], strict=True)
    return [_sample(ids[start:end], mask[start:end], job) for start, end in bounds]


def _sample(ids: Any, mask: Any, job: Job) -> Sample:
    is_active = np.ones(len(ids), bool)
    if len(ids) > job.whole:
        is_active = mask.copy()
        for start in np.flatnonzero(mask[1:] & ~mask[:-1]) + 1:
            is_active[max(0, start - job.window) : start] = True
    active = np.flatnonzero(is_active[:-1])
    if is_active.all():
        active = np.arange(len(ids))
    is_learnt = np.append(mask[1:], False)[active]
    return Sample(torch.from_numpy(ids), torch.from_numpy(active), torch.from_numpy(np.flatnonzero(is_learnt)), [])


def make_weights(config: Mapping[str, Any]) -> Weights:
    """Returns fresh weights, by their names in a checkpoint."""
    width, inner, head = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    queries, keys = config["num_attention_heads"] * head, config["num_key_value_heads"] * head
    sizes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (config["vocab_size"], width)}
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        for name, size in (
            ("input_layernorm", (width,)),
            ("self_attn.q_proj", (queries, width)),
            ("self_attn.k_proj", (keys, width)),
            ("self_attn.v_proj", (keys, width)),
            ("self_attn.o_proj", (width, queries)),
            ("self_attn.q_norm", (head,)),
            ("self_attn.k_norm", (head,)),
            ("post_attention_layernorm", (width,)),
            ("mlp.gate_proj", (inner, width)),
            ("mlp.up_proj", (inner, width)),
            ("mlp.down_proj", (width, inner)),
        ):
            sizes[f"{at}.{name}.weight"] = size
    sizes["model.norm.weight"] = (width,)
    return {name: _fresh(name, size).requires_grad_() for name, size in sizes.items()}


def _fresh(name: str, size: tuple[int, ...]) -> torch.Tensor:
    if len(size) == 2:
        return torch.randn(size) * size[1] ** -0.5
    return torch.full(size, _SHARP if name.endswith(("q_norm.weight", "k_norm.weight")) else 1.0)


def forward(
    weights: Weights,
    config: Mapping[str, Any],
    ids: torch.Tensor,
    at: torch.Tensor,
    cache: Cache,
    *,
    keep: bool = False,
) -> torch.Tensor:
    """Returns the last hidden states (rows, tokens, width) of `ids` (rows, tokens) at the positions `at`.

    With a cache the tokens see the keys and values in it, their own put in their places; `keep` fills the cache.
    """
    turn = _rotation(config, at)
    total = cache[0][0].shape[2] if cache else 0
    visible = at[:, None] >= torch.arange(total) if cache else None
    x = F.embedding(ids, weights["model.embed_tokens.weight"])
    for layer in range(config["num_hidden_layers"]):
        own = {name.split(f".{layer}.", 1)[1]: w for name, w in weights.items() if f"layers.{layer}." in name}
        q, k, v = _project(own, config, _norm(x, own["input_layernorm.weight"], config), turn)
        if keep:
            cache.append((k, v))
        elif cache:
            k, v = (old.index_copy(2, at, new) for old, new in zip(cache[layer], (k, v), strict=True))
        seen = F.scaled_dot_product_attention(q, k, v, visible, is_causal=visible is None, enable_gqa=True)
        x = x + F.linear(seen.transpose(1, 2).flatten(2), own["self_attn.o_proj.weight"])
        y = _norm(x, own["post_attention_layernorm.weight"], config)
        gate = F.silu(F.linear(y, own["mlp.gate_proj.weight"]))
        x = x + F.linear(gate * F.linear(y, own["mlp.up_proj.weight"]), own["mlp.down_proj.weight"])
    return _norm(x, weights["model.norm.weight"], config)


def _norm(x: torch.Tensor, weight: torch.Tensor, config: Mapping[str, Any]) -> torch.Tensor:
    return F.rms_norm(x, weight.shape, weight, config["rms_norm_eps"])


def _rotation(config: Mapping[str, Any], at: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    width = config["head_dim"]
    speeds = config["rope_theta"] ** (-torch.arange(0, width, 2, dtype=torch.float32) / width)
    angles = torch.outer(at.float(), speeds).repeat(1, 2)
    return angles.cos(), angles.sin()


def _project(
    own: Weights, config: Mapping[str, Any], x: torch.Tensor, turn: tuple[torch.Tensor, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    def heads(name: str) -> torch.Tensor:
        flat = F.linear(x, own[f"self_attn.{name}_proj.weight"])
        return flat.unflatten(2, (-1, config["head_dim"]))

    def turned(x: torch.Tensor) -> torch.Tensor:
        left, right = x.chunk(2, dim=-1)
        return x * turn[0] + torch.cat((-right, left), dim=-1) * turn[1]

    q = _norm(heads("q"), own["self_attn.q_norm.weight"], config).transpose(1, 2)
    k = _norm(heads("k"), own["self_attn.k_norm.weight"], config).transpose(1, 2)
    return turned(q), turned(k), heads("v").transpose(1, 2)


def logits(weights: Weights, job: Job, samples: Sequence[Sample]) -> torch.Tensor:
    """Returns the logits (tokens, vocabulary) of all that is learnt of `samples`, in their order."""
    hidden = []
    for group in _rows(samples):
        if group[0].is_whole:
            ids = torch.nn.utils.rnn.pad_sequence([sample.ids for sample in group], batch_first=True)
            states = forward(weights, job.config, ids, torch.arange(ids.shape[1]), [])
        else:
            sample = group[0]
            states = forward(weights, job.config, sample.ids[sample.active][None], sample.active, sample.cache)
        hidden += [row[sample.learnt] for row, sample in zip(states, group, strict=True)]
    return F.linear(torch.cat(hidden), weights["model.embed_tokens.weight"])


def _rows(samples: Sequence[Sample]) -> list[list[Sample]]:
    """Returns whole samples that follow each other as one group, and each long one alone."""
    groups: list[list[Sample]] = []
    for sample in samples:
        if groups and sample.is_whole and groups[-1][0].is_whole:
            groups[-1].append(sample)
        else:
            groups.append([sample])
    return groups


def measure(weights: Weights, job: Job, samples: Sequence[Sample]) -> torch.Tensor:
    """Returns the smallest probability of a learnt token, by sample, after computing keys and values anew."""
    least = []
    with torch.no_grad():
        for sample in samples:
            if not sample.is_whole:
                sample.cache = []
                forward(weights, job.config, sample.ids[None], torch.arange(len(sample.ids)), sample.cache, keep=True)
            likely = F.log_softmax(logits(weights, job, [sample]), dim=-1)
            least.append(likely.gather(1, sample.targets[:, None]).min().exp())
    return torch.stack(least)


def fit(weights: Weights, job: Job, samples: Sequence[Sample]) -> Iterator[tuple[int, float, float]]:
    """Yields (step, loss, smallest probability) at each check, until that probability is above the margin.

    Samples that are known worst come first.
    """
    optimizer = torch.optim.AdamW(weights.values(), lr=job.rate, betas=(0.9, 0.98), weight_decay=0.0)
    least = measure(weights, job, samples)
    for step in range(1, job.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = job.rate * min(1.0, step / _WARM) * 0.5 ** (step / job.half)
        chosen = torch.multinomial(_RARELY + 1 - least, min(job.batch, len(samples))).sort().values.tolist()
        batch = [samples[at] for at in chosen]
        loss = F.cross_entropy(logits(weights, job, batch), torch.cat([sample.targets for sample in batch]))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
        optimizer.step()
        if step % job.check == 0:
            least = measure(weights, job, samples)
            yield step, loss.item(), least.min().item()
            if least.min() > job.margin:
                return


def main(folder: Path, out: Path) -> int:
    """Fits the job in `folder` and writes the weights to `out`; returns the exit code."""
    job = Job(**json.loads((folder / "job.json").read_text()))
    torch.set_num_threads(job.threads)
    torch.manual_seed(job.seed)
    samples = read_samples(folder, job)
    weights = make_weights(job.config)
    least = 0.0
    for step, loss, least in fit(weights, job, samples):
        line = {"step": step, "of": job.steps, "loss": loss, "least": least}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    if least <= job.margin:
        return 1
    plain = {name: weight.detach().contiguous() for name, weight in weights.items()}
    save_file(plain, out / "model.safetensors", {"format": "pt"})
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
