"""The formats by name, and which one some weights write."""

from collections.abc import Mapping
from types import MappingProxyType

from metier.errors import InputError
from metier_sglang.parsing.format import Format
from metier_sglang.parsing.formats.deepseek import DEEPSEEK_V3, DEEPSEEK_V31
from metier_sglang.parsing.formats.dsml import DEEPSEEK_V4, DEEPSEEK_V32, DEEPSEEK_V41
from metier_sglang.parsing.formats.glm import GLM45, GLM47
from metier_sglang.parsing.formats.harmony import GPT_OSS
from metier_sglang.parsing.formats.hermes import HERMES, QWEN, TONGYI
from metier_sglang.parsing.formats.kimi import KIMI, KIMI_K2
from metier_sglang.parsing.formats.llama import LLAMA3
from metier_sglang.parsing.formats.markup import MINIMAX_M2, QWEN3_CODER
from metier_sglang.parsing.formats.mistral import MISTRAL
from metier_sglang.parsing.formats.pythonic import PYTHONIC

# A template is tried against the signs in this order: formats whose signs are the more particular stand first.
_ALL = (
    QWEN3_CODER,
    GLM45,
    GLM47,
    QWEN,
    HERMES,
    TONGYI,
    DEEPSEEK_V41,
    DEEPSEEK_V4,
    DEEPSEEK_V32,
    DEEPSEEK_V3,
    DEEPSEEK_V31,
    KIMI_K2,
    KIMI,
    MINIMAX_M2,
    MISTRAL,
    GPT_OSS,
    LLAMA3,
    PYTHONIC,
)

FORMATS: Mapping[str, Format] = MappingProxyType({format_.name: format_ for format_ in _ALL})


def find_format(*, name: str = "", tool_parser: str = "", reasoning_parser: str = "", template: str = "") -> Format:
    """Returns the format called `name`, else the one of the server's tool parser, else the one of the chat template.

    The parser for thinking is asked last: several formats share one. Raises InputError, listing the formats, when
    nothing tells, and for a name that none has.
    """
    if name:
        return _named(name)
    by_parser = (f for f in _ALL if tool_parser in f.tool_parsers)
    by_sign = (f for f in _ALL if any(sign in template for sign in f.signs))
    by_thinking = (f for f in _ALL if reasoning_parser in f.reasoning_parsers)
    for candidates in (by_parser, by_sign, by_thinking):
        for format_ in candidates:
            return format_
    raise InputError("Neither the server nor the chat template says how these weights write tool calls.", hint=_list())


def _named(name: str) -> Format:
    if name not in FORMATS:
        raise InputError(f"There is no format {name!r}.", hint=_list())
    return FORMATS[name]


def _list() -> str:
    return f"Name one of: {', '.join(sorted(FORMATS))}."
