"""A long text shown in part: its head, its tail, and how to read on. Pure."""

from bisect import bisect_right

_ASCII_A_TOKEN = 4  # about what tokenizers make of English and JSON; of any other script about one character


def estimate_tokens(text: str) -> int:
    """Returns about how many tokens `text` is: four ASCII characters a token, or one other character.

    No tokenizer is asked, since each model has its own: this errs on the side of too many.
    """
    plain = len(text.encode("ascii", "ignore"))
    return len(text) - plain + -(-plain // _ASCII_A_TOKEN)


def shorten(text: str, cap_tokens: int, handle: str, *, tool: str = "read_result") -> str | None:
    """Returns the head and tail of `text` and, between them, how to read on with `tool`; None when it fits.

    The whole has at most `cap_tokens` tokens and 80 more, as `estimate_tokens` counts. Two thirds are the head. It is
    cut at line ends where there is one near.
    """
    if estimate_tokens(text) <= cap_tokens:
        return None
    head = _head(text, cap_tokens * 2 // 3)
    tail = _tail(text, cap_tokens - cap_tokens * 2 // 3)
    left = len(text) - len(head) - len(tail)
    line = f'[{left} of {len(text)} characters left out; read on: {tool}(handle="{handle}", start={len(head)})]'
    return "\n".join(part for part in (head.removesuffix("\n"), line, tail) if part)


def _head(text: str, tokens: int) -> str:
    """Returns the longest beginning of `tokens` tokens, without its last line when most is left without it."""
    window = text[: tokens * _ASCII_A_TOKEN]
    size = bisect_right(range(1, len(window) + 1), tokens, key=lambda n: estimate_tokens(window[:n]))
    line_end = window.rfind("\n", size * 3 // 4, size)
    return window[: line_end + 1] if line_end >= 0 else window[:size]


def _tail(text: str, tokens: int) -> str:
    """Returns the longest ending of `tokens` tokens, without its first line when most is left without it."""
    start = max(len(text) - tokens * _ASCII_A_TOKEN, 0)
    window = text[start:]
    size = bisect_right(range(1, len(window) + 1), tokens, key=lambda n: estimate_tokens(window[len(window) - n :]))
    cut = window[len(window) - size :]
    line_end = cut.find("\n", 0, size // 4)
    return cut[line_end + 1 :] if line_end >= 0 else cut
