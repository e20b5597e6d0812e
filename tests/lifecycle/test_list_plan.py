"""Plans with the fewest calls for a list to which one can only append, compared with all plans for short lists."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from pulumi_opendatasoft.lifecycle.list_plan import Plan, plan


@dataclass(frozen=True)
class Rule:
    """A rule: a PUT can change rules of one type into one another, and the order of rules on one field matters."""

    type: str
    field: str
    text: int = 0


Conflict = Callable[[Rule, Rule], bool]


def is_same(actual: Rule, desired: Rule) -> bool:
    return actual == desired


def is_alike(actual: Rule, desired: Rule) -> bool:
    return actual.type == desired.type


def on_one_field(one: Rule, other: Rule) -> bool:
    return one.field == other.field


def every_order_matters(_: Rule, __: Rule) -> bool:
    return True


def planned(actual: Sequence[Rule], desired: Sequence[Rule], conflict: Conflict | None = None) -> Plan:
    return plan(actual, desired, same=is_same, alike=is_alike, conflict=conflict)


def carried_out(steps: Plan, actual: Sequence[Rule], desired: Sequence[Rule]) -> list[int]:
    """The desired rule in each position of the list, after the portal has carried out the plan."""
    entries: list[int | Rule] = list(actual)
    for position, target in steps.puts:
        assert is_alike(actual[position], desired[target]), "a PUT cannot change the type"
        entries[position] = target
    entries = [rule for position, rule in enumerate(entries) if position not in steps.deletes]
    entries += steps.posts
    left = [j for j in range(len(desired)) if j not in entries]
    order: list[int] = []
    for rule in entries:
        if isinstance(rule, Rule):
            rule = next(j for j in left if desired[j] == rule)
            left.remove(rule)
        order.append(rule)
    assert left == [], "a desired rule is missing"
    return order


def in_order(order: Sequence[int], desired: Sequence[Rule], conflict: Conflict | None) -> bool:
    matters = conflict or every_order_matters
    return not any(
        later < earlier and matters(desired[later], desired[earlier]) and desired[later] != desired[earlier]
        for position, earlier in enumerate(order)
        for later in order[position + 1 :]
    )


def least_calls(actual: Sequence[Rule], desired: Sequence[Rule], conflict: Conflict | None) -> int:
    """The calls of the best of all plans: each actual rule is deleted, or becomes a desired one of its type."""
    best = len(actual) + len(desired)

    def go_on(position: int, order: list[int], calls: int) -> None:
        nonlocal best
        posts = [j for j in range(len(desired)) if j not in order]
        if position < len(actual) and calls < best:
            for j in posts:
                if is_alike(actual[position], desired[j]):
                    go_on(position + 1, [*order, j], calls + (actual[position] != desired[j]))
            go_on(position + 1, order, calls + 1)
        elif calls + len(posts) < best and in_order(order + posts, desired, conflict):
            best = calls + len(posts)

    go_on(0, [], 0)
    return best


def edited(chance: random.Random, actual: Sequence[Rule], edits: int, new: Callable[[], Rule]) -> list[Rule]:
    """A list of rules after edits: each removes, changes, moves or inserts one."""
    desired = list(actual)
    for _ in range(edits):
        kind = chance.randrange(4)
        if kind == 0 or not desired:
            desired.insert(chance.randrange(len(desired) + 1), new())
            continue
        position = chance.randrange(len(desired))
        if kind == 1:
            desired.pop(position)
        elif kind == 2:
            desired[position] = Rule(desired[position].type, desired[position].field, new().text)
        else:
            desired.insert(chance.randrange(len(desired)), desired.pop(position))
    return desired


def random_lists(count: int, longest: int) -> list[tuple[list[Rule], list[Rule]]]:
    chance = random.Random(f"{count} stacks")

    def new() -> Rule:
        return Rule(chance.choice("rta"), chance.choice("abc"), chance.randrange(3))

    lists = []
    for number in range(count):
        actual = [new() for _ in range(chance.randrange(longest + 1))]
        desired = (
            edited(chance, actual, number % 4, new) if number % 5 else [new() for _ in range(chance.randrange(longest))]
        )
        lists.append((actual, desired))
    return lists


LISTS = random_lists(2000, longest=5)


def test_plan_in_full_order_is_right_and_shortest() -> None:
    for actual, desired in LISTS:
        steps = planned(actual, desired)
        assert [desired[j] for j in carried_out(steps, actual, desired)] == desired
        assert steps.calls == least_calls(actual, desired, None), (actual, desired)


def test_plan_in_partial_order_is_right_and_nearly_shortest() -> None:
    excess = []
    for actual, desired in LISTS:
        steps = planned(actual, desired, on_one_field)
        assert in_order(carried_out(steps, actual, desired), desired, on_one_field), (actual, desired)
        assert steps.calls <= planned(actual, desired).calls
        excess.append(steps.calls - least_calls(actual, desired, on_one_field))
    assert min(excess) == 0
    assert max(excess) <= 3
    assert sum(1 for calls in excess if calls) <= len(LISTS) * 0.03


def test_plan_without_order_is_shortest() -> None:
    for actual, desired in LISTS:
        steps = planned(actual, desired, lambda _, __: False)
        carried_out(steps, actual, desired)
        assert steps.calls == least_calls(actual, desired, lambda _, __: False), (actual, desired)


def test_equal_lists_need_no_call() -> None:
    actual = [Rule("rename", "a"), Rule("type", "b")]
    assert planned(actual, actual) == Plan()
    assert planned(actual, actual, on_one_field).calls == 0
    assert planned([], []).calls == 0


# ---------------------------------------------------------------- 500 fields of three rules each

LARGE = [Rule(type, f"field {n}") for n in range(500) for type in ("rename", "type", "annotate")]


def with_rule_at(position: int, rule: Rule) -> list[Rule]:
    return [*LARGE[:position], rule, *LARGE[position:]]


@pytest.mark.parametrize(
    ("desired", "steps"),
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
        "removed",
        "appended",
        "inserted",
        "moved among rules of its field",
        "inserted before rules of its field",
        "moved",
    ],
)
def test_one_edit_of_1500_rules_takes_a_few_calls(desired: list[Rule], steps: Plan) -> None:
    assert planned(LARGE, desired, on_one_field) == steps


def test_changed_processor_among_many_is_one_put() -> None:
    actual = [Rule("skip", "", n) for n in range(60)]
    desired = [*actual[:30], Rule("skip", "", 99), *actual[31:]]
    assert planned(actual, desired) == Plan(puts=((30, 30),))


def test_new_type_in_the_middle_recreates_the_rest() -> None:
    actual = [Rule("skip", "", n) for n in range(4)]
    desired = [*actual[:2], Rule("join", ""), *actual[2:]]
    assert planned(actual, desired) == Plan(deletes=(2, 3), posts=(2, 3, 4))
