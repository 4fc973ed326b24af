"""What a digest printed, frozen with its edition, and the lines on what a later one corrects."""

from handlers.reading.harmless import harmless
from handlers.standing.ranks import RankingNow
from handlers.supervising.ranking_reply import without_laggards
from handlers.supervising.texts import CLOSED
from models.rules.printed import Correction, Printed, corrections
from models.rules.ranking import Ranking

#: So many corrections are told one by one; the picture shows the others.
MOST = 4
NO_RANK = "不排名次"


def printed_ranking(found: RankingNow) -> Printed:
    """The values that text and picture of a ranking print."""
    behind = found.lagging()
    tasks = {task.task.id for each in behind.values() for task in each}
    counts = {
        "滞后": f"{len(behind)}个单位{len(tasks)}项任务",
        "逾期未报": f"{len(found.overdue())}件",
        CLOSED: f"{len(found.closed())}件",
    }
    shown, _ = without_laggards(found)
    return Printed({**counts, **_rows(shown)}, _rows(found.ranking))


def _rows(ranking: Ranking) -> dict[str, str]:
    """Place and score by unit."""
    return {
        row.unit: " ".join(
            filter(
                None,
                (
                    f"第{row.rank}名" if row.rank else NO_RANK,
                    f"{row.score}分" if row.score is not None else "",
                ),
            )
        )
        for row in ranking.rows
    }


def corrected_lines(was: Printed, now: Printed, *, named: bool) -> list[str]:
    """更正：州公安局 第2名 66.67分 → 第1名 88.00分; the first few, and how many others."""
    found = corrections(was.to(named=named), now.to(named=named))
    lines = [f"更正：{_text(each)}" for each in found[:MOST]]
    left = len(found) - len(lines)
    return [*lines, *([f"另有{left}处随之变动，以本次为准。"] if left else [])]


def _text(each: Correction) -> str:
    return f"{harmless(each.label)} {each.old} → {each.new}"


def any_corrected(was: Printed, now: Printed) -> bool:
    """Whether anything that was printed for anybody is another thing now."""
    return bool(corrections(was.to(named=True), now.to(named=True)))
