"""With which characters the words of a pattern can begin, so that a scan passes others over."""

import re
from collections.abc import Collection
from importlib import import_module
from typing import Any

#: The standard library reads patterns with it; it has no public name.
_parse = import_module("re._parser").parse
_WIDTHLESS = frozenset(("ASSERT", "ASSERT_NOT", "AT"))
_REPEATS = frozenset(("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"))
_DIGITS = frozenset("0123456789")


def openers(pattern: str) -> frozenset[str]:
    """Every character that a match of *pattern* can begin with.

    Raises ValueError where a match may be empty or begin with anything.
    """
    found, may_be_empty = _of_sequence(_parse(pattern))
    if may_be_empty:
        raise ValueError(f"the pattern may match nothing: {pattern[:60]}")
    return frozenset(found)


def led(first: Collection[str], pattern: str) -> str:
    """*pattern*, tried only where one of the characters *first* stands."""
    return f"(?=[{re.escape(''.join(sorted(first)))}]){pattern}"


def seeking(pattern: str) -> re.Pattern[str]:
    """*pattern* for searches: places where it cannot begin are passed over."""
    return re.compile(led(openers(pattern), f"(?:{pattern})"))


def _of_sequence(sequence: Any) -> tuple[set[str], bool]:
    found = set[str]()
    for operation, value in sequence:
        more, may_be_empty = _of(str(operation), value)
        found |= more
        if not may_be_empty:
            return found, False
    return found, True


def _of(operation: str, value: Any) -> tuple[set[str], bool]:
    if operation in _WIDTHLESS:
        return set(), True
    if operation == "LITERAL":
        return {chr(value)}, False
    if operation == "IN":
        return {char for part in value for char in _members(*part)}, False
    if operation == "BRANCH":
        branches = [_of_sequence(each) for each in value[1]]
        return set[str]().union(*(found for found, _ in branches)), any(e for _, e in branches)
    if operation == "SUBPATTERN":
        return _of_sequence(value[3])
    if operation in _REPEATS:
        found, may_be_empty = _of_sequence(value[2])
        return found, may_be_empty or value[0] == 0
    raise ValueError(f"a word may not begin with {operation}")


def _members(kind: Any, value: Any) -> set[str]:
    if str(kind) == "LITERAL":
        return {chr(value)}
    if str(kind) == "RANGE":
        return {chr(code) for code in range(value[0], value[1] + 1)}
    if str(kind) == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
        return set(_DIGITS)
    raise ValueError(f"a word may not begin with {kind} {value}")
