"""Vectors of an endpoint are fused with the words; a dead endpoint leaves the words and is told of."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from metier.errors import InputError, ServerError
from metier.toolkit import Settings
from metier_legal.search.backend import Filters, Hit
from metier_legal.search.contract import ids, make_entry
from metier_legal.search.embedding.endpoint import KEY, Endpoint, read_endpoint, read_vectors
from metier_legal.search.embedding.fused import Fused, fuse
from metier_legal.search.embedding.vectors import Vectors
from metier_legal.search.engines.inverted import InvertedIndex
from metier_legal.search.library import open_search

MEANINGS = {"boiler": 0, "heating": 0, "furnace": 0, "rent": 1, "payment": 1, "ship": 2, "vessel": 2}


@dataclass
class Model:
    """A stand-in for a model behind the protocol: words of one meaning have one direction."""

    asked: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    width: int = 4
    fails: bool = False
    url: str = ""

    def embed(self, text: str) -> list[float]:
        vector = [0.0] * self.width
        for word in text.lower().replace(".", " ").split():
            if word in MEANINGS:
                vector[MEANINGS[word]] += 1.0
        return vector


@pytest.fixture
def model() -> Iterator[Model]:
    with serving(Model()) as model:
        yield model


@contextmanager
def serving(model: Model) -> Iterator[Model]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked += body["input"]
            model.keys.append(self.headers["Authorization"])
            data = [{"index": place, "embedding": model.embed(text)} for place, text in enumerate(body["input"])]
            self.send_response(500 if model.fails else 200)
            self.end_headers()
            self.wfile.write(json.dumps({"data": data[::-1]}).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


ENTRIES = [
    make_entry("heat", "The furnace must work.", end=date(2015, 1, 1)),
    make_entry("pay", "A payment is due."),
    make_entry("sea", "The vessel obeys its master.", jurisdiction="yy"),
]


def make(model: Model, folder: Path) -> Fused:
    vectors = Vectors(folder / "vectors.db", fresh=False)
    return Fused(InvertedIndex(folder / "index"), vectors, Endpoint(model.url, "small"))


def test_what_means_the_same_is_found_without_a_common_word(model: Model, tmp_path: Path) -> None:
    backend = make(model, tmp_path)
    assert backend.index(ENTRIES) == 3
    assert ids(backend, "boiler") == ["heat"]
    assert ids(backend, "boiler", Filters(on=date(2020, 1, 1))) == []
    assert ids(backend, "ship", Filters(jurisdiction="yy")) == ["sea"]
    assert backend.search("carburettor", filters=Filters(), limit=5).state == "NO_MATCH"
    assert backend.explain("boiler", "heat", filters=Filters()).parts == (("small", "vector", pytest.approx(1.0)),)
    assert backend.explain("boiler", "pay", filters=Filters()) is None


def test_a_dead_endpoint_leaves_the_words_and_says_so(model: Model, tmp_path: Path) -> None:
    backend = make(model, tmp_path)
    backend.index(ENTRIES)
    model.fails = True
    found = backend.search("furnace", filters=Filters(), limit=5)
    assert (found.state, [hit.id for hit in found.hits]) == ("GROUNDED", ["heat"])
    assert "Only words were searched" in found.reason
    assert backend.search("boiler", filters=Filters(), limit=5).state == "NO_MATCH"


def test_vectors_that_are_missing_are_made_later_and_none_twice(model: Model, tmp_path: Path) -> None:
    model.fails = True
    make(model, tmp_path).index(ENTRIES)
    model.fails = False
    backend = make(model, tmp_path)
    assert ids(backend, "boiler") == []
    assert backend.search("furnace", filters=Filters(), limit=1).state == "GROUNDED"
    backend.fill()
    assert ids(backend, "boiler") == ["heat"]
    model.asked.clear()
    backend.index(ENTRIES)
    backend.fill()
    assert model.asked == []


def test_missing_vectors_are_told_when_searching(model: Model, tmp_path: Path) -> None:
    backend = make(model, tmp_path)
    model.fails = True
    backend.index(ENTRIES)
    model.fails = False
    assert "3 texts have no vector yet" in backend.search("furnace", filters=Filters(), limit=5).reason


def test_what_is_deleted_or_replaced_is_near_no_more(model: Model, tmp_path: Path) -> None:
    backend = make(model, tmp_path)
    backend.index(ENTRIES)
    backend.index([make_entry("pay", "The vessel sails.", source="two")])
    assert sorted(ids(backend, "ship")) == ["pay", "sea"]
    assert backend.delete(["two"]) == 1
    assert ids(backend, "ship") == ["sea"]


def test_another_model_is_told(model: Model, tmp_path: Path) -> None:
    backend = make(model, tmp_path)
    backend.index(ENTRIES)
    model.width = 7
    assert "another length" in backend.search("furnace", filters=Filters(), limit=5).reason


def test_the_key_is_sent_and_stays_out_of_errors(model: Model, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv(KEY, "secret-key")
    backend = make(model, tmp_path)
    backend.index(ENTRIES)
    assert model.keys[0] == "Bearer secret-key"
    model.fails = True
    assert "secret-key" not in backend.search("rent", filters=Filters(), limit=1).reason


def test_ranks_are_fused_by_weight_over_place() -> None:
    found = fuse([Hit("a", "a", 9.0), Hit("b", "b", 8.0)], [Hit("b2", "b", 0.9), Hit("c", "c", 0.8)], 5)
    assert [(hit.id, hit.score) for hit in found.hits] == [
        ("b", pytest.approx(0.8 / 22 + 0.2 / 21)),
        ("a", pytest.approx(0.8 / 21)),
        ("c", pytest.approx(0.2 / 22)),
    ]


def test_the_library_uses_the_endpoint_of_the_option(shelf: Any, model: Model, settings: Settings) -> None:
    named = Settings(settings.data, {"embeddings": f"{model.url}|small"})
    assert ids(open_search(named, shelf), "payment") == ["xx/tenancy#13@2001-01-01"]
    model.asked.clear()
    assert ids(open_search(named, shelf), "payment") == ["xx/tenancy#13@2001-01-01"]
    assert model.asked == ["payment"]
    assert ids(open_search(settings, shelf), "payment") == []


@pytest.mark.parametrize("named", ["", "http://x/v1", "|m", "http://x/v1|", "  | "])
def test_an_option_that_names_no_endpoint_is_refused(named: str) -> None:
    with pytest.raises(InputError, match=r"URL\|model"):
        read_endpoint(named)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"data": 3},
        {"data": []},
        {"data": [{"index": 0, "embedding": []}]},
        {"data": [{"index": 0, "embedding": ["x"]}]},
        {"data": [{"index": 1, "embedding": [1.0]}]},
        {"data": [{"index": 0, "embedding": [float("nan")]}]},
    ],
)
def test_an_answer_of_another_shape_is_a_server_error(answer: Any) -> None:
    with pytest.raises(ServerError, match="another shape"):
        read_vectors(answer, 1)
