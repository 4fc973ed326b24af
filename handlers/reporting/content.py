"""A report as read so far: every part with the words it came from; kept as a draft's JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from handlers.reading.captions import Caption, Unclear, completed


@dataclass(frozen=True)
class Chosen:
    """One of several figures that may be meant, with the words it stands in."""

    text: str
    value: Decimal
    unit: str
    source: str
    approximate: bool = False
    day: date | None = None


@dataclass(frozen=True)
class FigureSaid:
    """What was written for an indicator, for a county where *unit_id* is set.

    *value* in base units; None with *problem* where the words hold no figure. *source* are the
    words around a figure read out of prose; unless *is_sure* it is asked whether it is meant, and
    where there are *choices* which of them, *is_sure* saying that one of them surely is. *day* is
    the one that its own words name.
    """

    indicator_id: int
    text: str
    unit_id: int | None = None
    value: Decimal | None = None
    unit: str = ""
    approximate: bool = False
    problem: str = ""
    source: str = ""
    is_sure: bool = True
    choices: tuple[Chosen, ...] = ()
    day: date | None = None


@dataclass(frozen=True)
class StatedSaid:
    """A percentage that the reporter states: of an indicator, or of the whole task."""

    indicator_id: int | None
    text: str
    value: Decimal | None = None


@dataclass(frozen=True)
class SectionSaid:
    """The text of one section."""

    name: str
    text: str


class Extra(StrEnum):
    """The lines that only some reports have beside figures and sections."""

    STAGE = "stage"
    VERIFIED = "verified"
    COMMENTS = "comments"


@dataclass(frozen=True)
class ExtraSaid:
    """What was written on such a line; without *value* the words could not be read.

    *value* counts the stages reached, the percent accepted or the comments received, *handled*
    the comments handled.
    """

    extra: Extra
    text: str
    value: Decimal | None = None
    handled: Decimal | None = None


#: Marks a value that the template filled in; read over when the line comes back.
CHANGE_THIS = "请改为最新"
#: Stands for the title in the sample of a caption.
SAMPLE_TITLE = "标题"
NO_CAPTION = Caption(None, "", None, "")


@dataclass(frozen=True)
class PictureSaid:
    """One place among the report's pictures: what stands in it, with its own caption.

    *carried* over from an earlier version until another picture takes its place. *box* is the part
    chosen for its crop (left, top, right, bottom), None where it is the one that is offered first.
    """

    sha: str
    cropped: bool = False
    carried: bool = False
    box: tuple[int, int, int, int] | None = None
    caption: Caption = NO_CAPTION


@dataclass(frozen=True)
class Confirmation:
    """A warning that the person confirmed, with the reason they gave."""

    key: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Content:
    """Everything read so far.

    *is_day_assumed*: no day was written, the period has ended, and its end is taken;
    *is_day_told*: it was read out of a text.
    *as_of_text* is what was written for the date where no day could be read. *pending* is a text
    that may be a section and waits for 确认. *captions* came before their pictures. *spare* are new
    pictures of which nobody knows yet whose place they take, *awaited* the places for which 换图
    announced one. *messages* are the inbox rows it came from, *left* what was said and not
    understood, *unclear* what was said of pictures and not taken, *unused* the figures of a text
    that were not taken though one is asked for. *other* names the task that the text *held* seems
    to speak of instead of this one.
    """

    as_of: date | None = None
    is_day_assumed: bool = False
    is_day_told: bool = False
    as_of_text: str = ""
    figures: tuple[FigureSaid, ...] = ()
    stated: tuple[StatedSaid, ...] = ()
    sections: tuple[SectionSaid, ...] = ()
    extras: tuple[ExtraSaid, ...] = ()
    pictures: tuple[PictureSaid, ...] = ()
    captions: tuple[Caption, ...] = ()
    spare: tuple[str, ...] = ()
    awaited: tuple[int, ...] = ()
    confirmed: tuple[Confirmation, ...] = ()
    pending: SectionSaid | None = None
    left: tuple[str, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    unused: tuple[str, ...] = ()
    other: str = ""
    held: str = ""
    originals: tuple[str, ...] = ()
    messages: tuple[int, ...] = ()
    nil: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was read yet: only the template was asked for."""
        parts = (self.as_of, self.as_of_text, self.figures, self.stated, self.sections)
        return (
            not any((*parts, self.extras, self.held))
            and not self.pictures
            and not self.captions
            and not self.spare
        )

    def figure(self, indicator_id: int, unit_id: int | None = None) -> FigureSaid | None:
        """What was written for an indicator, whole or of one county."""
        return next(
            (
                each
                for each in self.figures
                if (each.indicator_id, each.unit_id) == (indicator_id, unit_id)
            ),
            None,
        )

    def stated_of(self, indicator_id: int | None) -> StatedSaid | None:
        """The percentage stated for an indicator or, with None, for the task."""
        return next((each for each in self.stated if each.indicator_id == indicator_id), None)

    def section(self, name: str) -> str:
        """The text of a section, empty where there is none."""
        return next((each.text for each in self.sections if each.name == name), "")

    def extra(self, extra: Extra) -> ExtraSaid | None:
        """What was written on one of the further lines."""
        return next((each for each in self.extras if each.extra is extra), None)

    def caption(self, index: int) -> Caption:
        """The caption of picture *index* (from 1); of one still to come, what was said ahead."""
        if 1 <= index <= len(self.pictures):
            return replace(self.pictures[index - 1].caption, index=index)
        whole = replace(NO_CAPTION, index=index)
        for wanted in (index, None):
            for each in self.captions:
                if each.index == wanted:
                    whole = completed(whole, each)
        return whole

    def with_pending(self, section: SectionSaid, original: str, inbox_id: int) -> "Content":
        """A text that may be a section; it counts only after 确认."""
        return replace(
            self,
            pending=section,
            originals=(*self.originals, original),
            messages=(*self.messages, inbox_id),
        )

    def is_confirmed(self, key: str) -> bool:
        """Whether the person confirmed this very warning."""
        return any(each.key == key for each in self.confirmed)


