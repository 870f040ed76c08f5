"""The same brief in every kind of file gets the same verdicts."""

import io
from datetime import date

import docx
import pytest
import typst

from metier_legal.review.files.opening import parse_document
from metier_legal.review.reviewing import review_document
from metier_legal.review.verdicts.items import Code

LINES = (
    "Under Tenancy Act § 12(1), “A tenant may end the lease by notice in writing of six months.”",
    "See Old Leases Act § 1.",
    "《虚构租赁法》第十二条第一款规定：“承租人可以提前三个月以书面形式通知出租人解除租赁合同。”",
)
EXPECTED = [
    ("citation", Code.OK),
    ("quote", Code.QUOTE_MISMATCH),
    ("citation", Code.REPEALED),
    ("citation", Code.OK),
    ("quote", Code.OK),
]


def word() -> bytes:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.add_paragraph("Hidden: Tenancy Act § 999.").runs[0].font.hidden = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf() -> bytes:
    source = "#set page(width: 120mm, height: 60mm)\n" + "\n#pagebreak()\n".join(LINES[:2]).replace("“", '"').replace(
        "”", '"'
    )
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        ("\n\n".join(LINES).encode(), "brief.md", EXPECTED),
        ("\n\n".join(LINES).encode("utf-16"), "brief.txt", EXPECTED),
        ("\n\n".join(LINES).encode("gb18030"), "brief.txt", EXPECTED),
        (word(), "brief.docx", EXPECTED),
        (pdf(), "brief.pdf", EXPECTED[:3]),
    ],
)
def test_every_kind_of_file_is_verified_alike(corpus, data, name, expected) -> None:
    document = parse_document(data, name)
    review = review_document(document, corpus, file=name, on=date(2024, 6, 1))
    assert [(item.kind, item.code) for item in review.items] == expected
    assert [bool(item.page) for item in review.items] == [name.endswith(".pdf")] * len(expected)
    if name.endswith(".pdf"):
        assert [item.page for item in review.items] == [1, 1, 2]
    assert bool(review.warnings) == name.endswith(".docx")
