"""研判: the order of levels and an item's own level."""

import pytest

from models.rules.outlook import ItemLevel, Level, Origin, highest, is_key, item_level

VERY_LIKELY, LIKELY, DIFFICULT, UNLIKELY = Level


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
