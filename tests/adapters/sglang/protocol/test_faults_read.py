"""What statuses, headers and messages mean."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import ModelError, ServerError
from metier.redaction import redaction_of
from metier_sglang.protocol.faults import Asked, judge, judge_error, judge_event, message_of, retry_after
from metier_sglang.protocol.reply import Reply, object_of

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ASKED = Asked("http://a")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Tue, 01 Dec 2026 09:00:30 GMT", 30.0),
        ("Tue, 01 Dec 2026 08:00:00 GMT", 0.0),
        ("Tue, 01 Dec 2027 09:00:00 GMT", 3600.0),
        ("99999999999", 3600.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("²", None),
        ("1.5", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, now=NOW) == seconds


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40))
def test_no_retry_after_breaks_anything(text: str) -> None:
    seconds = retry_after({"retry-after": text}, now=NOW)
    assert seconds is None or 0 <= seconds <= 3600


STATUSES = st.integers(100, 599).filter(lambda status: status != 200)
TYPES = st.sampled_from(["", "application/json", "text/html"])


@settings(deadline=None, max_examples=60)
@given(STATUSES, st.binary(max_size=60), TYPES)
def test_every_reply_has_a_meaning_in_one_clean_line(status: int, body: bytes, content_type: str) -> None:
    fault = judge(Reply(status, {"content-type": content_type}, body), ASKED, now=NOW)
    text = str(fault.error)
    assert "http://a" in text
    assert fault.error.hint
    assert text.isprintable()


@pytest.mark.parametrize(
    ("message", "prompt", "context"),
    [
        ("The input (5000 tokens) is longer than the model's context length (4096 tokens).", "5000", "4096"),
        (
            "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of "
            "5128 tokens: 5000 tokens from the input messages and 128 tokens for the completion.",
            "5000",
            "4096",
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 5128 tokens (5000 in the "
            "messages, 128 in the completion).",
            "5000",
            "4096",
        ),
        ("Input length (5000 tokens) exceeds the maximum allowed length (4090 tokens).", "5000", "4090"),
    ],
)
def test_a_context_that_is_too_small_is_told_in_numbers(message: str, prompt: str, context: str) -> None:
    reply = Reply(400, {"content-type": "application/json"}, b'{"error":{"message":"%s"}}' % message.encode())
    fault = judge(reply, ASKED, now=NOW)
    assert isinstance(fault.error, ModelError)
    assert fault.kind == "final"
    assert f"{prompt} tokens" in fault.error.message
    assert f"{context} tokens" in fault.error.message


@pytest.mark.parametrize("status", [400, 500, 503])
def test_memory_that_ran_out_is_named_whatever_the_status(status: int) -> None:
    fault = judge(Reply(status, {}, b"Prefill out of memory. Try to lower your batch size."), ASKED, now=NOW)
    assert isinstance(fault.error, ServerError)
    assert "--mem-fraction-static" in fault.error.hint


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error":{"message":"a"}}', "a"),
        (b'{"error":"a"}', "a"),
        (b'{"message":"a"}', "a"),
        (b'{"detail":"a"}', "a"),
        (b'{"detail":[{"msg":"a"},{"msg":"b"}]}', "a; b"),
        (b'{"success":false,"message":"a"}', "a"),
        (b'{"success":false,"error_message":"a"}', "a"),
        (b"plain", "plain"),
        (b"<html>x</html>", ""),
        (b"[1]", ""),
        (b"", ""),
    ],
)
def test_the_message_is_found_in_every_shape(body: bytes, message: str) -> None:
    assert message_of(Reply(500, {}, body)) == message


def test_what_a_server_says_is_cut_cleaned_and_without_secrets() -> None:
    asked = Asked("http://a", secrets=redaction_of(["sk-123456789"]))
    fault = judge(Reply(500, {}, b"\x1b[31mkey sk-123456789\n" + b"x" * 5000), asked, now=NOW)
    assert "sk-123456789" not in str(fault.error)
    assert "\x1b" not in str(fault.error)
    assert len(str(fault.error)) < 500


def test_an_error_in_a_stream_means_what_its_code_says() -> None:
    assert judge_event({"error": {"message": "full", "code": 503}}, ASKED, now=NOW).kind == "busy"
    assert judge_event({"error": {"message": "no", "code": 400}}, ASKED, now=NOW).kind == "final"
    assert judge_event({"error": "boom"}, ASKED, now=NOW).kind == "failing"


def test_what_can_not_be_read_is_tried_again_but_not_for_ever() -> None:
    with pytest.raises(ServerError) as caught:
        object_of(b"{", server="http://a")
    assert judge_error(caught.value).kind == "failing"
    assert judge_error(ServerError("gone")).kind == "down"
