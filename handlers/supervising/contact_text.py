"""The words for 对接: one contact in a line, and what is asked for where a part is missing."""

from collections.abc import Iterable
from datetime import date

from handlers.reading.harmless import harmless
from handlers.reading.visits import Days, Visit
from handlers.supervising.fact_words import days_text
from models.contact import Contact

FIELDS = {"when": "时间", "who": "层级", "whom": "对象"}
UNNAMED = "已按职务登记，不记姓名。"
DOUBTFUL = "对接不记姓名、电话，收到的内容中像有姓名或电话，尚未登记。"
_EXAMPLES = "层级写职务，如州领导；对象写单位，如省发改委"


def contact_text(row: Contact, unit: str, today: date) -> str:
    """9月19日，州领导对接省发改委；结果：表示支持. Whether by visit or by call stays open."""
    of_unit = f"{harmless(unit)} " if unit and not row.who.startswith(unit) else ""
    said = row.result.removeprefix("反馈：")
    result = f"；结果：{harmless(said)}" if said else ""
    days = days_text(row.on, row.until, today)
    return f"{days}，{of_unit}{harmless(row.who)}对接{harmless(row.whom)}{result}"


def missing_in(visit: Visit) -> list[str]:
    """The compulsory parts that were not said; a result may come later."""
    said = {"when": visit.days, "who": visit.who, "whom": visit.whom}
    return [title for key, title in FIELDS.items() if not said[key]]


def asked_for(
    opening: str, visit: Visit, missing: Iterable[str], today: date, county: str = ""
) -> str:
    """One message with what is missing and the whole to send back, as far as it was read."""
    notes = "".join(reasons(visit))
    head = f"还缺{'、'.join(missing)}，尚未登记。{notes}补全后请整条发回（{_EXAMPLES}）："
    return "\n".join([head, opening, *_form(visit, today, county)])


def put_right(opening: str, visit: Visit, today: date, county: str = "") -> str:
    """What may name somebody is refused, with the whole to send back without any name."""
    lines = _form(visit, today, county)
    if opening.startswith("更正"):
        lines = [line for line in lines if not line.endswith("：")]
    return "\n".join([f"{DOUBTFUL}请核对后整条发回：", opening, *lines])


def reasons(visit: Visit) -> list[str]:
    """What was written and cannot be taken, each with why."""
    found = []
    if visit.bad_day:
        found.append(f"“{visit.bad_day}”没有这一天。")
    if visit.unranked:
        found.append("人员请写职务或层级，不写姓名。")
    if visit.is_doubtful:
        found.append("内容中像有姓名或电话，已略去，请核对。")
    return found


def _form(visit: Visit, today: date, county: str) -> list[str]:
    days = "、".join(days_text(each.on, each.until, today) for each in visit.days)
    filled = (
        ("县市", county),
        ("时间", days),
        ("层级", visit.who),
        ("对象", visit.whom),
        ("结果", visit.result or visit.left),
    )
    return [f"{title}：{harmless(text)}" for title, text in filled if text or title != "县市"]


def latest(days: Days) -> date:
    """The day by which the visit must have been made: a rough time counts from its beginning."""
    is_exact = days.until is not None and (days.on.day, days.until.day) not in _ROUGH_ENDS
    return days.until if is_exact and days.until else days.on


_ROUGH_ENDS = frozenset(
    (first, last)
    for first, lasts in ((1, (10, 28, 29, 30, 31)), (11, (20,)), (21, (28, 29, 30, 31)))
    for last in lasts
)
