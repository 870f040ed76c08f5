import json
import re
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import docx
import pypdf
import pytest
from rich.console import Console

from metier.answer import Answer
from metier.errors import InputError, MissingError
from metier.evidence import record_evidence
from metier.task import Task
from metier.toolkit import Delivery, Renderer, Settings
from metier.verdict import Verdict
from metier_legal.memo import Memo
from metier_legal.rendering import RENDERERS, show
from metier_legal.rendering.document import (
    FILENAME,
    MemoDocument,
    decode_document,
    delivery_of,
    document_of,
    encode_document,
    read_document,
)

BY_NAME = {renderer.filename: renderer for renderer in RENDERERS}
EACH = pytest.mark.parametrize("renderer", RENDERERS, ids=lambda renderer: renderer.filename)


def text_of(name: str, data: bytes) -> str:
    """Returns what a reader of the file sees, in its order."""
    if name.endswith(".pdf"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    if name.endswith(".docx"):
        document = docx.Document(BytesIO(data))
        return "\n".join(paragraph.text for paragraph in document.paragraphs)
    return data.decode()


@EACH
def test_the_same_memo_gives_the_same_bytes(renderer: Renderer, delivery: Delivery, settings: Settings) -> None:
    assert renderer.render(delivery, settings) == renderer.render(replace(delivery), settings)


@EACH
def test_a_memo_is_rendered_from_its_document_alone(renderer: Renderer, delivery: Delivery, settings: Settings) -> None:
    settings.data.joinpath(FILENAME).write_bytes(BY_NAME[FILENAME].render(delivery, settings))
    again = delivery_of(read_document(settings.data))
    assert renderer.render(again, settings) == renderer.render(delivery, settings)


@EACH
def test_the_order_of_the_evidence_changes_nothing(renderer: Renderer, english: Delivery, settings: Settings) -> None:
    turned = replace(english, evidence=dict(reversed(list(english.evidence.items()))))
    assert renderer.render(turned, settings) == renderer.render(english, settings)


@EACH
def test_another_toolkits_answer_is_refused(renderer: Renderer, settings: Settings) -> None:
    with pytest.raises(InputError, match="no memo"):
        renderer.render(Delivery(Task("x"), Answer(), Verdict(), {}), settings)


@pytest.mark.parametrize("name", sorted(name for name in BY_NAME if not name.endswith(".json")))
def test_every_file_says_first_that_the_law_is_fictional(name: str, delivery: Delivery, settings: Settings) -> None:
    text = text_of(name, BY_NAME[name].render(delivery, settings))
    body = text.partition("<body>")[2] or text
    notice = "Fictional law" if delivery.answer.model_dump()["language"] == "en" else "虚构法律"
    assert notice in body[:40]
    assert "Not legal advice" in body or "本文不构成法律意见" in body


def test_the_terminal_and_the_document_say_so_too(delivery: Delivery) -> None:
    document = document_of(delivery)
    console = Console(width=80, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as shown:
        console.print(show(delivery))
    first = document.notice[:12]
    assert shown.get().startswith(first)
    assert json.loads(encode_document(document))["notice"] == document.notice


@pytest.mark.parametrize("name", sorted(name for name in BY_NAME if name.endswith(".json")))
def test_files_for_programs_say_it_in_their_notice(name: str, delivery: Delivery, settings: Settings) -> None:
    told = json.loads(BY_NAME[name].render(delivery, settings))["notice"]
    assert re.search("[Ff]ictional|虚构", told)


def test_real_law_is_not_called_fictional_and_mixed_law_is_told_apart(english: Delivery) -> None:
    assert isinstance(english.answer, Memo)
    real = {}
    names = {}
    for number, item in enumerate(english.evidence.values()):
        value = json.loads(json.dumps(item.value).replace('"fictional": true', '"fictional": false'))
        fresh = record_evidence(
            source=item.source, locator=item.locator, text=item.text, value=value, recorded=item.recorded
        )
        names[item.id] = fresh.id
        real[fresh.id] = fresh
        if number == 0:
            first = item
    text = english.answer.model_dump_json()
    for old, new in names.items():
        text = text.replace(old, new)
    memo = Memo.model_validate_json(text)
    assert document_of(replace(english, answer=memo, evidence=real)).notice == "Not legal advice."
    mixed = Memo.model_validate_json(text.replace(names[first.id], first.id))
    both = {**real, first.id: first}
    assert document_of(replace(english, answer=mixed, evidence=both)).notice.startswith("Some of the law cited here")


def test_only_what_is_cited_and_what_was_done_is_kept(english: Delivery) -> None:
    kept = {item.id for item in document_of(english).evidence}
    memo = english.answer
    assert isinstance(memo, Memo)
    cited = {cited.evidence for _, statement in memo.statements() for cited in statement.authorities}
    done = {item.id for item in english.evidence.values() if '"search"' in json.dumps(item.value)}
    assert cited | done <= kept


def test_what_the_file_says_of_its_authorities_is_not_believed(english: Delivery, settings: Settings) -> None:
    document = document_of(english)
    forged = [
        entry.model_copy(update={"treated_by": (), "force": "binding"}) if entry.kind == "case" else entry
        for entry in document.authorities
    ]
    changed = document.model_copy(update={"authorities": tuple(forged), "notice": "Real law."})
    assert document_of(delivery_of(changed)) == document


def test_a_document_is_read_back_as_it_was_written(delivery: Delivery) -> None:
    document = document_of(delivery)
    assert decode_document(encode_document(document)) == document
    assert isinstance(document, MemoDocument)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff\xfe", b'{"format":1,"memo":{}}'])
def test_what_is_no_memo_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(InputError, match="This is no memo"):
        decode_document(data)


def test_a_later_format_is_told(english: Delivery) -> None:
    later = document_of(english).model_copy(update={"format": 2})
    with pytest.raises(InputError, match="format 2"):
        decode_document(encode_document(later))


def test_a_folder_without_a_memo_is_missing(settings: Settings) -> None:
    with pytest.raises(MissingError):
        read_document(settings.data)


def test_no_time_of_day_gets_into_the_word_document(english: Delivery, settings: Settings) -> None:
    data = BY_NAME["memo.docx"].render(english, settings)
    with ZipFile(BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = docx.Document(BytesIO(data)).core_properties
    assert properties.created == properties.modified
    assert str(properties.created.date()) == "2026-07-01"
