"""The fitted tiny model: trained, in another environment, until it says its dialogues by heart.

Training runs `training_script.py` under a Python that has torch (that of an SGLang environment does), so that this
distribution needs none. What was fitted once is kept under the digest of all that went into it.
"""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

import numpy as np
from tokenizers import Tokenizer

from metier.canonical import digest_of
from metier.errors import MissingError, ModelError
from metier.home import make_folder, storage_error, write_atomically
from metier_sglang.text.rendering import Renderer
from metier_sglang.text.vocabulary import Vocabulary
from metier_sglang.tiny.checkpoint import Shape, write_settings
from metier_sglang.tiny.samples import Exchange, Sample, join_exchanges, list_exchanges
from metier_sglang.tiny.scripts import script_texts
from metier_sglang.tiny.tokenizer import train_tokenizer, write_tokenizer

SCRIPT = Path(__file__).with_name("training_script.py")
SHAPE = Shape(8000, width=64, head_width=16, inner=192)  # as small as learns everything within a minute
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to fit. `shape.vocabulary` bounds the tokenizer.

    A step learns from `batch` sequences at the learning rate `rate`, which halves every `half` steps. Every `check`
    steps it is seen how sure the model is: training ends when every token of every reply has a probability above
    `margin`, and fails after `steps`. A sequence of more than `whole` tokens has gradients only in the `window` tokens
    before each reply and in the reply. One thread is the default: two wait for each other on a busy machine.
    """

    shape: Shape = SHAPE
    steps: int = 1500
    rate: float = 0.008
    margin: float = 0.9
    batch: int = 8
    window: int = 32
    whole: int = 1200
    check: int = 10
    half: int = 120
    seed: int = 0
    threads: int = 1


def build(
    folder: Path,
    *,
    python: Path,
    exchanges: Sequence[Exchange] = (),
    recipe: Recipe | None = None,
    report: Report = lambda line: None,
) -> Path:
    """Returns a checkpoint fitted to the scripts and to further `exchanges`: a folder inside `folder`.

    It is made when it is not there yet; `report` is told of the progress. Raises what `fit` raises.
    """
    recipe = recipe or Recipe()
    with TemporaryDirectory(dir=make_folder(folder)) as scratch:
        written = Path(scratch) / "model"
        samples = _prepare(written, exchanges, recipe)
        name = _digest(written, samples, recipe)
        kept = folder.resolve() / f"tiny-{name[:16]}"
        if not kept.is_dir():
            fit(written, samples, python=python, recipe=recipe, report=report)
            _keep(written, kept)
    return kept


def _keep(written: Path, kept: Path) -> None:
    try:
        written.rename(kept)
    except OSError as error:
        if not kept.is_dir():  # another process was faster
            raise storage_error(kept, error) from error


def fit(
    folder: Path, samples: Sequence[Sample], *, python: Path, recipe: Recipe, report: Report = lambda line: None
) -> None:
    """Writes the weights of a checkpoint whose settings are in `folder`, fitted to `samples`.

    Raises MissingError when `python` cannot be run or lacks torch, and ModelError when the samples are not learnt.
    """
    with TemporaryDirectory() as scratch, TemporaryFile() as errors:
        _write_job(Path(scratch), folder, samples, recipe)
        command = [str(python), "-W", "ignore", str(SCRIPT), scratch, str(folder)]
        code = _run(command, recipe.threads, errors, report)
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip()
    if code:
        raise _failure(said, python)


def _failure(said: str, python: Path) -> MissingError | ModelError:
    if "No module named" in said:
        reason = said.splitlines()[-1]
        return MissingError(f"{python} cannot train: {reason}.", hint="Give the Python of an SGLang environment.")
    reason = f": {said.splitlines()[-1]}" if said else ""
    return ModelError(f"The tiny model did not learn its dialogues{reason}.", hint="Allow more steps, or fewer texts.")


def _run(command: Sequence[str], threads: int, errors: IO[bytes], report: Report) -> int:
    """Returns the exit code of the training; a line of progress is reported at each of its checks."""
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment, text=True)
    except OSError as error:
        raise MissingError(
            f"{command[0]} cannot be run: {error.strerror}.", hint="Give the Python of an SGLang environment."
        ) from error
    with process:
        try:
            for line in process.stdout or ():
                at = json.loads(line)
                report(f"step {at['step']}: loss {at['loss']:.4f}, least certain token {at['least']:.2f}")
            return process.wait()
        finally:
            if process.poll() is None:
                process.kill()


def _prepare(folder: Path, exchanges: Sequence[Exchange], recipe: Recipe) -> list[Sample]:
    """Returns the samples after writing all but the weights of their checkpoint into `folder`."""
    with TemporaryDirectory() as scratch:
        write_tokenizer(Path(scratch), train_tokenizer(script_texts()))
        scripted = list_exchanges(Renderer.read(Path(scratch)))
    told = [*scripted, *exchanges]
    tokenizer = train_tokenizer([f"{one.prompt}{one.reply}" for one in told], size=recipe.shape.vocabulary)
    write_settings(folder, _shape_for(tokenizer, recipe), tokenizer)
    return join_exchanges(told, Vocabulary.read(folder))


def _shape_for(tokenizer: Tokenizer, recipe: Recipe) -> Shape:
    return replace(recipe.shape, vocabulary=tokenizer.get_vocab_size())


def _digest(folder: Path, samples: Sequence[Sample], recipe: Recipe) -> str:
    """Returns the digest of all that decides how the checkpoint comes out."""
    files = {path.name: sha256(path.read_bytes()).hexdigest() for path in (*folder.iterdir(), SCRIPT)}
    return digest_of({"files": files, "recipe": asdict(recipe), "samples": [asdict(sample) for sample in samples]})


def _write_job(job: Path, folder: Path, samples: Sequence[Sample], recipe: Recipe) -> None:
    settings = asdict(recipe)
    del settings["shape"]
    config = json.loads((folder / "config.json").read_bytes())
    write_atomically(job / "job.json", json.dumps({"config": config, **settings}).encode())
    lengths = [len(sample.ids) for sample in samples]
    np.savez(
        job / "samples.npz",
        ids=np.concatenate([np.array(sample.ids, np.int32) for sample in samples]),
        mask=np.concatenate([np.array(sample.mask, np.bool_) for sample in samples]),
        starts=np.cumsum([0, *lengths[:-1]]),
    )
