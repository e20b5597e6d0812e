"""The least calls for a stack to which one can only append: proven by trying every plan on small stacks."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from pulumi_opendatasoft.lifecycle.list_plan import Plan, plan


@dataclass(frozen=True)
class Rule:
    """A rule as small as can be: rules of one type can be made into one another, those on one field have an order."""

    type: str
    field: str
    text: int = 0


Conflict = Callable[[Rule, Rule], bool]


def is_same(live: Rule, wanted: Rule) -> bool:
    return live == wanted


def is_alike(live: Rule, wanted: Rule) -> bool:
    return live.type == wanted.type


def on_one_field(one: Rule, other: Rule) -> bool:
    return one.field == other.field


def every_order_matters(_: Rule, __: Rule) -> bool:
    return True


def planned(live: Sequence[Rule], wanted: Sequence[Rule], conflict: Conflict | None = None) -> Plan:
    return plan(live, wanted, same=is_same, alike=is_alike, conflict=conflict)


def carried_out(steps: Plan, live: Sequence[Rule], wanted: Sequence[Rule]) -> list[int]:
    """Which wanted rule stands where in the portal's stack once the plan was carried out, as the portal does it."""
    stack: list[int | Rule] = list(live)
    for place, target in steps.puts:
        assert is_alike(live[place], wanted[target]), "a PUT cannot change the type"
        stack[place] = target
    stack = [rule for place, rule in enumerate(stack) if place not in steps.deletes]
    stack += steps.posts
    left = [j for j in range(len(wanted)) if j not in stack]
    standing: list[int] = []
    for rule in stack:
        if isinstance(rule, Rule):
            rule = next(j for j in left if wanted[j] == rule)
            left.remove(rule)
        standing.append(rule)
    assert left == [], "something wanted is missing"
    return standing


def in_order(standing: Sequence[int], wanted: Sequence[Rule], conflict: Conflict | None) -> bool:
    matters = conflict or every_order_matters
    return not any(
        later < earlier and matters(wanted[later], wanted[earlier]) and wanted[later] != wanted[earlier]
        for place, earlier in enumerate(standing)
        for later in standing[place + 1 :]
    )


def least_calls(live: Sequence[Rule], wanted: Sequence[Rule], conflict: Conflict | None) -> int:
    """The calls of the best of all plans: each live rule is deleted, or becomes some wanted one that it can."""
    best = len(live) + len(wanted)

    def go_on(place: int, standing: list[int], calls: int) -> None:
        nonlocal best
        posts = [j for j in range(len(wanted)) if j not in standing]
        if place < len(live) and calls < best:
            for j in posts:
                if is_alike(live[place], wanted[j]):
                    go_on(place + 1, [*standing, j], calls + (live[place] != wanted[j]))
            go_on(place + 1, standing, calls + 1)
        elif calls + len(posts) < best and in_order(standing + posts, wanted, conflict):
            best = calls + len(posts)

    go_on(0, [], 0)
    return best


def edited(chance: random.Random, live: Sequence[Rule], edits: int, new: Callable[[], Rule]) -> list[Rule]:
    """What a person makes of a list of rules: one taken out, changed, moved or put in, again and again."""
    wanted = list(live)
    for _ in range(edits):
        kind = chance.randrange(4)
        if kind == 0 or not wanted:
            wanted.insert(chance.randrange(len(wanted) + 1), new())
            continue
        place = chance.randrange(len(wanted))
        if kind == 1:
            wanted.pop(place)
        elif kind == 2:
            wanted[place] = Rule(wanted[place].type, wanted[place].field, new().text)
        else:
            wanted.insert(chance.randrange(len(wanted)), wanted.pop(place))
    return wanted


