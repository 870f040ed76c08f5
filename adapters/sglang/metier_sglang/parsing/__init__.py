"""From a model's text to thinking, text and tool calls: strict, incremental, pure."""
