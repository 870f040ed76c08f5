"""The numerals of `metier_legal.law.numerals` that quoting reads."""

from metier_legal.law.numerals import LARGEST, LONGEST, format_chinese, parse_chinese

__all__ = ["LARGEST", "LONGEST", "format_chinese", "parse_chinese"]
