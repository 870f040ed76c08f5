"""The formats of cases, in the order in which they are tried."""

from typing import Final

from metier_legal.intake.cases.caselaw import CASELAW
from metier_legal.intake.cases.courtlistener.api import COURTLISTENER
from metier_legal.intake.cases.courtlistener.bulk import BULK
from metier_legal.intake.cases.courtlistener.scotus import SCOTUS
from metier_legal.intake.cases.lecard import LECARD
from metier_legal.intake.cases.plain import JSONL
from metier_legal.intake.format import Format

CASE_FORMATS: Final[tuple[Format, ...]] = (JSONL, SCOTUS, CASELAW, LECARD, BULK, COURTLISTENER)
