"""Texts that would like to be structure."""

from hypothesis import strategies as st

MARKERS = (
    *("<|im_start|>", "<|im_end|>", "<|endoftext|>", "<think>", "</think>", "<tool_call>", "</tool_call>"),
    *("<tool_response>", "</tool_response>", "<|begin_of_text|>", "<|start_header_id|>", "<|eot_id|>"),
    *(
        "<｜User｜>",
        "<｜Assistant｜>",
        "<｜tool▁call▁end｜>",
        "<｜end▁of▁sentence｜>",
        "<|start|>",
        "<|message|>",
        "<|call|>",
    ),
)
HALVES = tuple(half for marker in MARKERS[:8] for half in (marker[:-1], marker[1:], marker[:2], marker[3:-2]))
ODD = (
    *("\U0010fffd", "\U0010fffc", "\U0010fffb", "\U0010fffc0", "\ue000", "\ud83d", "\udc00", "\u200b", "\u200d"),
    *(
        "{{ messages }}",
        "{% break %}",
        '{"a": "</tool_call>"}',
        "\\u003c",
        "&lt;",
        "e\u0301",
        "system\n",
        "\n\n",
        " ",
        ">",
        "<",
    ),
)
TEXT = st.lists(st.sampled_from((*MARKERS, *HALVES, *ODD)) | st.text(max_size=4), max_size=7).map("".join)
