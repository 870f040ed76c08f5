"""A family is found by name, by the chat template, by architecture; its parsers are ones that SGLang has."""

import pytest

from metier_sglang.parsing.registry import FORMATS
from metier_sglang.serving.weights.families import FAMILIES, find_family

TOOL_PARSERS = {
    "deepseekv3", "deepseekv31", "deepseekv32", "deepseekv4", "deepseekv41", "glm45", "glm47", "gpt-oss", "hermes",
    "kimi_k2", "llama3", "minimax-m2", "mistral", "pythonic", "qwen", "qwen3_coder",
}  # fmt: skip
REASONING_PARSERS = {
    "deepseek-r1", "deepseek-v3", "deepseek-v4", "deepseek-v41", "glm45", "gpt-oss", "kimi_k2", "minimax",
    "mistral", "qwen3", "qwen3-thinking",
}  # fmt: skip


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("Alibaba-NLP/Tongyi-DeepResearch-30B-A3B", "Tongyi-DeepResearch"),
        ("Qwen/Qwen3-30B-A3B", "Qwen3"),
        ("Qwen/Qwen3-30B-A3B-Thinking-2507", "Qwen3-Thinking"),
        ("Qwen/Qwen3-235B-A22B-Instruct-2507-FP8", "Qwen3-Instruct"),
        ("Qwen/Qwen3-Coder-30B-A3B-Instruct", "Qwen3-Coder"),
        ("Qwen/Qwen3.5-35B-A3B", "Qwen3.5"),
        ("Qwen/QwQ-32B", "QwQ"),
        ("Qwen/Qwen2.5-7B-Instruct", "Qwen2.5"),
        ("deepseek-ai/DeepSeek-V3-0324", "DeepSeek-V3"),
        ("deepseek-ai/DeepSeek-R1-0528", "DeepSeek-R1"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", "DeepSeek-R1-Distill"),
        ("deepseek-ai/DeepSeek-V3.1-Terminus", "DeepSeek-V3.1"),
        ("deepseek-ai/DeepSeek-V3.2", "DeepSeek-V3.2"),
        ("zai-org/GLM-4.5-Air", "GLM-4.5"),
        ("zai-org/GLM-4.6", "GLM-4.5"),
        ("zai-org/GLM-4.7", "GLM-4.7"),
        ("moonshotai/Kimi-K2-Instruct-0905", "Kimi-K2"),
        ("moonshotai/Kimi-K2-Thinking", "Kimi-K2-Thinking"),
        ("meta-llama/Llama-3.3-70B-Instruct", "Llama-3"),
        ("meta-llama/Llama-4-Scout-17B-16E-Instruct", "Llama-4"),
        ("mistralai/Mistral-Small-3.2-24B-Instruct-2506", "Mistral"),
        ("mistralai/Magistral-Small-2509", "Magistral"),
        ("MiniMaxAI/MiniMax-M2", "MiniMax-M2"),
        ("openai/gpt-oss-120b", "gpt-oss"),
        ("NousResearch/Hermes-3-Llama-3.1-8B", "Hermes"),
    ],
)
def test_published_weights_are_told_by_their_name(model: str, family: str) -> None:
    found = find_family(model)
    assert found is not None
    assert found.name == family


def test_a_folder_of_any_name_is_told_by_its_template_before_its_architecture() -> None:
    config = {"architectures": ["Qwen3MoeForCausalLM"]}
    plain, coder = (find_family("/srv/step-400", config=config, template=text) for text in ("{{ x }}", "<function="))
    assert plain is not None
    assert plain.name == "Qwen3"
    assert coder is not None
    assert coder.tool_parser == "qwen3_coder"


def test_unknown_weights_have_no_family() -> None:
    assert find_family("acme/own-model", config={"architectures": ["AcmeForCausalLM"]}) is None


def test_every_parser_is_one_that_sglang_has() -> None:
    assert {family.tool_parser for family in FAMILIES} <= TOOL_PARSERS | {""}
    assert {family.reasoning_parser for family in FAMILIES} <= REASONING_PARSERS | {""}


def test_every_family_is_read_by_a_format_that_is_also_the_one_of_its_tool_parser() -> None:
    for family in FAMILIES:
        if family.format:
            named = FORMATS[family.format]
            assert family.style == "tongyi" or family.tool_parser in named.tool_parsers, family.name


def test_only_weights_that_think_have_a_parser_of_thinking() -> None:
    assert all(bool(family.reasoning_parser) == (family.thinking != "never") for family in FAMILIES)
