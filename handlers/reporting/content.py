"""A report as read so far: every part with the words it came from; kept as a draft's JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from handlers.reading.captions import Caption


@dataclass(frozen=True)
class FigureSaid:
    """What was written for an indicator, for a county where *unit_id* is set.

    *value* in base units; None with *problem* where the words hold no figure.
    """

    indicator_id: int
    text: str
    unit_id: int | None = None
    value: Decimal | None = None
    unit: str = ""
    approximate: bool = False
    problem: str = ""


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


@dataclass(frozen=True)
class PictureSaid:
    """A picture of the report; *carried* over from an earlier version until new ones come."""

    sha: str
    cropped: bool = False
    carried: bool = False


@dataclass(frozen=True)
class Confirmation:
    """A warning that the person confirmed, with the reason they gave."""

    key: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class Content:
    """Everything read so far.

    *as_of_text* is what was written for the date where no day could be read. *pending* is a text
    that may be a section and waits for 确认. *messages* are the inbox rows it came from, *left*
    what was said and not understood.
    """

    as_of: date | None = None
    as_of_text: str = ""
    figures: tuple[FigureSaid, ...] = ()
    stated: tuple[StatedSaid, ...] = ()
    sections: tuple[SectionSaid, ...] = ()
    pictures: tuple[PictureSaid, ...] = ()
    captions: tuple[Caption, ...] = ()
    confirmed: tuple[Confirmation, ...] = ()
    pending: SectionSaid | None = None
    left: tuple[str, ...] = ()
    originals: tuple[str, ...] = ()
    messages: tuple[int, ...] = ()
    nil: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether nothing was read yet: only the template was asked for."""
        parts = (self.as_of, self.as_of_text, self.figures, self.stated, self.sections)
        return not any(parts) and not self.pictures and not self.captions

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

    def caption(self, index: int) -> Caption:
        """The caption of picture *index* (from 1), completed by the one for all pictures."""
        whole = Caption(index, "", None, "")
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


@dataclass(frozen=True)
class Parked:
    """A report that waits while another is being written: nothing of it is lost."""

    obligation_id: int
    unit_id: int
    submission_id: int | None
    content: Content
    question: str
    received_at: datetime


@dataclass(frozen=True)
class Kept:
    """What a draft row keeps: the open report and those that wait behind it, newest last."""

    content: Content
    parked: tuple[Parked, ...] = ()


def completed(caption: Caption, more: Caption) -> Caption:
    """*caption* with what it lacks taken from *more*."""
    return Caption(
        caption.index,
        caption.title or more.title,
        caption.taken_on or more.taken_on,
        caption.place or more.place,
    )


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


def with_captions(content: Content, captions: Iterable[Caption]) -> Content:
    """Later captions complete and correct the earlier ones of the same picture."""
    kept = {each.index: each for each in content.captions}
    for each in captions:
        earlier = kept.get(each.index)
        kept[each.index] = completed(each, earlier) if earlier else each
    return replace(content, captions=tuple(kept.values()))


def with_pictures(content: Content, shas: Sequence[str]) -> Content:
    """New pictures behind the others, each once; they take the place of carried ones."""
    if not shas:
        return content
    kept = [each for each in content.pictures if not each.carried]
    known = {each.sha for each in kept}
    fresh = [PictureSaid(sha) for sha in dict.fromkeys(shas) if sha not in known]
    return replace(content, pictures=(*kept, *fresh))
