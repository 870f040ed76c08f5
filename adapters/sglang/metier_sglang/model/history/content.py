"""What a user is shown as saying: texts and images. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pydantic_ai.messages import BinaryContent, CachePoint, ImageUrl, TextContent, UserContent

from metier.errors import InputError


@dataclass(frozen=True, slots=True)
class Image:
    """An image, as a data URI or a URL."""

    url: str


Content: TypeAlias = str | Image


def map_content(content: str | Sequence[UserContent]) -> list[Content]:
    """Returns the texts and images of `content`; raises InputError for a file of another kind."""
    items = [content] if isinstance(content, str) else content
    return [mapped for item in items if (mapped := _map_item(item)) is not None]


def join_content(items: Sequence[Content]) -> tuple[str, tuple[str, ...]]:
    """Returns the texts, a line each, and the URLs of the images."""
    text = "\n".join(item for item in items if isinstance(item, str))
    return text, tuple(item.url for item in items if isinstance(item, Image))


def _map_item(item: UserContent) -> Content | None:
    match item:
        case str():
            return item
        case TextContent():
            return item.content
        case CachePoint():
            return None  # SGLang caches every prefix
        case ImageUrl():
            return Image(item.url)
        case BinaryContent() if item.is_image:
            return Image(item.data_uri)
        case BinaryContent() if item.media_type.startswith("text/"):
            return _read_text(item)
    raise InputError(
        f"These weights can not be shown a file of the kind {item.kind} ({getattr(item, 'media_type', 'unknown')}).",
        hint="Give its text, or an image.",
    )


def _read_text(item: BinaryContent) -> str:
    try:
        return item.data.decode()
    except UnicodeDecodeError as error:
        raise InputError("A text file that was given is no UTF-8.", hint="Give its text instead.") from error
