"""What the figures of one text are judged by: words around, plans in force, figures before."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from re import Match, Pattern

from handlers.reading.prose.clauses import Joint, Layout, Setting, visible
from handlers.reading.prose.counties import without_places
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.outlook import speaks_of_next
from handlers.reading.prose.plans import EXPECTED, FAR_REACHING, WANTED
from handlers.reading.prose.words import MODAL, Scanner, all_hits

#: Words further back in a sentence than this govern nothing.
_FARTHEST = 200
#: Nor do figures further back than this many.
_MOST_EARLIER = 40
_FAR_REACHING = re.compile(FAR_REACHING)
_WANTED = re.compile(WANTED)
_SAYS_NOTHING = re.compile(
    r"[,、\s]*(?:我们)?(?:目前|现在|已)?(?:分别|依次|仅|只)?(?:为|是|达到?)?\s*"
)
#: 汛期前完成, 可带动, 需整改: said of plans and of what is, so it is never sure.
_MAYBE_PAST = re.compile(r"前$|^可$|^需要?$|^年内$|^至少$|^[还仍](?:可以|[能可])$")
_LONGEST_CLAUSE = 16
#: 应检食堂143个检了143个: what was said over is not under the plan of the figure before it.
_SAID_OVER = re.compile(r"(?<![为除])了(?:约|近)?$")
#: 已于, 已经在: as far as a word may stand from the time that it is of.
_CLOSE = 3
_EXPECTED = re.compile(EXPECTED)
_YEAR = re.compile(r"\d{4}")
_MORE = re.compile(r"多|增加|增长|上升|提高|新增|净增|扩大|增|升|涨")
_LESS = re.compile(r"少|减|降|缩|回落")


class Plan(Enum):
    """Which words speak of a figure as something to come."""

    HERE = auto()  # its own
    BESIDE = auto()  # those of a figure before it in the clause
    WANTED = auto()  # a wish of an earlier clause, nothing that has happened between
    CARRIED = auto()  # an expectation of an earlier clause


@dataclass(frozen=True)
class Reading:
    """What a figure was found to be; *negative* turns its sign, *unit* is one left unsaid."""

    kind: Kind
    certain: bool
    negative: bool = False
    unit: str | None = None


@dataclass
class Context:
    """The text with its cues, and what was read so far, figure by figure."""

    layout: Layout
    settings: tuple[Setting, ...]
    places: tuple[str, ...]
    starting_is_the_task: bool = False
    #: A year before this one is no time of plans: 到2020年底.
    year: int = 0
    #: The month of reading: what is said of a later one has not been.
    month: int = 12
    readings: list[Reading] = field(default_factory=list)
    modal: tuple[Hit, ...] = ()
    ahead: tuple[bool, ...] = ()
    #: The first sentence in which something is told to have happened.
    told_in: int | None = None
    _modal_starts: list[int] = field(default_factory=list)
    _plans: dict[int, Plan | None] = field(default_factory=dict)
    _matched: dict[int, tuple[Match[str], ...]] = field(default_factory=dict)
    _found: dict[tuple[int, int], tuple[list[int], list[Hit]]] = field(default_factory=dict)
    _seen: dict[tuple[int, int, int, int], list[Hit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        text = self.layout.text
        self.ahead = speaks_of_next(self.layout)
        self.modal = tuple(hit for hit in all_hits(MODAL, text) if self._counts(hit))
        self._modal_starts = [hit.start for hit in self.modal]
        told = (hit for hit in self.modal if hit.cue is not Cue.PLAN)
        self.told_in = next((self.layout.sentence[hit.start] for hit in told), None)

    def _counts(self, hit: Hit) -> bool:
        past = _YEAR.search(hit.text)
        return not self.layout.quoted[hit.start] and not (past and int(past[0]) < self.year)

    def hits(self, scanner: Scanner, start: int, end: int, depth: int) -> list[Hit]:
        """The cues in ``[start:end]`` at bracket depth *depth*, names in quotes left out."""
        # By identity: the hash of a pattern goes through all of it.
        key = (id(scanner), start, end, depth)
        if key not in self._seen:
            self._seen[key] = self._between(scanner, start, end, depth) if start < end else []
        return self._seen[key]

    def _between(self, scanner: Scanner, start: int, end: int, depth: int) -> list[Hit]:
        found, depths, quoted = list[Hit](), self.layout.depth, self.layout.quoted
        for sentence in range(self.layout.sentence[start], self.layout.sentence[end - 1] + 1):
            starts, hits = self._in_sentence(scanner, sentence)
            for hit in hits[bisect_left(starts, start) : bisect_left(starts, end)]:
                if hit.end <= end and depths[hit.start] == depth and not quoted[hit.start]:
                    found.append(hit)
        return found

    def _in_sentence(self, scanner: Scanner, sentence: int) -> tuple[list[int], list[Hit]]:
        """The cues of a sentence with their places; each is scanned once and when asked for."""
        key = (id(scanner), sentence)
        if key not in self._found:
            hits = list(all_hits(scanner, self.layout.text, *self.layout.span_of(sentence)))
            self._found[key] = ([hit.start for hit in hits], hits)
        return self._found[key]

    def matches(self, words: Pattern[str], start: int, end: int) -> list[Match[str]]:
        """Where *words* stand in ``[start:end]``; the text is looked through once."""
        if id(words) not in self._matched:
            self._matched[id(words)] = tuple(words.finditer(self.layout.text))
        found = self._matched[id(words)]
        if not found:
            return []
        first = bisect_left(found, start, key=lambda match: match.start())
        last = bisect_left(found, end, key=lambda match: match.start())
        return [match for match in found[first:last] if match.end() <= end]

    def left_hits(self, scanner: Scanner, setting: Setting) -> list[Hit]:
        """The cues between a figure and its clause's beginning or the figure before it."""
        return self.hits(scanner, setting.lo, setting.left_end, setting.depth)

    def right_hits(self, scanner: Scanner, setting: Setting) -> list[Hit]:
        """The cues between a figure and its clause's end or the next figure."""
        return self.hits(scanner, setting.amount.end, setting.hi, setting.depth)

    def earlier(self, setting: Setting) -> Iterator[int]:
        """The figures before this one in its sentence, nearest first."""
        before = setting.before
        for _ in range(_MOST_EARLIER):
            if before is None:
                return
            yield before
            before = self.settings[before].before

    def plan_in_force(self, setting: Setting) -> Plan | None:
        """Which words speak of the figure as something to come, or None."""
        if setting.at not in self._plans:
            self._plans[setting.at] = self._plan(setting)
        return self._plans[setting.at]

    def names_a_plan(self, setting: Setting) -> bool:
        """Whether words of plans stand before the figure in its own sentence."""
        hits = self._modal(self._sentence_start(setting), setting)
        return any(hit.cue is Cue.PLAN for hit in hits)

    def _plan(self, setting: Setting) -> Plan | None:
        start = self._sentence_start(setting)
        hits = self._modal(start, setting)
        if _SAID_OVER.search(setting.left):
            hits = [hit for hit in hits if hit.start >= setting.lo]
        maybe = None
        for hit in reversed(hits):
            if hit.cue is Cue.REALISED:
                return maybe
            if self._is_past_time(hit, hits):
                continue
            if _MAYBE_PAST.search(hit.text):
                maybe = Plan.CARRIED
                continue
            if hit.start >= setting.begin:
                own = hit.start >= setting.lo or self._is_list(setting)
                return Plan.HERE if own else Plan.BESIDE
            if _EXPECTED.fullmatch(hit.text) and ";" in self.layout.text[hit.end : setting.begin]:
                continue
            if _FAR_REACHING.search(hit.text):
                wanted = _WANTED.search(hit.text) or self.ahead[setting.sentence]
                return Plan.WANTED if wanted else Plan.CARRIED
        return Plan.WANTED if self.ahead[setting.sentence] else maybe

    def sentence_hits(self, scanner: Scanner, setting: Setting) -> list[Hit]:
        """The cues of the sentence before the figure, where it names nothing itself."""
        if not _SAYS_NOTHING.fullmatch(setting.left):
            return []
        start = self._sentence_start(setting)
        return self.hits(scanner, start, setting.left_end, setting.depth)

    def compared(self, scanner: Scanner, setting: Setting) -> int:
        """1 for more and -1 for less than at an earlier time (比去年多6200万元), else 0."""
        against = [hit for hit in self.left_hits(scanner, setting) if hit.cue is Cue.AGAINST]
        if not against and not (against := self._compared_before(scanner, setting)):
            return 0
        words = visible(self.layout, against[-1].end, setting.left_end)
        less, more = _LESS.search(words), _MORE.search(words)
        return -1 if less else 1 if more else 0

    def _compared_before(self, scanner: Scanner, setting: Setting) -> list[Hit]:
        """与去年同期相比,多出620人: the clause before compares and holds no figure."""
        before = self.settings[setting.before].amount.end if setting.before is not None else 0
        comma = setting.begin - 1
        if before > comma or comma < 1 or self.layout.text[comma] != ",":
            return []
        hits = self.hits(scanner, max(before, comma - _LONGEST_CLAUSE), comma, setting.depth)
        return [hit for hit in hits if hit.cue is Cue.AGAINST and hit.end == comma]

    def is_realised(self, setting: Setting) -> bool:
        """Whether 已, 累计, 截至 stand before the figure, no plan between; in a sentence without
        either, whether an earlier one told what happened."""
        hits = self._modal(self._sentence_start(setting), setting, (Cue.TALLY,))
        if hits:
            return hits[-1].cue is not Cue.PLAN
        told = self.told_in is not None and self.told_in < setting.sentence
        return told and not self.ahead[setting.sentence]

    def is_bare(self, setting: Setting) -> bool:
        """Whether nothing but places and joining words stand between this figure and the last."""
        return not without_places(setting.left, self.places)

    def _modal(self, start: int, setting: Setting, more: tuple[Cue, ...] = ()) -> list[Hit]:
        first = bisect_left(self._modal_starts, start)
        last = bisect_left(self._modal_starts, setting.left_end)
        wanted = (Cue.PLAN, Cue.REALISED, *more)
        depth = self.layout.depth
        return [
            hit
            for hit in self.modal[first:last]
            if hit.cue in wanted and depth[hit.start] == setting.depth
        ]

    def _sentence_start(self, setting: Setting) -> int:
        first = self.layout.begins[setting.sentence]
        return min(setting.begin, max(first, setting.begin - _FARTHEST))

    def _is_past_time(self, plan: Hit, hits: list[Hit]) -> bool:
        """已于6月底前完成: the time before which it was done."""
        before = [hit for hit in hits if hit.end <= plan.start]
        told = bool(before) and before[-1].cue is Cue.REALISED
        return told and plan.text.endswith("前") and plan.start - before[-1].end <= _CLOSE

    def _is_list(self, setting: Setting) -> bool:
        return setting.joint in (Joint.LIST, Joint.WORDS)
