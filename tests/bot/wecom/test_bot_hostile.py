"""The bot's address under attack: well signed calls that nobody at WeCom would make."""

import json

from models.inbox import InboxState
from tests.bot.wecom.asking import POLICE
from tests.twins.wecom.speech import text_item

WEIRD = [
    {"msgtype": "stream", "stream": "S1"},
    {"msgtype": "stream", "stream": {"id": ["S1"]}},
    {"msgtype": "stream", "stream": {"id": "\0" + "S" * 100_000}},
    {"msgtype": "stream"},
    {"msgtype": ["text"]},
    {"msgtype": "text", "text": "进度"},
    {"msgtype": "text", "text": {"content": 7}},
    {"msgtype": "text", "text": {"content": "进度\0\ud800"}},
    {"msgtype": "text", "text": {"content": "进度"}, "quote": ["x"]},
    {"msgtype": "text", "text": {"content": "进度"}, "quote": {"msgtype": "mixed", "mixed": 7}},
    {"msgtype": "text", "text": {"content": "进度"}, "chattype": "group", "chatid": "wr\0\ud800A"},
    {"msgtype": "image", "image": {"url": "https://\0\ud800"}},
    {"msgtype": "mixed", "mixed": {"msg_item": "x"}},
    {"msgtype": "mixed", "mixed": {"msg_item": [None, 7, {"msgtype": "mixed"}]}},
    {"msgtype": "event"},
    {"msgtype": "event", "event": []},
    {"msgtype": "event", "event": {"eventtype": "template_card_event"}},
    {"msgtype": "event", "event": {"eventtype": "template_card_event", "template_card_event": 7}},
]


def test_10_whatever_is_signed_is_acknowledged_and_stored_or_left(either_office):
    office, bot = either_office, either_office.twin.bot
    for number, weird in enumerate(WEIRD):
        body = json.dumps({**bot._message(POLICE, "", text_item("")), **weird})
        assert bot.post(bot.letter(body)).answer().status == 200, number
    office.works()

    assert office.house.door._spool.waiting() == []
    assert {row.state for row in office.heard()} == {InboxState.DONE}


def test_06_who_wrote_is_asked_for_and_where(office):
    bot = office.twin.bot
    whole = {**bot._message(POLICE, "wrGroupA", text_item("进度"))}
    for lacking in ({"msgid": 7}, {"msgid": ""}, {"from": None}, {"from": {}}, {"chatid": ""}):
        letter = bot.letter(json.dumps({**whole, **lacking}))
        assert bot.post(letter, repeats=0).answer().status == 400, lacking

    assert office.heard() == []


def test_06_what_is_nested_without_end_breaks_nothing(office):
    mixed = '{"msgtype":"mixed","mixed":{"msg_item":[' * 300 + "]}}" * 300
    for body in (
        '{"msgtype":"text","msgid":"1","from":{"userid":"x"},"text":' + "[" * 900 + "]" * 900 + "}",
        '{"msgid":"2","from":{"userid":"x"},' + mixed[1:],
        "[" * 100_000,
    ):
        answer = office.twin.bot.post(office.twin.bot.letter(body), repeats=0).answer()
        assert answer.status in (200, 400)
