"""PPTX: the slides in their order with their notes; hidden slides and shapes are left out and counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pptx
from pptx.exc import PythonPptxError

from metier_research.files.package import opened_package
from metier_research.files.paging import make_page
from metier_research.pages.page import Page
from metier_research.reading.tables import markdown_rows

_OFF: Final = ("0", "false")


def read_slides(data: bytes, name: str) -> Page:
    """Returns the page of a presentation: a heading for each slide, tables as Markdown, the speaker's notes marked.

    Pictures and diagrams have no text here. Raises InputError for a damaged presentation.
    """
    with opened_package(data, name, damage=(PythonPptxError,)):
        presentation = pptx.Presentation(BytesIO(data))
        reader = _Reader()
        text = "\n\n".join(reader.read(presentation.slides))
        properties = presentation.core_properties
        return make_page(
            name,
            text,
            title=properties.title or "",
            modified=properties.modified.date().isoformat() if properties.modified else "",
            notes=tuple(
                f"Left out: hidden {what} ({count})."
                for what, count in (("slides", reader.slides), ("shapes", reader.shapes))
                if count
            ),
        )


@dataclass(slots=True)
class _Reader:
    """Reads slides, and counts those and the shapes that are hidden."""

    slides: int = 0
    shapes: int = 0

    def read(self, slides: Any) -> Iterator[str]:
        for number, slide in enumerate(slides, 1):
            if slide._element.get("show") in _OFF:
                self.slides += 1
                continue
            yield f"# Slide {number}"
            yield from self._shapes(slide.shapes)
            if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None and frame.text:
                yield f"Notes of the speaker: {frame.text}"

    def _shapes(self, shapes: Any) -> Iterator[str]:
        for shape in shapes:
            if shape._element.xpath("./*/p:cNvPr[@hidden='1' or @hidden='true']"):
                self.shapes += 1
            elif hasattr(shape, "shapes"):
                yield from self._shapes(shape.shapes)
            elif getattr(shape, "has_table", False):
                yield markdown_rows([[cell.text for cell in row.cells] for row in shape.table.rows])
            elif shape.has_text_frame and shape.text_frame.text.strip():
                yield "\n".join(paragraph.text for paragraph in shape.text_frame.paragraphs)
