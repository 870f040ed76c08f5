"""The judge sees a claim and a passage and nothing else; what it cannot copy from the passage counts for nothing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from metier.errors import InputError, ServerError
from metier_legal.records import digest_text
from metier_legal.server.judge import ask_judge, read_judgement

CLAIM = "The landlord may terminate after two months of arrears."
PASSAGE = "The landlord may terminate where the tenant is two months in arrears."


class Endpoint:
    """An OpenAI-compatible endpoint that says what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.says: object = {}
        self.asked: list[dict[str, object]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append({"path": self.path, "headers": dict(self.headers), **json.loads(body)})
                answer = json.dumps(endpoint.says).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.option = f"http://127.0.0.1:{self.server.server_port}/v1|a-judge"

    def say(self, **told: str) -> None:
        self.says = {"choices": [{"message": {"content": f"Here: {json.dumps(told)}"}}]}


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.mark.parametrize("word", ["entailed", "contradicted", "not enough"])
def test_each_of_its_words_is_kept_with_the_copy_that_decides(endpoint: Endpoint, word: str) -> None:
    endpoint.say(verdict=word, span="two months in arrears")
    record = ask_judge(endpoint.option, CLAIM, PASSAGE)
    assert (record.verdict, record.span, record.model) == (word, "two months in arrears", "a-judge")
    assert (record.claim, record.passage) == (digest_text(CLAIM), digest_text(PASSAGE))


def test_it_is_shown_both_texts_as_data_and_nothing_else(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METIER_LEGAL_JUDGE_KEY", "a-secret")
    endpoint.say(verdict="entailed", span="two months")
    ask_judge(endpoint.option, CLAIM, PASSAGE)
    (asked,) = endpoint.asked
    messages = asked["messages"]
    assert isinstance(messages, list)
    assert json.loads(messages[1]["content"]) == {"CLAIM": CLAIM, "PASSAGE": PASSAGE}
    assert (len(messages), asked["path"], asked["model"]) == (2, "/v1/chat/completions", "a-judge")
    assert "tools" not in asked
    headers = asked["headers"]
    assert isinstance(headers, dict)
    assert headers["Authorization"] == "Bearer a-secret"


@pytest.mark.parametrize(
    "said",
    ["", "entailed", "{}", "[1]", '{"verdict": "yes", "span": "two months"}',
     '{"verdict": "entailed", "span": "a year"}',
     '{"verdict": "entailed", "span": " "}', '{"verdict": "entailed"}', "{" * 900],
)  # fmt: skip
def test_what_it_does_not_copy_or_say_in_its_three_words_is_not_enough(said: str) -> None:
    record = read_judgement(said, model="m", claim=CLAIM, passage=PASSAGE)
    assert (record.verdict, record.span) == ("not enough", "")


@pytest.mark.parametrize("answer", [{}, {"choices": []}, {"choices": [{"message": {"content": None}}]}, ["no"]])
def test_an_answer_of_another_shape_is_the_servers_fault(endpoint: Endpoint, answer: object) -> None:
    endpoint.says = answer
    with pytest.raises(ServerError, match="shape"):
        ask_judge(endpoint.option, CLAIM, PASSAGE)


def test_a_dead_judge_is_an_error_and_never_a_verdict() -> None:
    with pytest.raises(ServerError):
        ask_judge("http://127.0.0.1:9/v1|a-judge", CLAIM, PASSAGE)


@pytest.mark.parametrize("option", ["a-judge", "http://127.0.0.1:9/v1", "ftp://x|m", "|m"])
def test_an_option_that_names_no_judge_is_the_callers_fault(option: str) -> None:
    with pytest.raises(InputError, match="judge"):
        ask_judge(option, CLAIM, PASSAGE)
