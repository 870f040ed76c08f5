"""Well-formed responses as weights of each format write them, and what they say. Every parser is held against these."""

from dataclasses import dataclass

from metier_sglang.parsing.events import Parsed, ParsedCall

SCHEMAS = {
    "route": {
        "type": "object",
        "properties": {
            "to": {"type": "string"},
            "stops": {"type": "array", "items": {"type": "string"}},
            "hours": {"type": "number"},
            "days": {"type": "integer"},
            "direct": {"type": "boolean"},
            "prefer": {"type": "object"},
        },
    },
    "now": {"type": "object", "properties": {}},
    "search": {"type": "object", "properties": {"query": {"type": "array", "items": {"type": "string"}}}},
    "PythonInterpreter": {"type": "object", "properties": {"code": {"type": "string"}}},
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A response without its thinking, and what it says."""

    format: str
    written: str
    parsed: Parsed


def _case(format_: str, written: str, text: str, *calls: tuple[str, str]) -> Recorded:
    return Recorded(format_, written, Parsed("", text, tuple(ParsedCall(name, arguments) for name, arguments in calls)))


_ROUTE = '{"to": "Ardenfeld"}'
_RICH = '{"to": "Bad Oss", "stops": ["Linn", "Oss"], "hours": 2.5, "days": 3, "direct": true}'
_HARD = '{"to": "a \\"b\\" {c} </x>", "prefer": {"bahn": [1, {"rang": null}]}}'
_BODIES = (
    ("route", _ROUTE),
    ("route", _RICH),
    ("route", _HARD),
    ("now", "{}"),
    ("search", '{"query": ["Zürich 東京", "b"]}'),
)


def _json_cases() -> list[Recorded]:
    cases = []
    for name, arguments in _BODIES:
        call = f'{{"name": "{name}", "arguments": {arguments}}}'
        llama = f'{{"name": "{name}", "parameters": {arguments}}}'
        block = f"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{name}\n```json\n{arguments}\n```<｜tool▁call▁end｜>"
        short = f"<｜tool▁call▁begin｜>{name}<｜tool▁sep｜>{arguments}<｜tool▁call▁end｜>"
        kimi = f"<|tool_call_begin|>functions.{name}:0<|tool_call_argument_begin|>{arguments}<|tool_call_end|>"
        harmony = f"<|channel|>commentary to=functions.{name} <|constrain|>json<|message|>{arguments}<|call|>"
        one = (name, arguments)
        cases += [
            _case("qwen", f"<tool_call>\n{call}\n</tool_call>", "", one),
            _case(
                "qwen",
                f"Let me.\n<tool_call>\n{call}\n</tool_call>\n<tool_call>\n{call}\n</tool_call>",
                "Let me.",
                one,
                one,
            ),
            _case("hermes", f"<tool_call>{call}</tool_call>", "", one),
            _case("hermes", f"Let me.\n<tool_call>\n{call}\n</tool_call>", "Let me.", one),
            _case("llama3", f"<|python_tag|>{llama}", "", one),
            _case("llama3", f"<|python_tag|>{llama};{llama}", "", one, one),
            _case("llama3", llama, "", one),
            _case("mistral", f"[TOOL_CALLS] [{call}]", "", one),
            _case("mistral", f"Let me.[TOOL_CALLS] [{call}, {call}]", "Let me.", one, one),
            _case("mistral", f"[TOOL_CALLS]{name}[ARGS]{arguments}", "", one),
            _case("deepseek_v3", f"<｜tool▁calls▁begin｜>{block}<｜tool▁calls▁end｜>", "", one),
            _case(
                "deepseek_v3", f"Let me.<｜tool▁calls▁begin｜>{block}\n{block}<｜tool▁calls▁end｜>", "Let me.", one, one
            ),
            _case("deepseek_v31", f"<｜tool▁calls▁begin｜>{short}<｜tool▁calls▁end｜>", "", one),
            _case(
                "deepseek_v31", f"Let me.<｜tool▁calls▁begin｜>{short}{short}<｜tool▁calls▁end｜>", "Let me.", one, one
            ),
            _case("kimi_k2", f"<|tool_calls_section_begin|>{kimi}<|tool_calls_section_end|>", "", one),
            _case(
                "kimi_k2",
                f"Let me.<|tool_calls_section_begin|>{kimi}{kimi}<|tool_calls_section_end|>",
                "Let me.",
                one,
                one,
            ),
            _case("gpt_oss", f"<|start|>assistant{harmony}", "", one),
        ]
    return cases


def _markup(open_: str, value: str, between: str, close: str, values: tuple[tuple[str, str], ...]) -> str:
    return open_ + between.join(value.format(key=key, value=text) for key, text in values) + close


_SPELLED = (
    (("route", _ROUTE), (("to", "Ardenfeld"),)),
    (
        ("route", _RICH),
        (("to", "Bad Oss"), ("stops", '["Linn", "Oss"]'), ("hours", "2.5"), ("days", "3"), ("direct", "true")),
    ),
    (("now", "{}"), ()),
    (("search", '{"query": ["Zürich 東京", "b"]}'), (("query", '["Zürich 東京", "b"]'),)),
    (("route", '{"to": "two\\nlines \\"quoted\\" {x} <b>"}'), (("to", 'two\nlines "quoted" {x} <b>'),)),
    (("route", '{"prefer": {"bahn": [1, {"rang": null}]}}'), (("prefer", '{"bahn": [1, {"rang": null}]}'),)),
)


def _markup_cases() -> list[Recorded]:
    cases = []
    for one, values in _SPELLED:
        name = one[0]
        qwen = _markup(
            f"<tool_call>\n<function={name}>\n",
            "<parameter={key}>\n{value}\n</parameter>\n",
            "",
            "</function>\n</tool_call>",
            values,
        )
        invoke = _markup(
            f'<invoke name="{name}">\n', '<parameter name="{key}">{value}</parameter>\n', "", "</invoke>\n", values
        )
        glm45 = _markup(
            f"<tool_call>{name}\n",
            "<arg_key>{key}</arg_key>\n<arg_value>{value}</arg_value>\n",
            "",
            "</tool_call>",
            values,
        )
        glm47 = _markup(
            f"<tool_call>{name}", "<arg_key>{key}</arg_key><arg_value>{value}</arg_value>", "", "</tool_call>", values
        )
        cases += [
            _case("qwen3_coder", qwen, "", one),
            _case("qwen3_coder", f"Let me.\n{qwen}\n{qwen}", "Let me.", one, one),
            _case("minimax_m2", f"<minimax:tool_call>\n{invoke}</minimax:tool_call>", "", one),
            _case(
                "minimax_m2", f"Let me.\n<minimax:tool_call>\n{invoke}{invoke}</minimax:tool_call>", "Let me.", one, one
            ),
            _case("glm45", glm45, "", one),
            _case("glm45", f"Let me.\n{glm45}\n{glm45}", "Let me.", one, one),
            _case("glm47", glm47, "", one),
            _case("glm47", f"Let me.{glm47}{glm47}", "Let me.", one, one),
        ]
        for format_, block, space in (("v32", "function_calls", ""), ("v4", "tool_calls", ""), ("v41", " calls", " ")):
            typed = "".join(
                f'<｜DSML｜{space}parameter name="{key}" string="{str(key == "to").lower()}">'
                f"{value}</｜DSML｜{space}parameter>\n"
                for key, value in values
            )
            call = f'<｜DSML｜{space}invoke name="{name}">\n{typed}</｜DSML｜{space}invoke>\n'
            written = f"Let me.\n\n<｜DSML｜{block}>\n{call}{call}</｜DSML｜{block}>"
            cases.append(_case(f"deepseek_{format_}", written, "Let me.", one, one))
    return cases


_PYTHONIC = [
    _case("pythonic", '[route(to="Ardenfeld")]', "", ("route", _ROUTE)),
    _case("pythonic", "[now()]", "", ("now", "{}")),
    _case(
        "pythonic",
        "[route(to='Bad Oss', stops=['Linn', \"Oss\"], hours=2.5, days=3, direct=True)]",
        "",
        ("route", _RICH),
    ),
    _case(
        "pythonic",
        '[route(to="a \\"b\\" {c} </x>", prefer={"bahn": [1, {"rang": None}]}), now()]',
        "",
        ("route", _HARD),
        ("now", "{}"),
    ),
    _case(
        "pythonic",
        '<|python_start|>[search(query=["Zürich 東京", "b"])]<|python_end|>',
        "",
        ("search", '{"query": ["Zürich 東京", "b"]}'),
    ),
]

RECORDED = (*_json_cases(), *_markup_cases(), *_PYTHONIC)
