"""The picture rules, as one door: inspect, judge, offer a crop, take the place out, compare."""

from dataclasses import replace

from models.rules.picture_container import kind_of
from models.rules.picture_crop import (
    OPPOSITE,
    Box,
    Side,
    crop,
    crop_box,
    moved,
    part_of_side,
    rooms,
    step,
)
from models.rules.picture_exif import without_gps
from models.rules.picture_facts import (
    MAX_PIXELS,
    NO_PICTURE,
    PictureFacts,
    PictureUnreadable,
    Unreadable,
    inspect,
)
from models.rules.picture_frame import Insets
from models.rules.picture_rule import PictureProblem, PictureRule, TextFound
from models.rules.picture_scene import near_duplicate, same_scene

__all__ = [
    "MAX_PIXELS",
    "NO_PICTURE",
    "OPPOSITE",
    "Box",
    "Insets",
    "PictureFacts",
    "PictureProblem",
    "PictureRule",
    "PictureUnreadable",
    "Side",
    "TextFound",
    "Unreadable",
    "crop",
    "crop_box",
    "inspect",
    "judge",
    "kind_of",
    "moved",
    "near_duplicate",
    "part_of_side",
    "rooms",
    "same_scene",
    "step",
    "unreadable_problem",
    "without_gps",
]

#: So many places with words are named, each with so many characters.
_MOST_TEXTS, _LONGEST_TEXT = 3, 20


def judge(
    facts: PictureFacts, rule: PictureRule, taken: Box | None = None
) -> tuple[PictureProblem, ...]:
    """What is wrong with a readable picture; each text says what came, what is asked, what to do.

    Width is judged after the crop, since that is what would be published; words in the picture
    are judged within the crop that was *taken*.
    """
    box = crop_box(facts, rule)
    found = (
        _ratio_problem(facts, rule, box),
        _width_problem(facts, rule),
        _dpi_problem(facts, rule),
        _frame_problem(facts, rule, box),
        _text_problem(facts, taken),
    )
    return tuple(problem for problem in found if problem is not None)


def unreadable_problem(error: PictureUnreadable) -> PictureProblem:
    """The same refusal in the form of a problem, for lists and the command line."""
    return PictureProblem("unreadable", "error", error.text)


def _ratio_problem(
    facts: PictureFacts, rule: PictureRule, box: Box | None
) -> PictureProblem | None:
    if rule.has_ratio(facts.width, facts.height):
        return None
    came = f"{facts.width}×{facts.height}（约 {facts.width / facts.height:.2f}:1）"
    text = f"图片比例是 {came}，要求 {rule.ratio_text}。{_what_to_send(facts, rule, box)}"
    return PictureProblem("ratio", "error", text)


def _what_to_send(facts: PictureFacts, rule: PictureRule, box: Box | None) -> str:
    if box is None:
        return f"请重发 {rule.ratio_text}、宽不少于 {rule.min_width} 像素的图片。"
    left, top, right, bottom = box
    words = [f"“{side}移”" for side, room in rooms(facts, rule, box).items() if room]
    moves = f"（位置不合适可发{'、'.join(words)}）" if words else ""
    size = f"{right - left}×{bottom - top}"
    return f"可回复“用裁剪图”，采用 {size} 的裁剪图{moves}；也可重发合格的图片。"


def _width_problem(facts: PictureFacts, rule: PictureRule) -> PictureProblem | None:
    width = _width_after_crop(facts, rule)
    if width >= rule.min_width:
        return None
    came = f"宽 {width} 像素" if width == facts.width else f"裁成合格画面后宽只有 {width} 像素"
    text = f"图片{came}，要求不少于 {rule.min_width} 像素。聊天软件会压缩图片，请勾选“原图”重发。"
    return PictureProblem("width", "error", text)


def _width_after_crop(facts: PictureFacts, rule: PictureRule) -> int:
    box = crop_box(facts, replace(rule, min_width=1))
    return facts.width if box is None else box[2] - box[0]


def _dpi_problem(facts: PictureFacts, rule: PictureRule) -> PictureProblem | None:
    """Only a stated dpi can fail: chat clients strip it, so its absence says nothing."""
    if facts.dpi is None or facts.dpi >= rule.min_dpi:
        return None
    text = (
        f"图片标注的分辨率是 {facts.dpi} dpi，要求不低于 {rule.min_dpi} dpi。"
        f"请发相机原图，或另存为 {rule.min_dpi} dpi 以上再发。"
    )
    return PictureProblem("dpi", "error", text)


def _frame_problem(
    facts: PictureFacts, rule: PictureRule, box: Box | None
) -> PictureProblem | None:
    """Bars on opposite sides are a frame; a single one may be part of the scene."""
    if rule.frames_allowed or not facts.frame:
        return None
    frame = facts.frame
    is_pair = bool((frame.left and frame.right) or (frame.top and frame.bottom))
    has_ratio = rule.has_ratio(facts.width, facts.height)
    way_out = "裁剪图已去掉边框。" if box and not has_ratio else _what_to_send(facts, rule, box)
    text = f"画面{_sides(frame)}是单色边框，要求画面无边框、无文字。{way_out}"
    return PictureProblem("frame", "error" if is_pair else "warning", text)


def _text_problem(facts: PictureFacts, taken: Box | None) -> PictureProblem | None:
    """Only a warning: a camera's watermark and a signboard of the site look alike."""
    seen = [each for each in facts.texts if _is_inside(each, facts, taken)]
    if not seen:
        return None
    if len(seen) == 1:
        named = f"画面{seen[0].side}有文字“{_short(seen[0].text)}”"
    else:
        listed = "、".join(f"{each.side}“{_short(each.text)}”" for each in seen[:_MOST_TEXTS])
        more = f"等{len(seen)}处" if len(seen) > _MOST_TEXTS else ""
        named = f"画面有文字：{listed}{more}"
    text = f"{named}。要求画面无文字、无水印，请关闭相机水印后重发原图。"
    return PictureProblem("text", "warning", text)


def _is_inside(text: TextFound, facts: PictureFacts, taken: Box | None) -> bool:
    """Whether some of the words are left when only the crop is."""
    if taken is None:
        return True
    left, top, right, bottom = text.place
    across = left * facts.width < taken[2] and right * facts.width > taken[0]
    return across and top * facts.height < taken[3] and bottom * facts.height > taken[1]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


def _sides(frame: Insets) -> str:
    sides = (("上", frame.top), ("下", frame.bottom), ("左", frame.left), ("右", frame.right))
    return "、".join(f"{name}边 {width} 像素" for name, width in sides if width)
