"""The effects of a run: model calls and tool calls, each journaled before its result is used."""
