"""What happens in the app besides messages, as the words that it means, if any."""

import hashlib

from bot.wecom.xml import Fields, parts, said, texts

#: A tap on a menu or a card says what stands in its key.
_SPEAKING = frozenset(("click", "template_card_event", "template_card_menu_event"))
#: A number of 64 bits.
_LONGEST_NUMBER = 20
#: WeCom is about to switch the app off, or did.
_WARNINGS = {
    "inactive_alert": "企业微信提示应用长期未使用，即将停用，请在管理后台查看",
    "low_active_alert": "企业微信提示应用使用过少，即将停用，请在管理后台查看",
    "close_inactive_agent": "企业微信已停用本应用，请在管理后台恢复",
    "low_active": "企业微信已限制本应用，请在管理后台恢复",
}


def words_of(fields: Fields) -> str:
    """What a tap says; empty for an event that asks for nothing."""
    if _name(fields) not in _SPEAKING:
        return ""
    picked = [option for each in selected(fields) for option in each[1]]
    return " ".join(filter(None, (said(fields, "EventKey"), *picked)))


def selected(fields: Fields) -> list[tuple[str, list[str]]]:
    """What was picked on a card: each question with its options, one or several alike."""
    items = fields.get("SelectedItems")
    found = parts(items.get("SelectedItem")) if isinstance(items, dict) else []
    return [(said(each, "QuestionKey"), _options(each)) for each in found]


def _options(item: Fields) -> list[str]:
    ids = item.get("OptionIds")
    return list(texts(ids.get("OptionId"))) if isinstance(ids, dict) else []


def number_of(fields: Fields) -> str:
    """What tells one call from another, the same when it is made again.

    Messages have a number of their own. Events have none, nor has a message of a kind to come:
    there it is who did what when.
    """
    number = said(fields, "MsgId")
    if number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        return number
    # The code by which a card is updated may be another at the next try.
    told = [(name, fields[name]) for name in sorted(fields) if name != "ResponseCode"]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def warning_of(fields: Fields) -> str:
    """What an operator should hear of an event; empty for nearly all."""
    return _WARNINGS.get(_name(fields), "")


def is_card(fields: Fields) -> bool:
    """Whether a button of a card was tapped."""
    return _name(fields) == "template_card_event"


def _name(fields: Fields) -> str:
    return said(fields, "Event").lower()