def random_stacks(count: int, longest: int) -> list[tuple[list[Rule], list[Rule]]]:
    chance = random.Random(f"{count} stacks")

    def new() -> Rule:
        return Rule(chance.choice("rta"), chance.choice("abc"), chance.randrange(3))

    stacks = []
    for number in range(count):
        live = [new() for _ in range(chance.randrange(longest + 1))]
        wanted = (
            edited(chance, live, number % 4, new) if number % 5 else [new() for _ in range(chance.randrange(longest))]
        )
        stacks.append((live, wanted))
    return stacks


STACKS = random_stacks(2000, longest=5)


def test_plan_in_full_order_is_right_and_shortest() -> None:
    for live, wanted in STACKS:
        steps = planned(live, wanted)
        assert [wanted[j] for j in carried_out(steps, live, wanted)] == wanted
        assert steps.calls == least_calls(live, wanted, None), (live, wanted)


def test_plan_in_partial_order_is_right_and_nearly_shortest() -> None:
    excess = []
    for live, wanted in STACKS:
        steps = planned(live, wanted, on_one_field)
        assert in_order(carried_out(steps, live, wanted), wanted, on_one_field), (live, wanted)
        assert steps.calls <= planned(live, wanted).calls
        excess.append(steps.calls - least_calls(live, wanted, on_one_field))
    assert min(excess) == 0
    assert max(excess) <= 3
    assert sum(1 for calls in excess if calls) <= len(STACKS) * 0.03


def test_plan_without_order_is_shortest() -> None:
    for live, wanted in STACKS:
        steps = planned(live, wanted, lambda _, __: False)
        carried_out(steps, live, wanted)
        assert steps.calls == least_calls(live, wanted, lambda _, __: False), (live, wanted)


def test_equal_lists_need_no_call() -> None:
    live = [Rule("rename", "a"), Rule("type", "b")]
    assert planned(live, live) == Plan()
    assert planned(live, live, on_one_field).calls == 0
    assert planned([], []).calls == 0


# ---------------------------------------------------------------- 500 fields of three rules each

LARGE = [Rule(type, f"field {n}") for n in range(500) for type in ("rename", "type", "annotate")]


def with_rule_at(place: int, rule: Rule) -> list[Rule]:
    return [*LARGE[:place], rule, *LARGE[place:]]


@pytest.mark.parametrize(
    ("wanted", "steps"),
    [
        (LARGE, Plan()),
        ([*LARGE[:7], Rule("type", "field 2", 1), *LARGE[8:]], Plan(puts=((7, 7),))),
        ([*LARGE[:7], *LARGE[8:]], Plan(deletes=(7,))),
        ([*LARGE, Rule("type", "new")], Plan(posts=(1500,))),
        (with_rule_at(3, Rule("type", "new")), Plan(posts=(3,))),
        ([*LARGE[1:9], LARGE[0], *LARGE[9:]], Plan(deletes=(0,), posts=(8,))),
        (with_rule_at(7, Rule("describe", "field 2")), Plan(deletes=(7, 8), posts=(7, 8, 9))),
        ([*LARGE[3:], *LARGE[:3]], Plan()),
    ],
    ids=[
        "nothing",
        "changed",
        "taken out",
        "appended",
        "put in",
        "moved on its field",
        "put before its field",
        "moved",
    ],
)
def test_one_edit_of_1500_rules_takes_a_few_calls(wanted: list[Rule], steps: Plan) -> None:
    assert planned(LARGE, wanted, on_one_field) == steps


def test_changed_processor_among_many_is_one_put() -> None:
    live = [Rule("skip", "", n) for n in range(60)]
    wanted = [*live[:30], Rule("skip", "", 99), *live[31:]]
    assert planned(live, wanted) == Plan(puts=((30, 30),))


def test_new_type_in_the_middle_recreates_the_rest() -> None:
    live = [Rule("skip", "", n) for n in range(4)]
    wanted = [*live[:2], Rule("join", ""), *live[2:]]
    assert planned(live, wanted) == Plan(deletes=(2, 3), posts=(2, 3, 4))
