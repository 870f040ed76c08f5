"""Legislation of China: Markdown, the official Word and HTML texts, JSONL."""
