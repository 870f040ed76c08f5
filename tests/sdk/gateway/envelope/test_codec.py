"""What is written to the cache reads back equal, and what was damaged is not read at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp.types import (
    Annotations,
    AudioContent,
    BlobResourceContents,
    EmbeddedResource,
    ImageContent,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from metier.evidence import record_evidence
from metier.gateway.results.codec import read_result, read_specs, write_result, write_specs
from metier.servers.tool import Failure, ToolResult, ToolSpec
from metier.trace import Attempt, CallRecord

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
SECONDS = st.floats(0, 1e6)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(TEXTS, JSONS, max_size=3)
META = st.none() | OBJECTS
ANNOTATIONS = st.none() | st.builds(Annotations, priority=st.none() | st.floats(0, 1))
RESOURCES = st.builds(TextResourceContents, uri=TEXTS, text=TEXTS, mime_type=st.none() | TEXTS, _meta=META) | st.builds(
    BlobResourceContents, uri=TEXTS, blob=TEXTS
)
BLOCKS = st.one_of(
    st.builds(TextContent, type=st.just("text"), text=TEXTS, annotations=ANNOTATIONS, _meta=META),
    st.builds(ImageContent, type=st.just("image"), data=TEXTS, mime_type=TEXTS, _meta=META),
    st.builds(AudioContent, type=st.just("audio"), data=TEXTS, mime_type=TEXTS),
    st.builds(ResourceLink, type=st.just("resource_link"), name=TEXTS, uri=TEXTS, size=st.none() | st.integers(0, 9)),
    st.builds(EmbeddedResource, type=st.just("resource"), resource=RESOURCES, annotations=ANNOTATIONS),
)
EVIDENCE = st.builds(record_evidence, source=TEXTS, locator=TEXTS, text=TEXTS, value=JSONS, recorded=TEXTS)
RECORDS = st.builds(
    CallRecord,
    provider=TEXTS,
    cache=TEXTS,
    attempts=st.lists(st.builds(Attempt, TEXTS, TEXTS, SECONDS, SECONDS, TEXTS), max_size=2).map(tuple),
    elapsed_s=SECONDS,
    bytes=st.integers(0),
    cost_usd=SECONDS,
    degraded=TEXTS,
    capped=st.booleans(),
)


@st.composite
def results(draw: st.DrawFn) -> ToolResult:
    text = draw(TEXTS)
    plain = st.just((TextContent(type="text", text=text),))
    return ToolResult(
        text=text,
        value=draw(JSONS),
        evidence=tuple(draw(st.lists(EVIDENCE, max_size=3))),
        is_error=draw(st.booleans()),
        meta=draw(OBJECTS),
        content=draw(plain | st.lists(BLOCKS, max_size=3).map(tuple)),
        failure=draw(st.none() | st.builds(Failure, TEXTS, st.none() | SECONDS)),
        record=draw(st.none() | RECORDS),
    )


@given(results())
@settings(max_examples=100, deadline=None)
def test_every_result_reads_back_as_it_was_written(result: ToolResult) -> None:
    assert read_result(write_result(result)) == result


@given(
    st.lists(
        st.builds(
            ToolSpec,
            name=TEXTS,
            description=TEXTS,
            input_schema=OBJECTS,
            output_schema=META,
            repeatable=st.booleans(),
            read_only=st.booleans(),
            annotations=OBJECTS,
            meta=OBJECTS,
            needs_approval=st.booleans(),
        ),
        max_size=3,
    ).map(tuple)
)
@settings(max_examples=50, deadline=None)
def test_every_list_of_tools_reads_back_as_it_was_written(specs: tuple[ToolSpec, ...]) -> None:
    assert read_specs(write_specs(specs)) == specs


@given(results(), st.data())
@settings(max_examples=50, deadline=None)
def test_bytes_that_were_damaged_give_nothing_or_evidence_that_is_whole(
    result: ToolResult, data: st.DataObject
) -> None:
    payload = bytearray(write_result(result))
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] ^= data.draw(st.integers(1, 255))
    again = read_result(bytes(payload))
    assert again is None or all(one in result.evidence for one in again.evidence)


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"null", b"\x00", b'{"text": 1}', b'"text"', b"x" * 100])
def test_what_is_no_result_is_not_read(payload: bytes) -> None:
    assert read_result(payload) is None


@pytest.mark.parametrize("payload", [b"", b"{}", b"null", b"[1]", b"\x00"])
def test_what_is_no_list_of_tools_is_not_read(payload: bytes) -> None:
    assert read_specs(payload) is None


def test_half_a_surrogate_pair_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="surrogate"):
        write_result(ToolResult("\ud800", None, (), False))
