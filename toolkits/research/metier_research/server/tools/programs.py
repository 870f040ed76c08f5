"""Programs that a model writes, run in the sandbox."""

from typing import Annotated, Final

from mcp.types import CallToolResult

from metier.canonical import digest_of
from metier.evidence import Evidence, record_evidence
from metier.servers.result import tool_result
from metier_research.options import Options
from metier_research.pages.evidence import OUTPUT
from metier_research.pages.shapes import OutputResult
from metier_research.sandbox.output import NOTHING
from metier_research.sandbox.running import run_python

TIMEOUT_S: Final = 50.0
MEMORY_MB: Final = 1_024
KEPT: Final = 50_000  # characters of each stream
TOLD: Final = 6_000  # of which a model is shown so many
CODE_KEPT: Final = 4_000  # characters of a program that its evidence shows


class PythonTool:
    """Runs Python in the isolation that the user asked for; each call begins with nothing."""

    def __init__(self, options: Options) -> None:
        self._isolation = options.isolation

    async def python(self, code: str) -> Annotated[CallToolResult, OutputResult]:
        """Returns what a Python program prints. It has no network, no files and no memory of earlier programs."""
        ran = await run_python(code, isolation=self._isolation, timeout_s=TIMEOUT_S, memory_mb=MEMORY_MB)
        result = OutputResult(
            stdout=ran.stdout[:KEPT],
            stderr=ran.stderr[-KEPT:],
            exit=ran.exit,
            isolation=ran.isolation,
            truncated=ran.truncated or max(len(ran.stdout), len(ran.stderr)) > KEPT,
        )
        evidence = [output_evidence(code, result)] if result.exit == 0 and result.stdout.strip() else []
        return tool_result(result, tell_output(result, evidence, ran.stopped), evidence=evidence)


def output_evidence(code: str, result: OutputResult) -> Evidence:
    """Returns the evidence of what a program printed; its place is the digest of the program."""
    return record_evidence(
        source="python",
        locator=f"sha256:{digest_of(code)}",
        text=result.stdout,
        value={"kind": OUTPUT, "code": code[:CODE_KEPT], "isolation": result.isolation},
    )


def tell_output(result: OutputResult, evidence: list[Evidence], stopped: str = "") -> str:
    """Returns the output as a model reads it; `stopped` says why the program was ended early."""
    lines = [f"[{item.id}] It printed:" for item in evidence]
    lines += [part for part in (result.stdout.rstrip()[:TOLD], result.stderr.rstrip()[-TOLD:]) if part]
    if stopped:
        lines.append(f"It was ended: {stopped}.")
    elif result.exit != 0:
        lines.append(f"It ended with exit status {result.exit}.")
    if result.truncated or max(len(result.stdout), len(result.stderr)) > TOLD:
        lines.append("It printed more than is shown: print less.")
    return "\n".join(lines) or NOTHING
