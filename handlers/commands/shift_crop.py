"""左移, 右移, 上移, 下移: moves the crop that is offered for a picture, and shows it again."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.context import Context
from handlers.reading.shifts import Shift, read_shift
from handlers.registry import InGroup, command
from handlers.reporting.buttons import TAKE_CROP, buttons
from handlers.reporting.content import Content
from handlers.reporting.drafts import keep
from handlers.reporting.pictures import Album, album_of
from handlers.reporting.work import Work, open_work
from models.member import RoleName
from models.message import MediaRef, Reply
from models.rules.picture import (
    OPPOSITE,
    Box,
    PictureRule,
    Side,
    moved,
    part_of_side,
    rooms,
    step,
)

_HOW = "请写明往哪边移、移多少，如“左移”“右移 100”“图2 上移一点”。"
_NO_CROP = "现在没有可以调整的裁剪图。发了比例不合的图片后，我会给出裁剪图，再发“左移”等调整。"


@command(
    "shift_crop",
    *(f"{side}移" for side in Side),
    usage="左移 100",
    about="移动裁剪框（右移、上移、下移同）",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def shift_crop(context: Context, rest: str) -> Reply:
    """Move the crop as *rest* says in its own words (图2 左移), and answer with the new preview."""
    shift = read_shift(rest)
    if shift is None:
        return Reply(_HOW)
    work = open_work(context)
    if work is None:
        return Reply(_NO_CROP)
    album = album_of(context.session, work.form, work.content)
    places = _meant(album, shift.places)
    if isinstance(places, str):
        return Reply(places)
    content, lines = work.content, []
    for place in places:
        content, line = _shifted(replace(album, content=content), place, shift)
        lines.append(line)
    changed = [n for n in places if content.pictures[n - 1] != work.content.pictures[n - 1]]
    if changed:
        keep(work.draft, content, work.draft.question, context.now)
        lines.append(_what_next(content, changed))
    is_open = not _are_taken(content, changed)
    return Reply(
        "\n".join(lines),
        _previews(work, replace(album, content=content), changed),
        choices=buttons(work.draft, TAKE_CROP) if is_open else (),
    )


def _meant(album: Album, wanted: Sequence[int]) -> Sequence[int] | str:
    """The pictures to be cropped differently, or what to answer instead."""
    pictures = album.content.pictures
    can = [n for n, each in enumerate(pictures, 1) if album.offers_crop(each) or each.cropped]
    if wanted:
        wrong = [n for n in wanted if n not in can]
        return f"图{wrong[0]}没有裁剪图，不需要调整。" if wrong else wanted
    open_ones = [n for n in can if not pictures[n - 1].cropped] or can
    if not open_ones:
        return _NO_CROP
    if len(open_ones) == 1:
        return open_ones
    names = "、".join(f"图{n}" for n in open_ones)
    return f"{names}都有裁剪图，请写明是哪一张，如“图{open_ones[0]} 左移”。"


def _shifted(album: Album, place: int, shift: Shift) -> tuple[Content, str]:
    """The content with the crop of one picture moved, and what is said of it."""
    picture = album.content.pictures[place - 1]
    facts, box = album.facts(picture), album.box(picture)
    if facts is None or box is None:
        return album.content, f"图{place}没有裁剪图，不需要调整。"
    room = rooms(facts, album.form.rule or PictureRule(), box)
    asked = _pixels(shift, room, box)
    pixels = min(asked, room[shift.side])
    if pixels == 0:
        return album.content, f"图{place}的裁剪框{_no_room(shift.side, room)}"
    after = moved(box, shift.side, pixels)
    pictures = list(album.content.pictures)
    pictures[place - 1] = replace(picture, box=after)
    said = f"图{place}的裁剪框已{shift.side}移{pixels}像素"
    rest = room[shift.side] - pixels
    left = f"还可{shift.side}移{rest}像素" if rest else f"已到最{shift.side}边"
    return replace(album.content, pictures=tuple(pictures)), f"{said}，{left}。"


def _pixels(shift: Shift, room: dict[Side, int], box: Box) -> int:
    """How far it is asked to move; without a number a part of the room there is in all."""
    if shift.is_all:
        return room[shift.side]
    if shift.pixels is not None:
        return shift.pixels
    if shift.percent is not None:
        return part_of_side(room, box, shift.side, shift.percent)
    return step(room, shift.side, little=shift.is_little)


def _no_room(side: Side, room: dict[Side, int]) -> str:
    others = [each for each in Side if room[each]]
    ways = "、".join(f"“{each}移”" for each in others)
    if room[OPPOSITE[side]]:
        return f"已在最{side}边，不能再{side}移，可发{ways}。"
    line = "左右" if side in (Side.LEFT, Side.RIGHT) else "上下"
    return f"{line}方向已用到整幅画面，没有移动的余地{f'，只能{ways}' if ways else ''}。"


def _what_next(content: Content, changed: Sequence[int]) -> str:
    if _are_taken(content, changed):
        return "裁剪图已按此更新，见下图。"
    return "见下图。合适请发“用裁剪图”，不合适可继续移动，或换一张图片。"


def _are_taken(content: Content, changed: Sequence[int]) -> bool:
    return all(content.pictures[n - 1].cropped for n in changed)


def _previews(work: Work, album: Album, changed: Sequence[int]) -> tuple[MediaRef, ...]:
    store = work.context.services.media
    shas = ((n, album.crop_sha(album.content.pictures[n - 1], store)) for n in changed)
    return tuple(MediaRef(sha, f"图{n}裁剪预览.jpg", "image/jpeg") for n, sha in shas if sha)
