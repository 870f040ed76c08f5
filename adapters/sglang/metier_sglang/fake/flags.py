"""What a fake server is started with. Pure values."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flags:
    """The launch flags that the fake knows, named after SGLang's.

    `context` is in tokens; `max_running` requests are served at once and `max_queued` may wait (None: any number), the
    next one gets 503. With `incremental` a stream's chunks hold the new tokens only. `cache_report` puts the cached
    tokens into the usage of the chat route. `tool_parser` and `reasoning_parser` are SGLang's names, "" for none.
    `style` is how the model is shown its tools (see `metier_sglang.text.rendering`). `vision` is the model type of
    weights that see, "" for such as do not.

    `light` is for benchmarks of clients: nothing is done that takes longer with a longer prompt. `reply` is given "",
    chats are not rendered, no prefix is cached, and `/generate` gives its tokens at once and without their text.
    """

    served_name: str = "fake"
    context: int = 4096
    max_running: int = 8
    max_queued: int | None = None
    tool_parser: str = "qwen"
    reasoning_parser: str = "qwen3"
    style: str = ""
    weight_version: str = "default"
    incremental: bool = False
    cache_report: bool = True
    lora: bool = True
    light: bool = False
    vision: str = ""
    api_key: str = field(default="", repr=False)
    admin_key: str = field(default="", repr=False)
