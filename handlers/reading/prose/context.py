"""What the figures of one text are judged by: words around, plans in force, figures before."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import Pattern

from handlers.reading.prose.clauses import Layout, Setting
from handlers.reading.prose.counties import without_places
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, Cue, Hit, hits_in

#: 计划 is half a noun: it does not reach beyond its clause.
_WEAK_PLANS = frozenset({"计划", "不低于", "不少于", "申请", "控制在"})


@dataclass(frozen=True)
class Reading:
    """What a figure was found to be; *negative* turns its sign."""

    kind: Kind
    certain: bool
    negative: bool = False


@dataclass
class Context:
    """The text with its cues, and what was read so far, figure by figure."""

    layout: Layout
    settings: tuple[Setting, ...]
    places: tuple[str, ...]
    readings: list[Reading] = field(default_factory=list)
    _hits: dict[Pattern[str], tuple[Hit, ...]] = field(default_factory=dict)

    def hits(self, scanner: Pattern[str], start: int, end: int, depth: int) -> list[Hit]:
        """The cues that begin in ``[start:end]`` at bracket depth *depth*, outside of figures."""
        if scanner not in self._hits:
            self._hits[scanner] = hits_in(scanner, self.layout.text)
        found = self._hits[scanner]
        first = bisect_left(found, start, key=lambda hit: hit.start)
        last = bisect_left(found, end, key=lambda hit: hit.start)
        return [
            hit
            for hit in found[first:last]
            if self.layout.depth[hit.start] == depth and hit.end <= end
        ]

    def left_hits(self, scanner: Pattern[str], setting: Setting) -> list[Hit]:
        """The cues between a figure and its clause's beginning or the figure before it."""
        return self.hits(scanner, setting.lo, setting.amount.start, setting.depth)

    def right_hits(self, scanner: Pattern[str], setting: Setting) -> list[Hit]:
        """The cues between a figure and its clause's end or the next figure."""
        return self.hits(scanner, setting.amount.end, setting.hi, setting.depth)

    def earlier(self, setting: Setting) -> Iterator[int]:
        """The figures before this one in its sentence, nearest first."""
        before = setting.before
        while before is not None:
            yield before
            before = self.settings[before].before

    def plan_in_force(self, setting: Setting) -> str:
        """``here`` where the clause speaks of what is wanted, ``carried`` where an earlier clause
        of the sentence does and nothing that has happened stands between, else empty."""
        start = self._sentence_start(setting)
        hits = self._modal(start, setting)
        for hit in reversed(hits):
            if hit.cue is Cue.REALISED:
                return ""
            if hit.cue is Cue.PLAN and not self._is_past_time(hit, hits):
                if hit.start >= setting.begin:
                    return "here" if hit.start >= setting.lo or self._is_list(setting) else "beside"
                return "carried" if hit.text not in _WEAK_PLANS else ""
        return ""

    def is_realised(self, setting: Setting) -> bool:
        """Whether 已, 累计, 截至 stand before the figure in its sentence, no plan between."""
        hits = self._modal(self._sentence_start(setting), setting)
        return bool(hits) and hits[-1].cue is Cue.REALISED

    def is_bare(self, setting: Setting) -> bool:
        """Whether nothing but places and joining words stand between this figure and the last."""
        return not without_places(setting.left, self.places)

    def _modal(self, start: int, setting: Setting) -> list[Hit]:
        hits = self.hits(COUNTING, start, setting.amount.start, setting.depth)
        return [hit for hit in hits if hit.cue in (Cue.PLAN, Cue.REALISED)]

    def _sentence_start(self, setting: Setting) -> int:
        at = setting.begin
        while (
            at > 0 and self.layout.sentence[at - 1] == setting.sentence and setting.begin - at < 200
        ):
            at -= 1
        return at

    def _is_past_time(self, plan: Hit, hits: list[Hit]) -> bool:
        """已于6月底前完成: the time before which it was done."""
        before = [hit for hit in hits if hit.end <= plan.start]
        return plan.text.endswith("前") and bool(before) and before[-1].cue is Cue.REALISED

    def _is_list(self, setting: Setting) -> bool:
        return setting.joint in ("list", "none")
