"""A second opinion on conflicts, by CP-SAT. Needs the extra `ortools`; loaded only where that is installed.

The problem is that of `search.feasible`, written down independently: the sights that must be seen, the days, and all
lodgings. Each must-see, the drive limit and the budget are assumptions; where no trip exists, the solver names those
that it needed to say so: a set that cannot hold together, not always a minimal one. Presolve is off, since with it
the assumptions named are not to be relied on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from metier_maps.planning.survey.problem import END, NEVER, START, Frame, Problem, Sight, Table

PATIENCE = 10.0  # in the solver's deterministic time, about seconds


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether a trip exists (None: undecided in time), and the requirements that exclude one."""

    feasible: bool | None
    core: tuple[str, ...] = ()


def prove(problem: Problem) -> Proof:
    """Returns whether any trip keeps the problem's requirements; without lunch stops, which are no requirement."""
    model = _Model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.cp_model_presolve = False
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = PATIENCE
    status = solver.solve(model.cp)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Proof(feasible=True)
    if status != cp_model.INFEASIBLE:
        return Proof(feasible=None)
    named = {literal.index: name for name, literal in model.assumed.items()}
    core = {named[index] for index in solver.sufficient_assumptions_for_infeasibility()}
    return Proof(feasible=False, core=tuple(name for name in model.assumed if name in core))


class _Model:
    """The constraints. Literals are the solver's own, which it does not type."""

    def __init__(self, problem: Problem) -> None:
        self.cp: Any = cp_model.CpModel()
        self.problem = problem
        self.musts = [problem.sights[i] for i in problem.musts]
        names = [f"must_see:{sight.place.id}" for sight in self.musts]
        names += ["drive_limit"] if problem.limit is not None else []
        names += ["budget"] if problem.budget is not None else []
        self.assumed = {name: self.cp.new_bool_var(name) for name in names}
        self.beds = [[self.cp.new_bool_var("") for _ in problem.beds] for _ in range(problem.nights)]
        for night in self.beds:
            self.cp.add_exactly_one(night)
        seen = [self._add_day(day, frame, problem.tables[day]) for day, frame in enumerate(problem.frames)]
        for number, sight in enumerate(self.musts):
            literal = self.assumed[f"must_see:{sight.place.id}"]
            self.cp.add(sum(day[number] for day in seen) == 1).only_enforce_if(literal)
        self._add_policy()
        self._add_budget()
        self.cp.add_assumptions(list(self.assumed.values()))

    def _add_day(self, day: int, frame: Frame, table: Table) -> list[Any]:
        """Adds a round from the day's start to its end; returns a literal per must: whether it is seen."""
        cp, count = self.cp, len(self.musts)
        begin = [cp.new_int_var(frame.open, frame.close, "") for _ in self.musts]
        out, back, straight = (cp.new_int_var(0, NEVER, "") for _ in range(3))
        empty = cp.new_bool_var("")
        arcs: list[tuple[int, int, Any]] = [(0, 0, empty)]
        between: list[Any] = []
        for i, sight in enumerate(self.musts):
            first, last = cp.new_bool_var(""), cp.new_bool_var("")
            arcs += [(i + 1, i + 1, cp.new_bool_var("")), (0, i + 1, first), (i + 1, 0, last)]
            cp.add(out == self._leg(table, day, sight, outward=True)).only_enforce_if(first)
            cp.add(begin[i] >= frame.open + out).only_enforce_if(first)
            cp.add(back == self._leg(table, day, sight, outward=False)).only_enforce_if(last)
            cp.add(begin[i] + sight.dwell + back <= frame.close).only_enforce_if(last)
            for j in (j for j in range(count) if j != i):
                go, leg = cp.new_bool_var(""), table.rows[sight.node][self.musts[j].node]
                arcs.append((i + 1, j + 1, go))
                between.append(leg * go)
                cp.add(begin[j] >= begin[i] + sight.dwell + leg).only_enforce_if(go)
        cp.add_circuit(arcs)
        self._add_straight(day, table, frame, (straight, empty))
        cp.add(out + back == 0).only_enforce_if(empty)
        if self.problem.limit is not None:
            drive = out + back + straight + sum(between)
            cp.add(drive <= self.problem.limit).only_enforce_if(self.assumed["drive_limit"])
        return self._add_openings(day, begin, {a: literal for a, b, literal in arcs if a == b})

    def _add_openings(self, day: int, begin: Sequence[Any], skipped: dict[int, Any]) -> list[Any]:
        seen = []
        for i, sight in enumerate(self.musts):
            visit = skipped[i + 1].negated()
            spans = [[opening.begin, opening.last] for opening in sight.openings[day]]
            domain = cp_model.Domain.from_intervals(spans)
            if spans:
                self.cp.add_linear_expression_in_domain(begin[i], domain).only_enforce_if(visit)
            else:
                self.cp.add(visit == 0)
            seen.append(visit)
        self.cp.add(sum(seen) <= self.problem.most)
        return seen

    def _leg(self, table: Table, day: int, sight: Sight, *, outward: bool) -> Any:
        """Returns the seconds between where the day starts (or ends) and a sight, as an expression in the beds."""
        is_fixed = day == (0 if outward else self.problem.nights)
        if is_fixed:
            return table.rows[START][sight.node] if outward else table.rows[sight.node][END]
        night = self.beds[day - 1 if outward else day]
        nodes = [bed.node for bed in self.problem.beds]
        legs = [table.rows[node][sight.node] if outward else table.rows[sight.node][node] for node in nodes]
        return sum(leg * chosen for leg, chosen in zip(legs, night, strict=True))

    def _add_straight(self, day: int, table: Table, frame: Frame, ways: tuple[Any, Any]) -> None:
        """Adds the drive of a day on which no must-see is seen: from its start straight to its end."""
        straight, empty = ways
        starts, first = self._end(day - 1, START, is_fixed=day == 0)
        ends, last = self._end(day, END, is_fixed=day == self.problem.nights)
        flat = [table.rows[a][b] for a in starts for b in ends]
        target = self.cp.new_int_var(0, NEVER, "")
        self.cp.add_element(first * len(ends) + last, flat, target)
        self.cp.add(straight == target).only_enforce_if(empty)
        self.cp.add(straight == 0).only_enforce_if(empty.negated())
        self.cp.add(frame.open + straight <= frame.close).only_enforce_if(empty)

    def _end(self, night: int, node: int, *, is_fixed: bool) -> tuple[list[int], Any]:
        """Returns the nodes where a day may start or end, and which of them it is, as an expression."""
        if is_fixed:
            return [node], 0
        return [bed.node for bed in self.problem.beds], sum(b * chosen for b, chosen in enumerate(self.beds[night]))

    def _add_policy(self) -> None:
        policy = self.problem.request.lodging.policy
        for column in zip(*self.beds, strict=True):
            if policy == "change":
                self.cp.add_at_most_one(column)
            elif policy == "stay":
                for chosen in column[1:]:
                    self.cp.add(chosen == column[0])

    def _add_budget(self) -> None:
        if self.problem.budget is None:
            return
        fees = sum(sight.fee or 0 for sight in self.musts)
        unknown = self.problem.budget + 1  # a price that nobody knows never fits
        prices = [unknown if bed.price is None else bed.price for bed in self.problem.beds]
        spent = sum(price * chosen for night in self.beds for chosen, price in zip(night, prices, strict=True))
        self.cp.add(fees + spent <= self.problem.budget).only_enforce_if(self.assumed["budget"])
