"""Tongyi-DeepResearch: weights trained with tools told as text, calls and answers between tags, results as a user's.

A turn is a `<think>` and then one `<tool_call>` or an `<answer>`; results come back in a user message between
`<tool_response>` tags. `parsing` reads a completion, `writing` and `prompt` write what the model sees: all pure.
`model` puts them round any model that takes text.
"""
