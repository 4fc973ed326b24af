"""What a correct door of WeCom does, in thirty lines, each held by tests that bear its number."""

import re
from pathlib import Path

import pytest

LINES = {
    1: "the published vectors open; one flipped character, another token or corp opens nothing",
    2: "the address check is answered with the bare echo, however it was encoded",
    3: "nothing is decrypted whose signature is wrong",
    4: "the receiver is checked: the corp for the app, nobody for the bot",
    5: "padding by blocks of 32, a whole block on aligned input",
    6: "anything malformed is refused quickly and without a trace",
    7: "a valid call is acknowledged with nothing while it is still being handled",
    8: "a repeat is handled once, two events of one second are two",
    9: "one message is one, whoever of several workers hears it",
    10: "every kind of message and event is parsed, unknown ones are acknowledged",
    11: "one selected item or several make the same list",
    12: "one token a secret, one refresh at a time, one retry",
    13: "time-outs everywhere; busy servers are asked again, refusals are not",
    14: "an unknown address and a wrong secret alarm the operator",
    15: "texts are cut by bytes, never inside a character",
    16: "the app's markdown is reduced to what it knows",
    17: "whom a send did not reach is reported, whatever the case of the id",
    18: "the paces of members, robots and bot chats are kept here",
    19: "uploads are checked, named, renewed; an error in disguise is no file",
    20: "JSON travels in UTF-8 without escapes",
    21: "a tapped card is answered at once and updated later, each code once",
    22: "at its address the bot grows an answer from what is stored, then posts once",
    23: "every frame has all of the text, the last one comes once, even after a failure",
    24: "a group is answered in place, its address keeps its case, a person's has none",
    25: "the connection subscribes, pings, comes back after any close, and knows when not to",
    26: "a lost subscription is renewed and the word repeated once; a late word is pushed",
    27: "one process owns the connection, and another takes over without a fight",
    28: "frames of one callback wait for each other",
    29: "media are fetched in time, opened with the right key, checked and bounded",
    30: "no secret stands in a log or an error",
}
_NAME = re.compile(r"^(?:    )?def test_(\d\d)_", re.MULTILINE)
_HELD = {
    int(number)
    for file in Path(__file__).parent.glob("test_*.py")
    for number in _NAME.findall(file.read_text("utf-8"))
}


@pytest.mark.parametrize("line", LINES, ids=[f"{n:02}" for n in LINES])
def test_every_line_has_a_test_of_its_number(line: int) -> None:
    assert line in _HELD, LINES[line]


def test_no_test_bears_the_number_of_no_line() -> None:
    assert _HELD <= set(LINES)
