"""An endpoint that turns texts into vectors, by OpenAI's `/v1/embeddings`; SGLang and many others speak it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from metier.canonical import JSON
from metier.errors import InputError, ServerError
from metier_legal.fetch import post_json

KEY: Final = "METIER_LEGAL_EMBEDDINGS_KEY"
LONGEST_TEXT: Final = 8_000
"""Characters of a text that are sent: what models of today read of one is about as much."""

_TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where vectors are made: the base address, such as "http://localhost:30000/v1", and the model's name."""

    url: str
    model: str

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Returns a vector for each text, in their order; raises ServerError when the endpoint cannot give them."""
        key = os.environ.get(KEY, "")
        headers = {"Authorization": f"Bearer {key}"} if key else None
        body: JSON = {"model": self.model, "input": [text[:LONGEST_TEXT] or " " for text in texts]}
        answer = post_json(f"{self.url}/embeddings", body, timeout_s=_TIMEOUT_S, headers=headers)
        return read_vectors(answer, len(texts))


def read_endpoint(named: str) -> Endpoint:
    """Returns the endpoint of an option "URL|model"; raises InputError when it is not written so."""
    url, mark, model = named.partition("|")
    if not mark or not model.strip() or not url.strip():
        raise InputError("The option embeddings must be URL|model.", hint="Such as http://localhost:30000/v1|bge-m3.")
    return Endpoint(url.strip().rstrip("/"), model.strip())


def read_vectors(answer: JSON, count: int) -> list[list[float]]:
    """Returns the vectors of an answer in the order of their index; raises ServerError for another shape."""
    data = answer.get("data") if isinstance(answer, dict) else None
    items = data if isinstance(data, list) else []
    found: dict[int, list[float]] = {}
    for place, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        index, vector = item.get("index", place), item.get("embedding")
        if isinstance(index, int) and isinstance(vector, list) and vector:
            numbers = [float(part) for part in vector if isinstance(part, int | float) and isfinite(part)]
            if len(numbers) == len(vector):
                found[index] = numbers
    widths = {len(vector) for vector in found.values()}
    if sorted(found) != list(range(count)) or len(widths) > 1:
        raise ServerError(
            "The embeddings endpoint answered in another shape.", hint="It must speak OpenAI's /v1/embeddings."
        )
    return [found[place] for place in range(count)]
