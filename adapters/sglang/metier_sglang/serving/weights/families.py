"""Families of open weights: which parsers SGLang needs for them, and which format ours is. Pure.

The names of parsers are those of SGLang 0.5.23. A family is told by the model's name first, then by signs in its chat
template, last by its architecture: Qwen3-Coder and Tongyi-DeepResearch are Qwen3-MoE to an architecture.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from metier.canonical import JSON
from metier_sglang.serving.weights.folder import text_config

Thinking = Literal["always", "optional", "never"]


@dataclass(frozen=True, slots=True)
class Family:
    """How some weights think and call tools.

    `format` names one of `metier_sglang.parsing.registry.FORMATS`, "" when the weights call no tools. `style` is the
    renderer's: "tongyi" tells tools as text. `sampling` are the settings that the weights' makers give, as the query of
    an address.
    """

    name: str
    pattern: str
    tool_parser: str = ""
    reasoning_parser: str = ""
    format: str = ""
    thinking: Thinking = "never"
    style: str = ""
    architectures: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    sampling: str = ""


FAMILIES = (
    Family(
        "Tongyi-DeepResearch",
        r"tongyi.*deep.?research",
        "qwen",
        "qwen3",
        "tongyi",
        "always",
        "tongyi",
        sampling="temperature=0.6&top_p=0.95&presence_penalty=1.1",
    ),
    Family("Qwen3-Coder", r"qwen3.*coder", "qwen3_coder", "", "qwen3_coder"),
    Family(
        "Qwen3.5",
        r"qwen3[._]5",
        "qwen3_coder",
        "qwen3",
        "qwen3_coder",
        "optional",
        architectures=("Qwen3_5ForConditionalGeneration", "Qwen3_5MoeForConditionalGeneration"),
        signs=("<function=",),
    ),
    Family("QwQ", r"qwq", "qwen", "qwen3-thinking", "qwen", "always"),
    Family("Qwen3-Thinking", r"qwen3.*thinking", "qwen", "qwen3-thinking", "qwen", "always"),
    Family("Qwen3-Instruct", r"qwen3.*instruct", "qwen", "", "qwen"),
    Family("Hermes", r"hermes-[234]", "hermes", "", "hermes"),
    Family("DeepSeek-R1-Distill", r"deepseek-?r1-?distill", "", "deepseek-r1", "", "always"),
    Family("DeepSeek-V4.1", r"deepseek-?v4[._]1", "deepseekv41", "deepseek-v41", "deepseek_v41", "optional"),
    Family(
        "DeepSeek-V4",
        r"deepseek-?v4",
        "deepseekv4",
        "deepseek-v4",
        "deepseek_v4",
        "optional",
        architectures=("DeepseekV4ForCausalLM",),
    ),
    Family(
        "DeepSeek-V3.2",
        r"deepseek-?v3[._]2",
        "deepseekv32",
        "deepseek-v3",
        "deepseek_v32",
        "optional",
        architectures=("DeepseekV32ForCausalLM",),
    ),
    Family("DeepSeek-V3.1", r"deepseek-?v3[._]1", "deepseekv31", "deepseek-v3", "deepseek_v31", "optional"),
    Family("DeepSeek-R1", r"deepseek-?r1", "deepseekv3", "deepseek-r1", "deepseek_v3", "always"),
    Family("Kimi-K2-Thinking", r"kimi-?k2.*(thinking|[._]5)", "kimi_k2", "kimi_k2", "kimi_k2", "always"),
    Family("Kimi-K2", r"kimi-?k2", "kimi_k2", "", "kimi_k2", signs=("<|tool_calls_section_begin|>",)),
    Family("DeepSeek-V3", r"deepseek-?v3", "deepseekv3", "", "deepseek_v3", architectures=("DeepseekV3ForCausalLM",)),
    Family("GLM-4.5", r"glm-?4[._][56]", "glm45", "glm45", "glm45", "optional"),
    Family(
        "GLM-4.7",
        r"glm-?(4[._]7|5)",
        "glm47",
        "glm45",
        "glm47",
        "optional",
        architectures=("Glm4MoeForCausalLM", "Glm4MoeLiteForCausalLM", "GlmMoeDsaForCausalLM"),
    ),
    Family(
        "MiniMax-M2",
        r"minimax-?m2",
        "minimax-m2",
        "minimax",
        "minimax_m2",
        "always",
        architectures=("MiniMaxM2ForCausalLM",),
        signs=("<minimax:tool_call>",),
    ),
    Family("gpt-oss", r"gpt-?oss", "gpt-oss", "gpt-oss", "gpt_oss", "always", architectures=("GptOssForCausalLM",)),
    Family("Llama-4", r"llama-?4", "pythonic", "", "pythonic", architectures=("Llama4ForConditionalGeneration",)),
    Family("Llama-3", r"llama-?3", "llama3", "", "llama3", signs=("<|python_tag|>",)),
    Family("Magistral", r"magistral", "mistral", "mistral", "mistral", "always"),
    Family(
        "Mistral",
        r"mistral|mixtral|ministral|devstral",
        "mistral",
        "",
        "mistral",
        architectures=("MistralForCausalLM", "MixtralForCausalLM", "Mistral3ForConditionalGeneration"),
        signs=("[TOOL_CALLS]",),
    ),
    Family(
        "Qwen3",
        r"qwen3",
        "qwen",
        "qwen3",
        "qwen",
        "optional",
        architectures=("Qwen3ForCausalLM", "Qwen3MoeForCausalLM", "Qwen3NextForCausalLM"),
    ),
    Family(
        "Qwen2.5",
        r"qwen-?2",
        "qwen",
        "",
        "qwen",
        architectures=("Qwen2ForCausalLM", "Qwen2MoeForCausalLM", "Qwen2_5_VLForConditionalGeneration"),
    ),
)


def find_family(model: str, *, config: Mapping[str, JSON] | None = None, template: str = "") -> Family | None:
    """Returns the family of `model`, a folder or a repository's name; None for one that metier does not know.

    `config` is its config.json and `template` its chat template, where they are at hand.
    """
    name = Path(model.rstrip("/")).name.lower()
    by_name = (f for f in FAMILIES if re.search(f.pattern, name))
    by_sign = (f for f in FAMILIES if any(sign in template for sign in f.signs))
    architectures = _architectures(config or {})
    by_architecture = (f for f in FAMILIES if architectures & set(f.architectures))
    for families in (by_name, by_sign, by_architecture):
        for family in families:
            return family
    return None


def _architectures(config: Mapping[str, JSON]) -> set[str]:
    named: set[str] = set()
    for part in (config, text_config(config)):
        value = part.get("architectures")
        named |= {each for each in value if isinstance(each, str)} if isinstance(value, list) else set()
    return named
