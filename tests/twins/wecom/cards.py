"""Which template cards the servers take, by section: required fields and hard limits."""

import re
from typing import Any

from tests.twins.wecom.corp import Refused

TYPES = {
    "app": {
        "text_notice",
        "news_notice",
        "button_interaction",
        "vote_interaction",
        "multiple_interaction",
    },
    "robot": {"text_notice", "news_notice"},
}
TYPES["bot"] = TYPES["app"]
_NEEDED = {
    "text_notice": ("card_action",),
    "news_notice": ("main_title", "card_action"),
    "button_interaction": ("main_title", "button_list", "task_id"),
    "vote_interaction": ("main_title", "checkbox", "submit_button", "task_id"),
    "multiple_interaction": ("main_title", "select_list", "submit_button"),
}
_MOST = {
    "horizontal_content_list": 6,
    "jump_list": 3,
    "vertical_content_list": 4,
    "button_list": 6,
    "select_list": 3,
}


def check(card: Any, door: str) -> None:
    """Raise Refused for a card that *door* would not show."""
    if not isinstance(card, dict) or card.get("card_type") not in TYPES[door]:
        raise Refused(40058, "template_card.card_type")
    for name in _NEEDED[card["card_type"]]:
        if not card.get(name):
            raise Refused(40058, f"template_card.{name} missing")
    _check_heads(card)
    _check_sizes(card)
    _check_keys(card)
    _check_door(card, door)


def is_updatable(card: dict[str, Any]) -> bool:
    """Whether sending the card yields a response_code."""
    return card["card_type"] not in TYPES["robot"] or "action_menu" in card


def _check_heads(card: dict[str, Any]) -> None:
    kind = card["card_type"]
    title = card.get("main_title", {}).get("title")
    if kind == "text_notice" and not (title or card.get("sub_title_text")):
        raise Refused(41016, "missing title")
    if kind == "news_notice" and not (card.get("card_image") or card.get("image_text_area")):
        raise Refused(40058, "card_image or image_text_area missing")
    if kind in TYPES["robot"] and card["card_action"].get("type") not in (1, 2):
        raise Refused(40058, "card_action.type")
    if "action_menu" in card and not card.get("task_id"):
        raise Refused(40058, "action_menu needs a task_id")


def _check_sizes(card: dict[str, Any]) -> None:
    for name, most in _MOST.items():
        if len(card.get(name, ())) > most:
            raise Refused(40058, f"{name}: more than {most}")
    menu = card.get("action_menu")
    if menu is not None and not 1 <= len(menu.get("action_list", ())) <= 3:
        raise Refused(40058, "action_menu.action_list: 1 to 3")
    box = card.get("checkbox")
    if box is not None and not 1 <= len(box.get("option_list", ())) <= 20:
        raise Refused(40058, "checkbox.option_list: 1 to 20")
    for select in card.get("select_list", ()):
        if not 1 <= len(select.get("option_list", ())) <= 10:
            raise Refused(40058, "select_list.option_list: 1 to 10")
    ratio = card.get("card_image", {}).get("aspect_ratio", 1.3)
    if not 1.3 <= ratio <= 2.25:
        raise Refused(40058, "card_image.aspect_ratio: 1.3 to 2.25")


def _check_door(card: dict[str, Any], door: str) -> None:
    """Attachments are not for bots, questions only for them."""
    if door == "bot" and any(e.get("type") == 2 for e in card.get("horizontal_content_list", ())):
        raise Refused(40058, "horizontal_content_list.type 2")
    for jump in card.get("jump_list", ()):
        question = jump.get("question", "")
        if jump.get("type") == 3 and (door != "bot" or not 0 < len(question.encode()) <= 200):
            raise Refused(40058, "jump_list.question: bots only, 1 to 200 bytes")


def _check_keys(card: dict[str, Any]) -> None:
    if "task_id" in card and not re.fullmatch(r"[0-9A-Za-z_@-]{1,128}", str(card["task_id"])):
        raise Refused(40058, "task_id: 1 to 128 of [0-9A-Za-z_-@]")
    menu = card.get("action_menu", {}).get("action_list", ())
    keys = [each.get("key", "") for each in (*card.get("button_list", ()), *menu)]
    keys = [key for key in keys if key]
    if len(set(keys)) < len(keys) or any(len(key.encode()) > 1024 for key in keys):
        raise Refused(40058, "keys: unique, at most 1024 bytes")
    for choice in (card.get("checkbox", {}), *card.get("select_list", ())):
        ids = [str(option.get("id", "")) for option in choice.get("option_list", ())]
        if len(set(ids)) < len(ids) or any(not 1 <= len(i.encode()) <= 128 for i in ids):
            raise Refused(40058, "option ids: unique, 1 to 128 bytes")
