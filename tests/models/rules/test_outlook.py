"""研判: the order of levels, an item's own level, and the tables that follow from entries."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.outlook import (
    CellDifference,
    Counts,
    Item,
    ItemLevel,
    Level,
    Origin,
    cell_differences,
    counted,
    counts_by_lead,
    highest,
    is_key,
    item_level,
    key_items,
)

VERY_LIKELY, LIKELY, DIFFICULT, UNLIKELY = Level
PARKS = {"泸溪高新区": "泸溪县", "花垣产业开发区": "花垣县"}

LEVELS = st.sampled_from(Level)
UNITS = ["州本级", "吉首市", "泸溪县", "花垣县", "湘西高新区", *PARKS]
ITEMS = st.lists(
    st.builds(
        Item,
        number=st.integers(1, 65).map(lambda at: f"激{at}"),
        leads=st.lists(st.sampled_from(["州发改委", "州工信局", "州林业局"]), unique=True).map(
            tuple
        ),
        entries=st.dictionaries(st.sampled_from(UNITS), LEVELS),
        counties=st.none() | LEVELS,
        set_level=st.none() | LEVELS,
    ),
    unique_by=lambda item: item.number,
)


def test_levels_are_ordered_from_likeliest_to_least():
    assert sorted(Level, key=lambda level: -level.strength) == [
        Level("很有可能"),
        Level("有可能"),
        Level("难度较大"),
        Level("不太可能"),
    ]
    assert highest([]) is None


@pytest.mark.parametrize(
    ("entries", "set_level", "expected"),
    [
        ([DIFFICULT, LIKELY, UNLIKELY], None, ItemLevel(LIKELY, Origin.ENTRIES)),
        ([LIKELY, DIFFICULT], VERY_LIKELY, ItemLevel(VERY_LIKELY, Origin.JUDGED)),
        ([LIKELY, DIFFICULT], LIKELY, ItemLevel(LIKELY, Origin.ENTRIES)),
        ([], DIFFICULT, ItemLevel(DIFFICULT, Origin.STATED)),
        ([], None, None),
    ],
    ids=["highest entry", "one place is certain", "says nothing new", "no entries", "unknown"],
)
def test_an_items_level_is_its_highest_entry_unless_set_apart(entries, set_level, expected):
    found = item_level(entries, set_level)

    assert found == expected
    assert (found is not None and found.judged) == (
        expected is not None and expected.origin is Origin.JUDGED
    )


def test_key_items_of_a_county_are_likely_or_better():
    assert [is_key(level) for level in Level] == [True, True, False, False]


def test_the_entry_for_all_counties_counts_for_the_item_and_for_no_county():
    item = Item("激65", ("州政府办",), {"州本级": DIFFICULT}, counties=LIKELY)

    assert item.level == ItemLevel(LIKELY, Origin.ENTRIES)
    assert key_items([item], PARKS) == {}


def test_a_joint_item_counts_once_in_the_total_and_for_each_of_its_leads():
    joint = Item("激1", ("州发改委", "州工信局"), {"吉首市": LIKELY}, set_level=VERY_LIKELY)
    own = Item("激4", ("州发改委",), set_level=UNLIKELY)

    assert counted([joint, own]) == Counts(items=2, very_likely=1, unlikely=1, judged=1)
    assert counts_by_lead([joint, own]) == {
        "州发改委": Counts(items=2, very_likely=1, unlikely=1, judged=1),
        "州工信局": Counts(items=1, very_likely=1, judged=1),
    }


def test_an_item_nobody_has_judged_yet_is_counted_as_unknown():
    assert counted([Item("激17", ("州科技局",))]) == Counts(items=1, unknown=1)


@given(ITEMS)
def test_every_item_stands_at_exactly_one_level_or_is_unknown(items):
    total = counted(items)
    parts = (total.very_likely, total.likely, total.difficult, total.unlikely, total.unknown)

    assert sum(parts) == total.items == len(items)
    assert total.judged <= total.items - total.unknown


@given(ITEMS)
def test_the_lines_of_the_leads_add_up_to_the_total_but_for_joint_items(items):
    lines = counts_by_lead(items).values()

    for name in (field.name for field in fields(Counts)):
        each = [getattr(counted([item]), name) * len(item.leads) for item in items]
        assert sum(getattr(line, name) for line in lines) == sum(each)


def test_a_parks_key_item_stands_once_under_its_county_too():
    industry = Item(
        "激36",
        ("州工信局",),
        {
            "泸溪县": LIKELY,
            "湘西高新区": LIKELY,
            "泸溪高新区": LIKELY,
            "花垣产业开发区": VERY_LIKELY,
        },
    )

    assert key_items([industry], PARKS) == {
        "泸溪县": ("激36",),
        "湘西高新区": ("激36",),
        "泸溪高新区": ("激36",),
        "花垣产业开发区": ("激36",),
        "花垣县": ("激36",),
    }


def test_what_is_difficult_or_unlikely_is_no_key_item():
    hard = Item("激7", ("州发改委",), {"吉首市": DIFFICULT, "凤凰县": UNLIKELY, "龙山县": LIKELY})

    assert key_items([hard], PARKS) == {"龙山县": ("激7",)}


@given(ITEMS)
def test_a_table_agrees_with_the_entries_it_was_made_from(items):
    cells = key_items(items, PARKS)
    without_parks = {unit: numbers for unit, numbers in cells.items() if unit not in PARKS}

    assert cell_differences(cells, cells, PARKS) == ()
    assert cell_differences(without_parks, cells, PARKS) == ()


def test_a_cell_is_compared_whatever_its_order():
    assert cell_differences({"龙山县": ["激8", "激2"]}, {"龙山县": ["激2", "激8"]}, {}) == ()


@pytest.mark.parametrize(
    ("printed", "computed", "expected"),
    [
        (
            {"龙山县": ["激2", "激60"], "永顺县": ["激23"]},
            {"龙山县": ["激2", "激61"], "永顺县": ["激23"]},
            CellDifference("龙山县", ("激60",), ("激61",)),
        ),
        (
            {"古丈县": ["激14", "激14"]},
            {"古丈县": ["激14"]},
            CellDifference("古丈县", ("激14",), ()),
        ),
        ({"保靖县": ["激30"]}, {}, CellDifference("保靖县", ("激30",), ())),
        ({}, {"湘西高新区": ["激5"]}, CellDifference("湘西高新区", (), ("激5",))),
        ({}, {"泸溪高新区": ["激36"]}, CellDifference("泸溪高新区", (), ("激36",))),
    ],
    ids=["another item", "twice", "no entry", "not printed", "park and county not printed"],
)
def test_a_cell_that_contradicts_the_entries_is_reported_with_both_sides(
    printed, computed, expected
):
    assert cell_differences(printed, computed, PARKS) == (expected,)
