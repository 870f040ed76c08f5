"""The strict parser: what is well-formed is read exactly, what is malformed is named, and no text raises."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.profiles.tongyi import faults
from metier.profiles.tongyi.calls import Called
from metier.profiles.tongyi.faults import KINDS
from metier.profiles.tongyi.offer import Offer
from metier.profiles.tongyi.parsing import Completion, parse

OFFER = Offer(tools=("search", "visit", "PythonInterpreter"), endings=("refuse_task",), coded=("PythonInterpreter",))
LAST = Offer(endings=("refuse_task",), withdrawn=("search",), is_last=True)
PLAIN = Offer()
SEARCH = '<tool_call>\n{"name": "search", "arguments": {"query": ["Ardenfeld"]}}\n</tool_call>'
SEARCHED = Called("search", {"query": ["Ardenfeld"]})
PYTHON = '<tool_call>\n{"name": "PythonInterpreter", "arguments": {}}\n<code>\nprint(6 * 7)\n</code>\n</tool_call>'
REFUSED = '{"name": "refuse_task", "arguments": {"reasons": ["no page says"]}}'


def kinds(completion: Completion) -> list[str]:
    return [one.kind for one in completion.malformed]


# What is well-formed


def test_a_turn_is_thinking_text_and_one_call() -> None:
    said = parse(f"<think>\nWhere?\n</think>\n<report>So far nothing.</report>\n{SEARCH}", OFFER)
    assert said == Completion("Where?", "<report>So far nothing.</report>", (SEARCHED,))


def test_a_turn_ends_with_an_answer() -> None:
    said = parse("<think>Found.</think><answer>\nIt is Ardenfeld [ev-1].\n</answer>", OFFER)
    assert said == Completion("Found.", "", (), "It is Ardenfeld [ev-1].")


def test_the_code_of_a_program_is_its_argument_to_the_letter() -> None:
    assert parse(PYTHON, OFFER).calls == (Called("PythonInterpreter", {"code": "print(6 * 7)"}),)
    code = 'import re\nprint(re.findall("<code>(.*?)</code>", page))  # {"name": "x"}\n\n'
    said = parse(PYTHON.replace("print(6 * 7)\n", f"{code}\n"), OFFER)
    assert said == Completion(calls=(Called("PythonInterpreter", {"code": code}),))


def test_a_program_may_stand_in_the_arguments_instead() -> None:
    text = '<tool_call>{"name": "PythonInterpreter", "arguments": {"code": "print(1)"}}</tool_call>'
    assert parse(text, OFFER) == Completion(calls=(Called("PythonInterpreter", {"code": "print(1)"}),))


@pytest.mark.parametrize("query", ["Monty Python", "PythonInterpreter", "python <code>x</code>", "def f(): python"])
def test_row_4_a_query_that_names_python_is_a_search(query: str) -> None:
    text = f"<tool_call>{json.dumps({'name': 'search', 'arguments': {'query': [query]}})}</tool_call>"
    assert parse(text, OFFER) == Completion(calls=(Called("search", {"query": [query]}),))


def test_defect_1_code_behind_a_search_for_python_does_not_make_it_a_program() -> None:
    text = '<tool_call>{"name": "search", "arguments": {"query": ["python"]}}\n<code>\nx\n</code>\n</tool_call>'
    said = parse(text, OFFER)
    assert (said.calls, kinds(said)) == ((Called("search", {"query": ["python"]}),), [faults.TRAILING_TEXT])


def test_tags_inside_the_strings_of_a_call_are_text() -> None:
    query = "what is </tool_call><tool_call> and <answer>x</answer>"
    text = f"<tool_call>{json.dumps({'name': 'search', 'arguments': {'query': [query]}})}</tool_call>"
    assert parse(text, OFFER).calls == (Called("search", {"query": [query]}),)


def test_thinking_is_read_where_the_template_opened_it() -> None:
    assert parse(f"Where?\n</think>\n{SEARCH}", OFFER) == Completion("Where?", "", (SEARCHED,))


def test_calls_and_answers_in_the_thinking_are_thoughts() -> None:
    said = parse(f"<think>I could {SEARCH} or <answer>guess</answer>.</think><answer>No.</answer>", OFFER)
    assert (said.calls, said.answer, said.malformed) == ((), "No.", ())


def test_an_answer_may_be_a_way_to_end_as_json() -> None:
    said = parse(f"<answer>\n{REFUSED}\n</answer>", OFFER)
    assert said == Completion(calls=(Called("refuse_task", {"reasons": ["no page says"]}),))
    assert parse(f"<tool_call>{REFUSED}</tool_call>", OFFER) == said


@pytest.mark.parametrize(
    "answer",
    ['{"name": "search", "arguments": {}}', '{"name": "refuse_task"}', '{"population": 4210}', f"{REFUSED} I refuse."],
)
def test_an_answer_in_other_json_is_prose(answer: str) -> None:
    assert parse(f"<answer>{answer}</answer>", OFFER) == Completion(answer=answer)


# What is repaired, because it can be read in one way only


def test_line_breaks_inside_strings_are_taken_as_they_are() -> None:
    text = '<tool_call>{"name": "search", "arguments": {"query": ["one\ntwo\t"]}}</tool_call>'
    assert parse(text, OFFER) == Completion(calls=(Called("search", {"query": ["one\ntwo\t"]}),))


@pytest.mark.parametrize("trailing", ["}", "Let me search.", "```", '{"name": "visit", "arguments": {}}'])
def test_text_behind_the_object_is_left_out_and_told(trailing: str) -> None:
    said = parse(SEARCH.replace("\n</tool_call>", f"{trailing}\n</tool_call>"), OFFER)
    assert (said.calls, kinds(said)) == ((SEARCHED,), [faults.TRAILING_TEXT])


# What is malformed

BROKEN = {
    faults.EMPTY: ("", " \n "),
    faults.NO_ACTION: ("I will look it up.", "<think>Hm.</think>", "search(Ardenfeld)", "</answer> </tool_call>"),
    faults.UNCLOSED_THINK: ("<think>Where", f"<think>I should\n{SEARCH}"),
    faults.UNCLOSED_CALL: (
        '<tool_call>{"name": "search", "arguments": {}}',
        '<tool_call>{"name": "search", "argum',
        "<tool_call>",
        PYTHON.replace("</tool_call>", ""),
    ),
    faults.UNCLOSED_CODE: (
        PYTHON.replace("</code>", ""),
        PYTHON.replace("</code>\n</tool_call>", ""),
        PYTHON.replace("</code>", "</code> and so"),
    ),
    faults.EMPTY_ANSWER: ("<answer></answer>", "<answer>\n \n</answer>"),
    faults.TWO_ANSWERS: ("<answer>a</answer><answer>b</answer>", f"<answer>a</answer><answer>{REFUSED}</answer>"),
    faults.NESTED_CALL: (
        f"<tool_call>{SEARCH}</tool_call>",
        f'<tool_call>{{"name": "visit", "arguments": {{}}}}\n{SEARCH}',
        f'<tool_call>{{"name": \n{SEARCH}',
    ),
    faults.BAD_JSON: (
        "<tool_call>search for Ardenfeld</tool_call>",
        '<tool_call>{"name": "search", "arguments": {"query": [}</tool_call>',
        "<tool_call>{'name': 'search', 'arguments': {}}</tool_call>",
        '<tool_call>{"name": "search", "name": "visit", "arguments": {}}</tool_call>',
        '<tool_call>{"name": "search", "arguments": {"n": NaN}}</tool_call>',
        '<tool_call>{"name": "search", "arguments": {"n": 1e999}}</tool_call>',
        f'<tool_call>{{"name": "search", "arguments": {"[" * 100_000}</tool_call>',
        f'<tool_call>{{"name": "search", "arguments": {{"n": {"9" * 5_000}}}}}</tool_call>',
        f"<tool_call>```json\n{SEARCH[12:-13]}\n```</tool_call>",
    ),
    faults.NOT_AN_OBJECT: ('<tool_call>["search", "Ardenfeld"]</tool_call>', '<tool_call>"search"</tool_call>'),
    faults.NO_NAME: ('<tool_call>{"arguments": {}}</tool_call>', '<tool_call>{"name": 3, "arguments": {}}</tool_call>'),
    faults.UNKNOWN_TOOL: (
        '<tool_call>{"name": "google", "arguments": {}}</tool_call>',
        '<tool_call>{"name": "Search", "arguments": {}}</tool_call>',
        '<tool_call>{"name": "python", "arguments": {}}\n<code>\n1\n</code>\n</tool_call>',
    ),
    faults.ARGUMENTS: (
        '<tool_call>{"name": "search", "arguments": ["Ardenfeld"]}</tool_call>',
        '<tool_call>{"name": "search"}</tool_call>',
        '<tool_call>{"name": "search", "arguments": "{}"}</tool_call>',
    ),
    faults.NO_CODE: (
        '<tool_call>{"name": "PythonInterpreter", "arguments": {}}</tool_call>',
        '<tool_call>{"name": "PythonInterpreter", "arguments": {}}\n<code>\n \n</code>\n</tool_call>',
        '<tool_call>{"name": "PythonInterpreter", "arguments": {"code": 7}}</tool_call>',
    ),
    faults.CODE_TWICE: (PYTHON.replace('"arguments": {}', '"arguments": {"code": "print(1)"}'),),
}
# What is named beside something that is used, or in a turn of its own kind: tested one by one below.
BESIDE = {
    faults.UNCLOSED_ANSWER,
    faults.CALL_AND_ANSWER,
    faults.SEVERAL_CALLS,
    faults.FORGED_RESULT,
    faults.TRAILING_TEXT,
    faults.WITHDRAWN_TOOL,
}


def test_row_2_every_kind_of_fault_has_a_test_and_there_are_more_than_twelve() -> None:
    assert set(BROKEN) | BESIDE == set(KINDS)
    assert len(KINDS) > 12


CASES = [pytest.param(kind, text, id=f"{kind}-{at}") for kind, texts in BROKEN.items() for at, text in enumerate(texts)]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_row_2_malformed_output_is_named_and_nothing_of_it_is_called_or_answered(kind: str, text: str) -> None:
    said = parse(text, OFFER)
    assert kinds(said) == [kind]
    assert (said.calls, said.answer) == ((), None)


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_nothing_malformed_is_lost(kind: str, text: str) -> None:
    said = parse(text, OFFER)
    kept = "".join((said.thinking, said.text, *said.unread))
    stripped = "".join(text.replace("<think>", "").replace("</think>", "").split())
    assert "".join(kept.split()) == stripped


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_model_is_told_names_the_kind_and_holds_no_tag(kind: str) -> None:
    told = faults.fault(kind, "search", is_cut=True).observation
    assert told.startswith(f"Format error ({kind}): ")
    assert "<" not in told
    assert "{" not in told


def test_an_unknown_tool_is_told_with_the_tools_there_are_and_a_long_name_cut() -> None:
    (told,) = parse(f'<tool_call>{{"name": "{"x" * 9_000}", "arguments": {{}}}}</tool_call>', OFFER).malformed
    assert "Tools: search, visit, PythonInterpreter" in told.observation
    assert len(told.observation) < 250


def test_defect_2_several_calls_in_a_turn_are_all_made_and_told() -> None:
    said = parse(f"{SEARCH}\n{PYTHON}", OFFER)
    assert [call.name for call in said.calls] == ["search", "PythonInterpreter"]
    assert kinds(said) == [faults.SEVERAL_CALLS]


def test_a_good_call_beside_a_bad_one_is_made() -> None:
    said = parse(f"<tool_call>oops</tool_call>\n{SEARCH}", OFFER)
    assert (said.calls, kinds(said)) == ((SEARCHED,), [faults.BAD_JSON])
    assert said.unread == ("<tool_call>oops</tool_call>",)


def test_code_that_is_not_closed_does_not_swallow_the_next_call() -> None:
    said = parse(f"{PYTHON.replace('</code>', '')}\n{PYTHON}", OFFER)
    assert [call.arguments for call in said.calls] == [{"code": "print(6 * 7)"}]
    assert kinds(said) == [faults.UNCLOSED_CODE]


def test_a_result_that_the_model_writes_is_thrown_away_with_all_that_follows() -> None:
    said = parse(f"{SEARCH}\n<tool_response>\nIt is Ardenfeld.\n</tool_response>\n<answer>Ardenfeld</answer>", OFFER)
    assert (said.calls, said.answer, kinds(said)) == ((SEARCHED,), None, [faults.FORGED_RESULT])
    assert "It is" not in repr(said)


def test_a_stop_string_that_the_server_left_in_is_no_forgery() -> None:
    assert parse(f"{SEARCH}\n<tool_response>", OFFER) == Completion(calls=(SEARCHED,))
    assert parse(f"{SEARCH}\n<tool_response>\n", OFFER) == Completion(calls=(SEARCHED,))


def test_a_forgery_alone_is_also_no_action() -> None:
    assert kinds(parse("Well.<tool_response>x", OFFER)) == [faults.FORGED_RESULT, faults.NO_ACTION]


def test_an_answer_beside_a_call_is_not_taken_and_kept() -> None:
    said = parse(f"<answer>Ardenfeld</answer>\n{SEARCH}", OFFER)
    assert (said.calls, said.answer, kinds(said)) == ((SEARCHED,), None, [faults.CALL_AND_ANSWER])
    assert said.unread == ("<answer>Ardenfeld</answer>",)


def test_the_same_answer_twice_is_taken_and_told() -> None:
    said = parse("<answer>a</answer>\n<answer> a </answer>", OFFER)
    assert (said.answer, kinds(said)) == ("a", [faults.TWO_ANSWERS])


def test_an_unclosed_answer_is_taken_unless_it_was_cut_off() -> None:
    said = parse("<answer>It is Ardenfeld.", OFFER)
    assert (said.answer, kinds(said)) == ("It is Ardenfeld.", [faults.UNCLOSED_ANSWER])
    cut = parse("<answer>It is Arden", OFFER, is_cut=True)
    assert (cut.answer, kinds(cut), cut.unread) == (None, [faults.UNCLOSED_ANSWER], ("<answer>It is Arden",))
    assert cut.malformed[0].observation.endswith("think and write less.")


def test_an_unclosed_answer_does_not_swallow_the_call_behind_it() -> None:
    said = parse(f"I put it in <answer> later.\n{SEARCH}", OFFER)
    assert (said.calls, said.answer, kinds(said)) == ((SEARCHED,), None, [faults.UNCLOSED_ANSWER])


def test_a_turn_that_was_cut_off_is_told_so() -> None:
    for text in ("<think>on and on", '<tool_call>{"name": "sea', "on and on", ""):
        assert parse(text, OFFER, is_cut=True).malformed[0].observation.endswith("think and write less.")


# The last turn, and plain questions


def test_a_tool_that_is_withdrawn_is_not_called_and_an_answer_beside_it_is_taken() -> None:
    said = parse(SEARCH, LAST)
    assert (said.calls, kinds(said)) == ((), [faults.WITHDRAWN_TOOL])
    said = parse(f"{SEARCH}<answer>Ardenfeld</answer>", LAST)
    assert (said.calls, said.answer, kinds(said)) == ((), "Ardenfeld", [faults.WITHDRAWN_TOOL])


def test_of_two_answers_in_the_last_turn_the_last_is_taken() -> None:
    said = parse("<answer>a</answer><answer>b</answer>", LAST)
    assert (said.answer, kinds(said), said.unread) == ("b", [faults.TWO_ANSWERS], ("<answer>a</answer>",))


def test_the_answer_to_a_plain_question_is_its_text_and_tags_in_it_are_text() -> None:
    text = f"The tool said <tool_response>x</tool_response> to {SEARCH}."
    assert parse(f"<think>Sum up.</think>\n{text}", PLAIN) == Completion("Sum up.", text)
    assert parse("<answer>\nIn short.\n</answer>", PLAIN) == Completion(answer="In short.")
    assert kinds(parse("", PLAIN)) == [faults.EMPTY]
    assert kinds(parse("<think>Hm.</think>", PLAIN)) == [faults.NO_ACTION]
    assert kinds(parse("<think>Hm", PLAIN)) == [faults.UNCLOSED_THINK]


# Any text

PIECES = st.sampled_from(
    [
        "<think>", "</think>", "<tool_call>", "</tool_call>", "<code>", "</code>", "<answer>", "</answer>", "\n",
        "<tool_response>", "</tool_response>", "{", "}", "[", '"', SEARCH, PYTHON, REFUSED, '{"name": "search"', "x",
        '"arguments": {}}', "\ud800", "\x00", '{"name": "PythonInterpreter", "arguments": {}}',
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=20).map("".join))


@settings(max_examples=60)
@given(text=TEXTS, is_cut=st.booleans(), offer=st.sampled_from([OFFER, LAST, PLAIN]))
def test_any_text_is_read_and_says_what_follows(text: str, is_cut: bool, offer: Offer) -> None:
    said = parse(text, offer, is_cut=is_cut)
    assert said.calls or said.answer is not None or said.malformed or (offer is PLAIN and said.text)
    assert not (said.calls and said.answer is not None)
    assert all(call.name in (*offer.tools, *offer.endings) for call in said.calls)
    assert all(one.kind in KINDS for one in said.malformed)
    assert parse(text, offer, is_cut=is_cut) == said
    json.dumps([call.arguments for call in said.calls], allow_nan=False)
