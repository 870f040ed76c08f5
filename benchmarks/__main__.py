"""Runs every benchmark, one after the other: `make bench`."""

from benchmarks import (
    client_cost,
    gateway_cost,
    import_speed,
    import_time,
    legal_citations,
    legal_import,
    legal_playbook,
    legal_retrieval,
    legal_verification,
    planner_size,
    routing_engines,
    search_latency,
    sglang_steps,
    sglang_streams,
    step_cost,
    toptw,
)

ALL = (
    import_time,
    step_cost,
    gateway_cost,
    client_cost,
    import_speed,
    search_latency,
    routing_engines,
    planner_size,
    toptw,
    legal_citations,
    legal_retrieval,
    legal_import,
    legal_verification,
    legal_playbook,
    sglang_steps,
    sglang_streams,
)


def main() -> None:
    """Prints the tables of all benchmarks."""
    for benchmark in ALL:
        benchmark.main()


if __name__ == "__main__":
    main()