def without_left(content: Content) -> Content:
    """*content* without the words of the latest message that were not taken."""
    return replace(content, left=(), unclear=())


def with_day(content: Content, day: date, *, told: bool = False) -> Content:
    """The day of the data: written in its own line, or *told* by a text."""
    return replace(content, as_of=day, is_day_assumed=False, is_day_told=told, as_of_text="")


def with_figures(content: Content, figures: Iterable[FigureSaid]) -> Content:
    """The later word on an indicator replaces the earlier one."""
    kept = {(each.indicator_id, each.unit_id): each for each in content.figures}
    kept |= {(each.indicator_id, each.unit_id): each for each in figures}
    return replace(content, figures=tuple(kept.values()))


def with_stated(content: Content, stated: Iterable[StatedSaid]) -> Content:
    """The later percentage replaces the earlier one."""
    kept = {each.indicator_id: each for each in content.stated}
    kept |= {each.indicator_id: each for each in stated}
    return replace(content, stated=tuple(kept.values()))


def with_sections(content: Content, sections: Iterable[SectionSaid]) -> Content:
    """The later text of a section replaces the earlier one."""
    kept = {each.name: each for each in content.sections}
    kept |= {each.name: each for each in sections}
    return replace(content, sections=tuple(kept.values()))


def with_extras(content: Content, extras: Iterable[ExtraSaid]) -> Content:
    """The later word on a further line replaces the earlier one."""
    kept = {each.extra: each for each in content.extras}
    kept |= {each.extra: each for each in extras}
    return replace(content, extras=tuple(kept.values()))


def with_captions(content: Content, captions: Iterable[Caption]) -> Content:
    """Later captions complete and correct the earlier ones of the same picture.

    One for all pictures says of each what it lacks, or corrects all that had the same one.
    """
    for each in captions:
        if each.index is None and content.pictures:
            content = _captioned_all(content, each)
        elif each.index is None or each.index > len(content.pictures):
            content = _captioned_ahead(content, each)
        else:
            content = _captioned(content, each.index, each)
    return content


def _captioned(content: Content, index: int, caption: Caption) -> Content:
    before = content.pictures[index - 1]
    after = replace(completed(caption, before.caption), index=None)
    return _with_place(content, index, replace(before, caption=after))


def _captioned_all(content: Content, caption: Caption) -> Content:
    said = {each.caption for each in content.pictures}
    is_correction = len(said) == 1 and not said.copy().pop().missing
    for index, each in enumerate(content.pictures, 1):
        new = caption if is_correction else completed(each.caption, caption)
        content = _captioned(content, index, new)
    return content


def _captioned_ahead(content: Content, caption: Caption) -> Content:
    kept = {each.index: each for each in content.captions}
    earlier = kept.get(caption.index)
    kept[caption.index] = completed(caption, earlier) if earlier else caption
    return replace(content, captions=tuple(kept.values()))


def _with_place(content: Content, index: int, picture: PictureSaid) -> Content:
    places = (*content.pictures[: index - 1], picture, *content.pictures[index:])
    return replace(content, pictures=places)


def with_pictures(content: Content, shas: Iterable[str]) -> Content:
    """New pictures behind the others, each once, with what was said of them ahead.

    A caption without a number is for the pictures that come first, and for no later one.
    """
    known = {each.sha for each in content.pictures}
    fresh = [sha for sha in dict.fromkeys(shas) if sha not in known]
    if not fresh:
        return content
    first = len(content.pictures) + 1
    places = tuple(
        PictureSaid(sha, caption=replace(content.caption(index), index=None))
        for index, sha in enumerate(fresh, first)
    )
    last = first + len(fresh)
    ahead = tuple(each for each in content.captions if each.index and each.index >= last)
    return replace(content, pictures=(*content.pictures, *places), captions=ahead)


def with_replaced(content: Content, index: int, sha: str) -> Content:
    """Another picture in the place of *index*: it brings no word of the old one's caption."""
    changed = _with_place(content, index, PictureSaid(sha))
    awaited = tuple(each for each in content.awaited if each != index)
    spare = tuple(each for each in content.spare if each != sha)
    return replace(changed, awaited=awaited, spare=spare)


def with_exchanged(content: Content, one: int, other: int) -> Content:
    """The captions of two pictures (from 1) in each other's place."""
    first, second = content.pictures[one - 1], content.pictures[other - 1]
    content = _with_place(content, one, replace(first, caption=second.caption))
    return _with_place(content, other, replace(second, caption=first.caption))


def without_picture(content: Content, index: int) -> Content:
    """The report without the picture of *index*; the later ones move up with their captions."""
    places = (*content.pictures[: index - 1], *content.pictures[index:])
    awaited = tuple(each - (each > index) for each in content.awaited if each != index)
    return replace(content, pictures=places, awaited=awaited)
