"""The bot's plain words as the markdown of a group robot: headings and lists, nothing of users'."""

import re

#: Signs that markdown would act on, in what people wrote.
_SIGNS = re.compile(r"([\\`*_{}\[\]#+\-!|>~<])")
_HEAD = re.compile(r"^(?P<head>【[^】\n]{1,60}】)(?P<rest>.*)$")
_ITEM = re.compile(r"^(?P<mark>\d{1,2}\.|-) (?P<rest>.*)$")


def as_markdown(text: str) -> str:
    """Every line as it stands: the mark in front bold, lists as lists, all else inert."""
    return "\n".join(_line(each) for each in text.split("\n"))


def _line(line: str) -> str:
    if found := _HEAD.match(line):
        return f"**{_inert(found['head'])}**{_inert(found['rest'])}"
    if found := _ITEM.match(line):
        return f"{found['mark']} {_inert(found['rest'])}"
    return _inert(line)


def _inert(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text)
