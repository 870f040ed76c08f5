"""Who may answer a tool, and in which order: a matter of values."""

import pytest

from metier.errors import InputError
from metier.gateway.providing import Offer, Provided, check_orders, offers_in, order_of, read_offers, steps_of, tools_of
from metier.redaction import redaction_of
from metier.servers.policy import Policy
from metier.servers.tool import ToolSpec
from tests.sdk.gateway.envelope.serving import Upstream


def spec(name: str, *, needs_approval: bool = False, says: str = "") -> ToolSpec:
    return ToolSpec(name, says, {}, None, repeatable=True, read_only=True, needs_approval=needs_approval)


def offers(name: str, *specs: ToolSpec) -> dict[str, Offer]:
    return read_offers(Upstream(name).provided(), specs)


KNOWN = {
    "a": offers("a", spec("search", says="of a"), spec("only_a")),
    "b": offers("b", spec("search", says="of b", needs_approval=True), spec("only_b")),
}


def test_the_order_of_a_tool_is_its_own_or_that_for_all_or_as_they_stand() -> None:
    names = ("a", "b")
    assert order_of("search", names, {}) == ("a", "b")
    assert order_of("search", names, {"*": ("b",)}) == ("b",)
    assert order_of("search", names, {"*": ("b",), "search": ["b", "a"]}) == ("b", "a")


def test_who_does_not_have_a_tool_is_left_out_and_who_has_said_nothing_is_named() -> None:
    steps = steps_of("only_b", ("dead", "a", "b"), KNOWN)
    assert steps[0] == "dead"
    assert [offer.name for offer in offers_in(steps)] == ["b"]


def test_a_tool_is_described_by_the_first_who_may_answer_it_and_needs_approval_when_any_does() -> None:
    tools = {tool.name: tool for tool in tools_of(("a", "b"), {}, KNOWN)}
    assert set(tools) == {"search", "only_a", "only_b"}
    assert tools["search"].description == "of a"
    assert tools["search"].needs_approval
    assert not tools["only_a"].needs_approval
    other = {tool.name: tool for tool in tools_of(("a", "b"), {"search": ("a",), "*": ("b",)}, KNOWN)}
    assert set(other) == {"search", "only_b"}
    assert not other["search"].needs_approval


def test_an_order_that_names_nobody_is_refused() -> None:
    check_orders(("a", "b"), {"search": ("b", "a")})
    with pytest.raises(InputError, match="'c'"):
        check_orders(("a", "b"), {"search": ("b", "c")})


@pytest.mark.parametrize(
    ("policy", "may_cache", "may_share"),
    [
        (Policy(), True, True),
        (Policy(cacheable=False), False, True),
        (Policy(store=False), False, True),
        (Policy(cacheable=True, store=False), False, True),
    ],
)
def test_what_may_be_kept_and_shared(policy: Policy, may_cache: bool, may_share: bool) -> None:
    offer = Offer(Provided(Upstream("a").provided().source, "id", lambda spec: policy), spec("search"), policy)
    assert (offer.may_cache, offer.may_share) == (may_cache, may_share)


def test_what_writes_is_neither_kept_nor_shared_unless_it_is_declared() -> None:
    provided = Upstream("a").provided()
    writes = ToolSpec("book", "", {}, None, repeatable=False, read_only=False)
    plain, declared = (Offer(provided, writes, Policy(cacheable=cacheable)) for cacheable in (None, True))
    assert (plain.may_cache, plain.may_share) == (False, False)
    assert (declared.may_cache, declared.may_share) == (True, True)


def test_secrets_in_a_schema_are_masked() -> None:
    provided = Provided(Upstream("a").provided().source, "id", lambda spec: Policy(), redaction_of(["hidden-key"]))
    leaky = ToolSpec("t", "hidden-key", {"default": "hidden-key"}, {"x": ["hidden-key"]}, True, True)
    assert "hidden-key" not in repr(read_offers(provided, [leaky])["t"].spec)
