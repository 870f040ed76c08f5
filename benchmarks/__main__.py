"""Runs every benchmark, one after the other: `make bench`."""

from benchmarks import (
    client_cost,
    gateway_cost,
    heavy_wall,
    import_speed,
    import_time,
    legal_citations,
    legal_import,
    legal_playbook,
    legal_retrieval,
    legal_verification,
    mode_tokens,
    planner_size,
    research_load,
    research_playbook,
    routing_engines,
    search_latency,
    sglang_steps,
    sglang_streams,
    step_cost,
    toptw,
    wiki_search,
)

ALL = (
    import_time,
    step_cost,
    mode_tokens,
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
    heavy_wall,
    research_load,
    wiki_search,
    research_playbook,
)


def main() -> None:
    """Prints the tables of all benchmarks."""
    for benchmark in ALL:
        benchmark.main()


if __name__ == "__main__":
    main()
