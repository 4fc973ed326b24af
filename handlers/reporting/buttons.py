"""Buttons below what is asked of a report: the fixed words that answer it, bound to it."""

import hashlib

from handlers.marks import marked
from handlers.reporting.assess import Assessment
from handlers.reporting.content import Content
from handlers.reporting.drafts import content_of
from handlers.reporting.pictures import UNPLACED
from handlers.reporting.points import PointKind
from handlers.reporting.unclear import other_key
from models.draft import Draft
from models.message import Choice

CONFIRM = "确认"
TAKE_CROP = "用裁剪图"
SUBMIT = "提交"
CANCEL = "取消"
RESTART = "重来"
#: What a tap on a button of a report says.
WORDS = frozenset((CONFIRM, TAKE_CROP, SUBMIT, CANCEL, RESTART))


def offered(draft: Draft, content: Content, found: Assessment) -> tuple[Choice, ...]:
    """What answers the question just asked; no 确认 where a reason has to follow it."""
    strange = found.of(PointKind.STRANGE)
    words = []
    if strange and not any(each.needs_reason for each in strange):
        words.append(CONFIRM)
    if any(found.album.offers_crop(each) for each in content.pictures):
        words.append(TAKE_CROP)
    if any(each.key == UNPLACED for each in found.points):
        words.append(SUBMIT)
    if any(each.key == other_key(content) for each in strange):
        words.append(CANCEL)
    return buttons(draft, *words)


def buttons(draft: Draft, *words: str) -> tuple[Choice, ...]:
    """These words as buttons that count only while they mean this report, or this question."""
    return tuple(Choice(each, marked(each, mark(draft, each))) for each in words)


def mark(draft: Draft, word: str) -> str:
    """By what *word* means what is asked now: 确认 the very question, the others the report."""
    about = [str(draft.obligation_id), str(draft.submission_id), word]
    if word == CONFIRM:
        pending = content_of(draft).pending
        about += [draft.question, pending.text if pending else ""]
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:8]
