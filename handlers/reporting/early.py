"""Pictures that came before their report: what can be said of them already."""

from collections.abc import Sequence

from handlers.context import Context
from handlers.reporting.choose import owed_now
from handlers.reporting.form import picture_rule
from handlers.reporting.pictures import MENDED
from models.media import Media
from models.rules.frozen import from_data
from models.rules.picture import PictureFacts, PictureRule, crop_box, judge


def of_no_use(context: Context, media: Sequence[Media]) -> dict[str, str]:
    """By address, why a picture can go into no report that the speaker owes, nor a crop of it."""
    owed = owed_now(context)
    rules = [r for e in owed if (r := picture_rule(e.requirement, e.programme)) is not None]
    found = ((number, each, _why_not(each, rules)) for number, each in enumerate(media, 1))
    several = len(media) > 1
    return {
        each.sha: f"{f'第{number}张：' if several else ''}{why}这张未收。"
        for number, each, why in found
        if why
    }


def _why_not(media: Media, rules: Sequence[PictureRule]) -> str:
    """What is wrong under every rule and no crop mends; empty where one takes it."""
    facts = from_data(PictureFacts, media.facts)
    found = [_lasting(facts, rule) for rule in rules]
    return found[0] if found and all(found) else ""


def _lasting(facts: PictureFacts, rule: PictureRule) -> str:
    problems = [each for each in judge(facts, rule) if each.level == "error"]
    can_crop = crop_box(facts, rule) is not None
    lasting = (each for each in problems if not (can_crop and each.code in MENDED))
    return next((each.text for each in lasting), "")
