"""What correct doors of DingTalk do, in 33 lines, each held by tests that bear its number."""

import re
from pathlib import Path

import pytest

LINES = {
    1: "the published vector opens; another time, sign or a lacking header opens nothing",
    2: "signatures are compared in constant time and before any JSON is read",
    3: "a callback is answered at once with nothing while it is still being handled",
    4: "one message is one: twice at once, after a minute, after ten, after a restart",
    5: "a message that was not answered for a failure is handled again",
    6: "a frame is acknowledged within half a second, whatever becomes of it",
    7: "a ping is answered with its own data",
    8: "a new connection is asked for at once where the old one is told off; work goes on",
    9: "silence ends a connection; tries come slower up to a minute, and block nothing",
    10: "a connection ends within two seconds; strange frames are survived",
    11: "no ticket, secret, token or session stands in a log or an error",
    12: "every kind of message is heard; unknown ones and withheld ones are answered",
    13: "the blank of a group is taken off; a bare mention gets help",
    14: "times and durations are read as numbers and as text",
    15: "whoever is not of the office is told nothing of it",
    16: "a session's address is used on the exact hosts only",
    17: "a session's address is used while it lives, then the word goes by the API",
    18: "a refusal inside an answer of 200 is a failure, for whom it names",
    19: "people and keys are asked for by twenties",
    20: "long words are cut by bytes, never inside a character, and sent in order",
    21: "JSON travels in UTF-8 without escapes, msgParam as a text",
    22: "mentions go by webhook, with the id and the name in the words",
    23: "one token a client, one refresh at a time, early, one retry",
    24: "of a 403 the code is looked at, and nothing loops",
    25: "a page in place of JSON pauses all calls for five minutes",
    26: "the paces of the API and of a group's robot are kept here",
    27: "what the month's quotas have left is counted, and told at 80 %",
    28: "a send of unknown outcome is recorded as such, never repeated blindly",
    29: "what people sent is fetched at once, bounded, without a token",
    30: "an upload's kind, form and size are looked at before the call",
    31: "a button counts once, from its own person, and without cards too",
    32: "a card's tap is answered at once, its signature checked",
    33: "all of this holds against servers whose names come from the settings",
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
