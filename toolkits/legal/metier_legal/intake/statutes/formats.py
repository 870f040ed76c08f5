"""The formats of legislation, in the order in which they are tried."""

from typing import Final

from metier_legal.intake.format import Format
from metier_legal.intake.statutes.de.gii import GII
from metier_legal.intake.statutes.de.markdown import GERMAN_MARKDOWN
from metier_legal.intake.statutes.eu.eurlex import EURLEX
from metier_legal.intake.statutes.eu.formex import FORMEX
from metier_legal.intake.statutes.eu.gdprtext import GDPRTEXT
from metier_legal.intake.statutes.french import CODE_CIVIL
from metier_legal.intake.statutes.passages import PASSAGES
from metier_legal.intake.statutes.uk.akn import AKN
from metier_legal.intake.statutes.uk.clml import CLML
from metier_legal.intake.statutes.us.dccode import DC_JSONL, DC_XML
from metier_legal.intake.statutes.us.ecfr import ECFR
from metier_legal.intake.statutes.us.olrc import OLRC
from metier_legal.intake.statutes.us.uslm import USLM
from metier_legal.intake.statutes.zh.jsonl import ZH_JSONL
from metier_legal.intake.statutes.zh.markdown import ZH_MARKDOWN
from metier_legal.intake.statutes.zh.official import ZH_DOCX, ZH_HTML, ZH_TEXT

STATUTE_FORMATS: Final[tuple[Format, ...]] = (
    USLM,
    OLRC,
    ECFR,
    DC_XML,
    DC_JSONL,
    FORMEX,
    AKN,
    CLML,
    EURLEX,
    GDPRTEXT,
    GII,
    GERMAN_MARKDOWN,
    ZH_MARKDOWN,
    ZH_JSONL,
    ZH_DOCX,
    ZH_HTML,
    ZH_TEXT,
    CODE_CIVIL,
    PASSAGES,
)
