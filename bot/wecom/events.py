"""What happens in the app besides messages, as the words that it means, if any."""

from bot.wecom.xml import Fields, parts, said, texts

#: A tap on a menu or a card says what stands in its key.
_SPEAKING = frozenset(("click", "template_card_event", "template_card_menu_event"))
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
    """What tells one event from another: events have no number of their own."""
    names = ("FromUserName", "CreateTime", "Event", "ChangeType", "EventKey", "TaskId")
    return ":".join(said(fields, name) for name in names)


def warning_of(fields: Fields) -> str:
    """What an operator should hear of an event; empty for nearly all."""
    return _WARNINGS.get(_name(fields), "")


def is_card(fields: Fields) -> bool:
    """Whether a button of a card was tapped."""
    return _name(fields) == "template_card_event"


def _name(fields: Fields) -> str:
    return said(fields, "Event").lower()
