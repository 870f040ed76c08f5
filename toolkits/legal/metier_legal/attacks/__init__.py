"""Correct answers and attacks on them, generated from any law: what the checks are measured by."""

from metier_legal.attacks.forging import KINDS, make_attacks
from metier_legal.attacks.honest import make_honest
from metier_legal.attacks.material import Stock
from metier_legal.attacks.sample import Sample

__all__ = ["KINDS", "Sample", "Stock", "make_attacks", "make_honest"]
