"""Which server is asked: decisions over a table, without any network."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from metier_sglang.transport.admission import routing
from metier_sglang.transport.admission.routing import Probe, Queue, Rest, Seat, Use

NAMES = st.lists(st.text("abc:/.0123", min_size=1, max_size=12), min_size=1, max_size=6, unique=True).map(tuple)
KEYS = st.text(max_size=8)
KINDS = st.sampled_from(["failing", "busy", "down"])


def table_of(*seats: Seat) -> dict[str, Seat]:
    return {seat.name: seat for seat in seats}


@settings(deadline=None, max_examples=60)
@given(NAMES, KEYS, st.randoms())
def test_equal_keys_prefer_equal_servers_however_they_are_listed(
    names: tuple[str, ...], key: str, chance: object
) -> None:
    mixed = list(names)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert routing.rank(key, tuple(mixed)) == routing.rank(key, names)


@settings(deadline=None, max_examples=60)
@given(NAMES.filter(lambda names: len(names) > 1), st.lists(KEYS, min_size=1, max_size=20))
def test_a_server_that_is_lost_moves_its_own_keys_only(names: tuple[str, ...], keys: list[str]) -> None:
    lost, left = names[0], names[1:]
    for key in keys:
        before = routing.rank(key, names)
        after = routing.rank(key, left)
        assert after == tuple(name for name in before if name != lost)


def test_keys_are_spread_over_the_servers() -> None:
    names = tuple(f"http://s{at}:30000" for at in range(4))
    first = [routing.rank(f"run-{at}", names)[0] for at in range(400)]
    assert all(60 <= first.count(name) <= 140 for name in names)


@settings(deadline=None, max_examples=60)
@given(NAMES, KEYS)
def test_while_all_are_well_the_choice_is_the_key_s_first(names: tuple[str, ...], key: str) -> None:
    table = table_of(*(Seat(name, 4) for name in names))
    if key:
        assert routing.choose(table, key, 0.0) == Use(routing.rank(key, names)[0])
    else:
        assert isinstance(routing.choose(table, key, 0.0), Use)


@settings(deadline=None, max_examples=60)
@given(NAMES, KEYS, st.lists(st.integers(0, 4), min_size=6, max_size=6))
def test_no_server_gets_more_than_it_takes(names: tuple[str, ...], key: str, running: list[int]) -> None:
    table = table_of(*(Seat(name, 4, running=busy) for name, busy in zip(names, running, strict=False)))
    decision = routing.choose(table, key, 0.0)
    if isinstance(decision, Use):
        assert table[decision.name].free > 0
    else:
        assert decision == Queue(None)
        assert all(seat.free == 0 for seat in table.values())


def test_when_the_first_is_full_the_least_busy_one_helps_out() -> None:
    names = ("a", "b", "c")
    first, second, third = routing.rank("k", names)
    table = table_of(Seat(first, 4, running=4), Seat(second, 4, running=3), Seat(third, 4, running=1))
    assert routing.choose(table, "k", 0.0) == Use(third)


def test_without_a_key_the_least_busy_one_is_asked() -> None:
    assert routing.choose(table_of(Seat("a", 9, running=5), Seat("b", 9, running=2)), "", 0.0) == Use("b")


def test_one_that_rests_is_left_alone_until_then_and_probed_once() -> None:
    down = routing.fail(Seat("a", 4, proved=True, failures=1), 0, "down", now_s=10.0, chance=1.0)
    table = table_of(down)
    assert routing.choose(table, "k", 10.0) == Rest(down.rests_s)
    assert routing.choose(table, "k", down.rests_s) == Probe("a")
    assert routing.choose(table_of(routing.probe(down)), "k", down.rests_s) == Rest(None)
    assert routing.choose(table_of(routing.recover(down, down.epoch)), "k", 10.0) == Use("a")


def test_one_that_is_full_is_used_again_without_a_probe() -> None:
    busy = routing.fail(Seat("a", 4, proved=True), 0, "busy", now_s=0.0, chance=0.0, pause_s=7.0)
    assert routing.choose(table_of(busy), "k", 6.9) == Rest(7.0)
    assert routing.choose(table_of(busy), "k", 7.0) == Use("a")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(KINDS, st.floats(0, 1), st.none() | st.floats(0, 60)), max_size=20))
def test_rests_grow_to_a_most_and_a_success_ends_them(faults: list[tuple[routing.Kind, float, float | None]]) -> None:
    seat, now_s = Seat("a", 4), 0.0
    for kind, chance, pause_s in faults:
        seat = routing.fail(seat, seat.epoch, kind, now_s=now_s, chance=chance, pause_s=pause_s)
        assert seat.rests_s <= now_s + max(routing.LONGEST_S, pause_s or 0.0)
        assert kind != "busy" or seat.rests_s >= now_s + (pause_s or 0.0)
        now_s = max(now_s, seat.rests_s)
    well = routing.succeed(routing.recover(seat, seat.epoch), seat.epoch)
    assert (well.failures, well.down, well.proved) == (0, False, True)


def test_back_off_doubles() -> None:
    seat, rests = Seat("a", 4), []
    for _ in range(9):
        seat = routing.fail(seat, seat.epoch, "down", now_s=0.0, chance=1.0)
        rests.append(seat.rests_s)
    assert rests == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


@settings(deadline=None, max_examples=60)
@given(KINDS)
def test_fifty_that_fail_together_count_once(kind: routing.Kind) -> None:
    seat = Seat("a", 64, failures=5, proved=True)
    once = routing.fail(seat, 0, kind, now_s=0.0, chance=1.0)
    after = once
    for _ in range(49):
        after = routing.fail(after, 0, kind, now_s=0.0, chance=1.0)
    assert after == once
    assert routing.succeed(once, 0) == once  # nor does one that ends late make it well


def test_a_fault_of_the_request_is_not_the_server_s() -> None:
    seat = Seat("a", 4)
    assert routing.fail(seat, 0, "final", now_s=0.0, chance=1.0) == seat


def test_one_that_answers_wrongly_now_and_then_is_kept() -> None:
    seat = Seat("a", 4, proved=True)
    twice = routing.fail(routing.fail(seat, 0, "failing", now_s=0.0, chance=1.0), 0, "failing", now_s=0.0, chance=1.0)
    assert isinstance(routing.choose(table_of(twice), "k", 0.0), Use)
    thrice = routing.fail(twice, 0, "failing", now_s=0.0, chance=1.0)
    assert isinstance(routing.choose(table_of(thrice), "k", 0.0), Rest)


def test_only_servers_that_never_answered_are_hopeless() -> None:
    lost = Seat("a", 4, failures=routing.TRIES)
    assert routing.is_hopeless(table_of(lost))
    assert not routing.is_hopeless(table_of(lost, Seat("b", 4)))
    assert not routing.is_hopeless(table_of(replace(lost, proved=True)))
