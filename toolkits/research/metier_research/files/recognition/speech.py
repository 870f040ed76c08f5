"""Speech in sound and film, by faster-whisper: an extra of this distribution, with weights that the user has."""

import os
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Final

from metier.errors import InputError, MissingError
from metier_research.files.paging import make_page
from metier_research.pages.page import Page

EXTRA: Final = "speech"
WEIGHTS: Final = "METIER_SPEECH_MODEL"


def read_speech(data: bytes, name: str) -> Page:
    """Returns the page of what is said in a sound or film, a line for each piece with its time; it may be wrong.

    The environment variable METIER_SPEECH_MODEL names the folder of the weights: none are ever fetched. Raises
    MissingError without the extra or the weights, InputError for what cannot be decoded or holds no speech.
    """
    weights = os.environ.get(WEIGHTS, "")
    if find_spec("faster_whisper") is None or not weights or not Path(weights).is_dir():
        raise MissingError(
            f"{name} is sound or film; reading what is said in it needs an extra and weights.",
            hint=f"pip install 'metier-research[{EXTRA}]', and name the folder of a Whisper model by {WEIGHTS}.",
        )
    whisper = import_module("faster_whisper").WhisperModel(
        weights, device="cpu", compute_type="int8", local_files_only=True
    )
    try:
        pieces, _ = whisper.transcribe(BytesIO(data), temperature=0.0)
        lines = [f"{_clock(piece.start)} {piece.text.strip()}" for piece in pieces]
    except (OSError, ValueError, RuntimeError, IndexError) as error:
        raise InputError(f"{name} cannot be decoded.", hint="Save it as WAV or MP3.") from error
    return make_page(name, "\n".join(lines), title=name, notes=("These words were recognised in speech.",))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"[{minutes // 60:d}:{minutes % 60:02d}:{rest:02d}]"
