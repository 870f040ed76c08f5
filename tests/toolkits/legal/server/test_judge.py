"""The judge sees a claim and a passage and nothing else; what it cannot copy from the passage counts for nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from metier.errors import InputError, ServerError
from metier.runtime.copilot import Copilot
from metier.toolkit import Settings
from metier_legal import toolkit
from metier_legal.corpus.importing import add_source
from metier_legal.memo import Memo
from metier_legal.records import digest_text
from metier_legal.server.judge import ask_judge, read_judgement
from tests.toolkits.legal.server.endpoint import Endpoint, serve_endpoint

CLAIM = "The landlord may terminate after two months of arrears."
PASSAGE = "The landlord may terminate where the tenant is two months in arrears."


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serve_endpoint() as made:
        yield made


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


HARBOUR = [
    {"type": "work", "id": "x-port/harbour-act", "jurisdiction": "x-port", "title": "Harbour Act",
     "short": "Harbour Act", "complete": True, "fictional": True},
    {"type": "provision", "work": "x-port/harbour-act", "number": "7", "heading": "Lost cargo",
     "valid_from": "2015-01-01",
     "text": "The harbour master is liable for cargo that is lost while it is stored in the harbour."},
    {"type": "provision", "work": "x-port/harbour-act", "number": "8", "heading": "Claims", "valid_from": "2015-01-01",
     "text": "A claim for lost cargo must be made to the harbour master in writing within ten days."},
]  # fmt: skip
QUESTION = "Cargo was lost while it was stored in the harbour. Is the harbour master liable? Law as of 5 May 2020."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    law = tmp_path / "law.jsonl"
    law.write_text("\n".join(json.dumps(line) for line in HARBOUR))
    add_source(Settings(tmp_path / "home" / "legal"), law)
    return tmp_path / "home"


def judged(home: Path, endpoint: Endpoint) -> Memo | None:
    answer = Copilot([toolkit], home=home, options={"judge": endpoint.option}).run_sync(QUESTION).answer
    assert answer is None or isinstance(answer, Memo)
    return answer


def test_where_a_judge_is_set_each_law_statement_is_put_to_it(home: Path, endpoint: Endpoint) -> None:
    endpoint.answer = lambda claim, passage: ("entailed", passage[:20])
    memo = judged(home, endpoint)
    assert memo is not None
    claims = {json.loads(one["messages"][1]["content"])["CLAIM"] for one in endpoint.asked}  # type: ignore[index]
    assert claims == {statement.text for _, statement in memo.statements() if statement.kind == "law"}


@pytest.mark.parametrize("word", ["contradicted", "not enough"])
def test_what_the_judge_does_not_find_supported_is_left_out(home: Path, endpoint: Endpoint, word: str) -> None:
    endpoint.answer = lambda claim, passage: (word if "ten days" in claim else "entailed", passage[:20])
    memo = judged(home, endpoint)
    assert memo is not None
    told = memo.model_dump_json()
    assert "is liable for cargo" in told
    assert "ten days" not in told


def test_when_it_supports_nothing_there_is_no_memo(home: Path, endpoint: Endpoint) -> None:
    endpoint.answer = lambda claim, passage: ("not enough", "")
    assert judged(home, endpoint) is None
