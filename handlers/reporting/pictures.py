"""Pictures of a report against the rule: what is wrong, which crop is offered, what to caption."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session

from handlers.context import MediaStore
from handlers.reading.captions import Part, Unfit
from handlers.reporting.content import SAMPLE_TITLE, Content, PictureSaid
from handlers.reporting.form import Form
from handlers.reporting.points import Point, PointKind
from models.media import Media, media_by_sha
from models.picture import earlier_use, like_pictures
from models.rules.frozen import from_data
from models.rules.picture import (
    Box,
    PictureFacts,
    PictureProblem,
    PictureRule,
    crop,
    crop_box,
    judge,
    same_scene,
)

#: What a crop mends.
MENDED = frozenset(("ratio", "frame"))
_PARTS = {Part.TITLE: "标题", Part.DATE: "拍摄日期", Part.PLACE: "地点"}
#: What asks whether captions stay as they are.
UNPLACED = "unplaced"
_UNPLACED = "图片说明没有改动。请写明图号重发；说明不用改，请发“提交”。"
_NO_DAY = "请核对拍摄日期，发如“图1 日期：7月20日”；日期不用改，请发“提交”。"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Album:
    """The pictures of a report with what is known of each."""

    form: Form
    content: Content
    media: Mapping[str, Media]

    def facts(self, picture: PictureSaid) -> PictureFacts | None:
        """What the picture is; None for one that could not be read."""
        stored = self.media.get(picture.sha)
        return from_data(PictureFacts, stored.facts) if stored and stored.facts else None

    def problems(self, picture: PictureSaid) -> tuple[PictureProblem, ...]:
        """What the rule finds, without what a crop already taken mends."""
        stored = self.media.get(picture.sha)
        taken = self.box(picture) if picture.cropped else None
        found = problems_of(self.form, stored, taken) if stored else ()
        return tuple(p for p in found if not (picture.cropped and p.code in MENDED))

    @property
    def bad(self) -> tuple[int, ...]:
        """The numbers of the pictures that cannot be taken as they are."""
        pictures = enumerate(self.content.pictures, 1)
        return tuple(
            n for n, each in pictures if any(p.level == "error" for p in self.problems(each))
        )

    def offers_crop(self, picture: PictureSaid) -> bool:
        """Whether a crop would mend what is wrong."""
        facts = self.facts(picture)
        if picture.cropped or facts is None or self.form.rule is None:
            return False
        is_wrong = any(each.code in MENDED for each in self.problems(picture))
        return is_wrong and crop_box(facts, self.form.rule) is not None

    def box(self, picture: PictureSaid) -> Box | None:
        """The part of the picture that its crop shows: chosen, else as it is offered first."""
        facts = self.facts(picture)
        if facts is None or self.form.rule is None:
            return None
        return picture.box or crop_box(facts, self.form.rule)

    def whole_sha(self, picture: PictureSaid, store: MediaStore) -> str:
        """Where the whole picture is stored as everybody can open it: of a HEIC, a JPEG."""
        stored, facts = self.media[picture.sha], self.facts(picture)
        if facts is None or facts.format != "HEIC":
            return stored.stored_sha
        return store.put(crop(store.get(stored.stored_sha), (0, 0, facts.width, facts.height)))

    def crop_sha(self, picture: PictureSaid, store: MediaStore) -> str | None:
        """Where the crop of the picture is stored; the one made at intake where it is the same."""
        stored, box = self.media.get(picture.sha), self.box(picture)
        if stored is None or box is None:
            return None
        if stored.crop_sha and stored.crop_box == list(box):
            return stored.crop_sha
        return store.put(crop(store.get(stored.stored_sha), box))


def problems_of(form: Form, media: Media, taken: Box | None = None) -> tuple[PictureProblem, ...]:
    """What is wrong with a picture; an unreadable one is wrong under every rule.

    *taken* is the part of it that is used, None for the whole.
    """
    if not media.facts:
        return (PictureProblem("unreadable", "error", media.problem),)
    if form.rule is None:
        return ()
    return judge(from_data(PictureFacts, media.facts), form.rule, taken)


def is_good(form: Form, media: Media) -> bool:
    """Whether a picture can be taken as it is."""
    return not any(each.level == "error" for each in problems_of(form, media))


def album_of(session: Session, form: Form, content: Content) -> Album:
    """The album of a report, its rows read in one query."""
    return Album(form, content, media_by_sha(session, [each.sha for each in content.pictures]))


def with_crops(album: Album, wanted: Sequence[int] = ()) -> tuple[Content, tuple[int, ...]]:
    """The content with the crops on offer taken, and the numbers of those pictures.

    *wanted* are the pictures meant; every one where none is named.
    """
    taken = [
        n
        for n, each in enumerate(album.content.pictures, 1)
        if album.offers_crop(each) and (not wanted or n in wanted)
    ]
    pictures = tuple(
        replace(each, cropped=True, box=album.box(each)) if number in taken else each
        for number, each in enumerate(album.content.pictures, 1)
    )
    return replace(album.content, pictures=pictures), tuple(taken)


def picture_points(
    session: Session, album: Album, today: date, besides: int | None
) -> Iterator[Point]:
    """Everything to say about the pictures; what captions lack is asked once for all of them."""
    for number, picture in enumerate(album.content.pictures, 1):
        yield from _rule_points(album, number, picture)
        yield from _used_before(session, album, number, picture, besides)
        yield from _caption_points(album, number, picture, today)
    yield from _place_points(album.content)
    if lacking := _lacking_captions(album):
        yield lacking
    elif unclear := album.content.unclear:
        is_day = all(each.why is Unfit.NO_DAY for each in unclear)
        yield Point(PointKind.MISSING, UNPLACED, _NO_DAY if is_day else _UNPLACED)
    short = album.form.pictures_needed - len(album.content.pictures)
    if short > 0:
        yield Point(PointKind.MISSING, "pictures", _asked_for(album.form, short))


def _rule_points(album: Album, number: int, picture: PictureSaid) -> Iterator[Point]:
    for problem in album.problems(picture):
        kind = PointKind.WRONG if problem.level == "error" else PointKind.STRANGE
        text = f"图{number}：{problem.text}"
        way_out = f"换一张请发“换图{number}”和图片；不用这张，请发“删图{number}”。"
        text += "无误请发“确认”。" if kind is PointKind.STRANGE else way_out
        yield Point(kind, f"picture|{picture.sha}|{problem.code}", text)


def _place_points(content: Content) -> Iterator[Point]:
    """New pictures without a place, and places without their new picture."""
    if content.spare:
        count, last = len(content.spare), len(content.pictures)
        text = (
            f"新发的{count}张图片替换哪一张？请发如“换图{last}”（现有图1至图{last}）；"
            "另外增加请发“加图”，不用请发“不换图”。"
        )
        yield Point(PointKind.MISSING, "spare", text)
    if content.awaited:
        text = f"请发替换{_figures(content.awaited)}的图片；不换了请发“不换图”。"
        yield Point(PointKind.MISSING, "awaited", text)


def _used_before(
    session: Session, album: Album, number: int, picture: PictureSaid, besides: int | None
) -> Iterator[Point]:
    """The same picture, or one of the same scene, in another report or twice in this one."""
    choice = "请换一张；确需使用请发“确认”。"
    key = f"picture|{picture.sha}"
    facts = album.facts(picture)
    twin = _twin_before(album, number, facts) if facts else None
    if twin is not None:
        text = f"图{number}与图{twin}十分相似，像是同一张。{choice}"
        yield Point(PointKind.STRANGE, f"{key}|twin|{album.content.pictures[twin - 1].sha}", text)
    if (earlier := earlier_use(session, picture.sha, besides)) is not None:
        text = f"图{number}与报送 #{earlier} 的图片相同。{choice}"
        yield Point(PointKind.STRANGE, f"{key}|used|{earlier}", text)
    elif facts and (earlier := _like_one_of(session, facts, besides)) is not None:
        text = f"图{number}与报送 #{earlier} 的图片十分相似，像是同一张。{choice}"
        yield Point(PointKind.STRANGE, f"{key}|like|{earlier}", text)


def _twin_before(album: Album, number: int, facts: PictureFacts) -> int | None:
    """The first picture of the report before *number* that shows the same scene."""
    earlier = enumerate(album.content.pictures[: number - 1], 1)
    known = ((n, other) for n, each in earlier if (other := album.facts(each)))
    return next((n for n, other in known if same_scene(facts, other)), None)


def _like_one_of(session: Session, facts: PictureFacts, besides: int | None) -> int | None:
    """The first standing report with a picture of the same scene."""
    return next(
        (
            number
            for number, other in like_pictures(session, facts.dhash, besides)
            if same_scene(facts, from_data(PictureFacts, other))
        ),
        None,
    )


def _caption_points(
    album: Album, number: int, picture: PictureSaid, today: date
) -> Iterator[Point]:
    day = album.content.caption(number).taken_on
    if day is None or album.form.rule is None:
        return
    key = f"picture|{picture.sha}|day|{day}"
    again = f"请发“图{number} 标题；日期；地点”更正"
    if day > today:
        text = f"图{number}的拍摄日期{_day(day)}还没有到。{again}。"
        yield Point(PointKind.WRONG, key, text)
        return
    covers = album.form.covers
    if covers and not covers[0] <= day <= covers[1]:
        span = f"{_day(covers[0])}至{_day(covers[1])}"
        text = f"图{number}的拍摄日期{_day(day)}不在本期（{span}）内。{again}；无误请发“确认”。"
        yield Point(PointKind.STRANGE, key, text)
    facts = album.facts(picture)
    if facts and facts.taken_at and abs(facts.taken_at.date() - day) > _DAY:
        camera = _day(facts.taken_at.date())
        text = f"图{number}写明{_day(day)}拍摄，照片自带日期是{camera}。{again}；无误请发“确认”。"
        yield Point(PointKind.STRANGE, f"{key}|exif", text)


def caption_example(form: Form, number: int = 1) -> str:
    """A caption as it should be written, with a day that this period holds."""
    day = form.covers[1] if form.covers else form.obligation.due.date()
    return f"图{number} {SAMPLE_TITLE}；{_day(day)}；吉首市乾州街道"


def _lacking_captions(album: Album) -> Point | None:
    if album.form.rule is None:
        return None
    lacking: dict[tuple[Part, ...], list[int]] = {}
    for number, picture in enumerate(album.content.pictures, 1):
        is_readable = album.facts(picture) is not None
        if is_readable and (parts := album.content.caption(number).missing):
            lacking.setdefault(parts, []).append(number)
    if not lacking:
        return None
    said = "；".join(f"{_figures(numbers)}缺{_names(parts)}" for parts, numbers in lacking.items())
    first = min(number for numbers in lacking.values() for number in numbers)
    text = f"图片说明：{said}。请发如：\n{caption_example(album.form, first)}"
    return Point(PointKind.MISSING, "captions", text)


def _names(parts: Sequence[Part]) -> str:
    return "、".join(_PARTS[part] for part in parts)


def _figures(numbers: Sequence[int]) -> str:
    return "、".join(f"图{number}" for number in numbers)


def _asked_for(form: Form, short: int) -> str:
    rule = form.rule or PictureRule()
    asked = f"比例{rule.ratio_text}、宽不少于{rule.min_width}像素、无边框文字"
    return f"图片：还差{short}张（{asked}；请勾选“原图”发送）"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
