"""What pydantic-ai is told of these models, so that it rewrites no prompt. Pure."""

from typing import Literal

from pydantic_ai.profiles import ModelProfile

PROFILE = ModelProfile(
    supports_tools=True,
    supports_json_schema_output=True,
    supports_json_object_output=False,
    supports_thinking=True,
    supports_image_input=True,
    native_output_requires_schema_in_instructions=True,
    may_tokenize_special_tokens_in_content=False,
    default_structured_output_mode="tool",
)

IGNORED: frozenset[Literal["extra_body", "extra_headers", "service_tier"]] = frozenset(
    {"extra_body", "extra_headers", "service_tier"}
)
