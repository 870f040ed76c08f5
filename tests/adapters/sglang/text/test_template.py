import pytest

from metier.errors import InputError
from metier_sglang.text.masking import BREAK
from metier_sglang.text.template import Prepared, Template

USER = [{"role": "user", "content": "hi"}]


def _render(source: str, **named: object) -> str:
    return Template(source).render(USER, [], prompt=True, **named)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ messages.append(1) }}",
        "{{ messages[0].update({'role': 'system'}) }}",
        "{{ ('x' * 100000) * 100000 }}",
        "{{ 100000 * ['x'] * 100000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{{ 'x' * 1000 }}{% endfor %}{% endfor %}",
        "{{ raise_exception('no') }}",
        "{{ 1 // 0 }}",
        "{{ messages[0].content.nothing() }}",
        "{{ none | tojson(indent='x', separators=3) }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    ],
)
def test_what_a_template_may_not_do_is_refused(source: str) -> None:
    with pytest.raises(InputError) as caught:
        _render(source)
    assert caught.value.hint


@pytest.mark.parametrize("source", ["{% if %}", "{% include 'x' %}{% for %}", f"a{BREAK}b"])
def test_what_is_no_template_is_refused_when_it_is_read(source: str) -> None:
    with pytest.raises(InputError, match="template"):
        Template(source)


def test_what_templates_expect_is_there() -> None:
    assert _render("  {% if true %}\nx\n  {% endif %}\n{{ named_token }}", named={"named_token": "T"}) == "x\nT"
    assert _render("{{ {'b': '<é', 'a': 1} | tojson }}") == '{"b": "<é", "a": 1}'
    assert _render("{{ {'b': 'é😀', 'a': 1} | tojson(sort_keys=True, ensure_ascii=true) }}") == (
        '{"a": 1, "b": "\\u00e9\\ud83d\\ude00"}'
    )
    assert _render("{{ [1, 2] | tojson(separators=(',', ':')) }}{{ [1] | tojson(indent=1) }}") == "[1,2][\n 1\n]"
    assert _render("{{ tools is none }}{{ documents is none }}{{ add_generation_prompt }}") == "TrueTrueTrue"
    assert _render("{% generation %}a{% endgeneration %}{{ strftime_now is defined }}") == "aFalse"


def test_only_the_switches_of_a_template_are_set() -> None:
    assert Template("{{ enable_thinking }}{{ other }}").switches == ("enable_thinking",)
    assert _render("{{ enable_thinking }}", thinking=False) == "False"
    assert _render("{% set name = 'thinking' %}{{ enable_thinking }}", thinking=True) == "True"
    assert _render("{{ thinking }}", thinking=None) == ""


def test_a_schema_is_written_once_for_each_way_of_writing() -> None:
    prepared = Prepared({"a": "b"})
    template = Template(
        "{{ tools[0] | tojson }}|{{ tools[0] | tojson(indent=2) }}|{{ tools[0].a }}|{{ tools[0]._written }}"
    )
    first = template.render(USER, [prepared], prompt=False)
    assert first == '{"a": "b"}|{\n  "a": "b"\n}|b|'
    prepared["a"] = "changed without a word"
    assert template.render(USER, [prepared], prompt=False).startswith('{"a": "b"}|')
