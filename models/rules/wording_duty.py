"""From tokens to duties: which days, frequency, bounds and covered periods belong together."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from models.rules.recurrence import Every
from models.rules.wording_tokens import (
    BoundsToken,
    BreakToken,
    CoversToken,
    CumulativeToken,
    DueSpec,
    DueToken,
    FrequencyToken,
    Token,
)

_JOINERS = "、和及与或,以每次"
_DATES_OF = {Every.QUARTER: 4, Every.HALF: 2, Every.YEAR: 1}


@dataclass(slots=True)
class Duty:
    """What one sentence asks for, still as words; *start* and *end* are its place."""

    start: int = 0
    end: int = 0
    specs: tuple[DueSpec, ...] = ()
    every: Every | None = None
    bounds: BoundsToken | None = None
    before: list[CoversToken] = field(default_factory=list)
    after: list[CoversToken] = field(default_factory=list)
    cumulative: bool = False
    why: str = ""

    @property
    def has_day(self) -> bool:
        """Whether it says when, be it only how often."""
        return bool(self.specs) or self.every is not None

    @property
    def covers(self) -> list[CoversToken]:
        """The covered periods in the order of the text."""
        return self.before + self.after

    def placed(self, token: Token) -> None:
        """Remember where its day or frequency stands."""
        self.start = self.start if self.has_day else token.start
        self.end = token.end


def is_yearly(specs: tuple[DueSpec, ...], every: Every | None) -> bool:
    """Whether dates come back each year: 每半年 with two of them, 按季度 with four."""
    plain = all(s.every is Every.ONCE and not s.near and s.year is None for s in specs)
    return plain and every is not None and len(specs) == _DATES_OF.get(every)


def duties(text: str, tokens: Iterable[Token]) -> list[Duty]:
    """The duties of a cell in order, a frequency joined with the days that complete it."""
    return _Grouping(text).run(tokens)


class _Grouping:
    """One pass over the tokens; a duty ends with its clause or where the next one begins."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._done: list[Duty] = []
        self._duty = Duty()
        self._tokens: tuple[Token, ...] = ()

    def run(self, tokens: Iterable[Token]) -> list[Duty]:
        self._tokens = tuple(tokens)
        for token in self._tokens:
            match token:
                case BreakToken():
                    self._end_clause()
                case BoundsToken():
                    self._bounds(token)
                case FrequencyToken():
                    self._frequency(token)
                case DueToken():
                    self._due(token)
                case CoversToken():
                    self._covers(token)
                case CumulativeToken():
                    self._duty.cumulative = True
                case _:
                    pass
        self._end_clause()
        return _completed(self._done)

    def _next(self, *, keep_bounds: bool = False) -> None:
        bounds = self._duty.bounds if keep_bounds else None
        self._done.append(self._duty)
        self._duty = Duty(bounds=bounds)

    def _end_clause(self) -> None:
        """A clause without a day gives its bounds and periods to its neighbours."""
        duty = self._duty
        if duty.has_day:
            self._next()
        elif self._done and not self._done[-1].covers:
            self._done[-1].after += duty.before
            duty.before = []
        elif self._done:
            duty.before = []

    def _bounds(self, token: BoundsToken) -> None:
        if self._duty.has_day:
            self._next()
        self._duty.bounds = token

    def _frequency(self, token: FrequencyToken) -> None:
        duty = self._duty
        if duty.every and duty.every is not token.every:
            self._next(keep_bounds=True)
        elif duty.specs and not _fits(duty.specs, token.every):
            self._next()
        self._duty.placed(token)
        self._duty.every = token.every
        self._duty.why = token.why

    def _due(self, token: DueToken) -> None:
        duty = self._duty
        if duty.specs and not (self._is_list(token) and not duty.after):
            self._next(keep_bounds=True)
        elif not duty.specs and duty.every and not _fits(token.specs, duty.every):
            self._next(keep_bounds=True)
        self._duty.placed(token)
        self._duty.specs += token.specs

    def _is_list(self, token: Token) -> bool:
        return not self._text[self._duty.end : token.start].strip(_JOINERS)

    def _covers(self, token: CoversToken) -> None:
        duty = self._duty
        between = self._text[duty.end : token.start]
        is_apart = "," in between or "、" in between
        if duty.has_day and is_apart and (duty.before or self._leads(token)):
            self._next(keep_bounds=True)
        (self._duty.after if self._duty.has_day else self._duty.before).append(token)

    def _leads(self, token: CoversToken) -> bool:
        """Whether a day of its own follows in the same comma clause: 全年总结于12月10日前."""
        following = (
            t
            for t in self._tokens
            if isinstance(t, DueToken | FrequencyToken) and t.start >= token.end
        )
        due = next(following, None)
        return due is not None and not set(",;。") & set(self._text[token.end : due.start])


def _fits(specs: tuple[DueSpec, ...], every: Every) -> bool:
    return (
        all(spec.near for spec in specs)
        or any(spec.every is every for spec in specs)
        or is_yearly(specs, every)
    )


def _completed(found: list[Duty]) -> list[Duty]:
    """Without the bare frequencies that another sentence completes: 实行月报制，每月10日前……"""
    result: list[Duty] = []
    waiting: Duty | None = None
    for duty in found:
        if waiting and duty.specs and waiting.every and _fits(duty.specs, waiting.every):
            duty = replace(
                duty,
                every=duty.every or waiting.every,
                bounds=duty.bounds or waiting.bounds,
                before=waiting.covers + duty.before if not duty.covers else duty.before,
                cumulative=duty.cumulative or waiting.cumulative,
            )
            result.remove(waiting)
        waiting = duty if duty.has_day and not duty.specs else None
        result.append(duty)
    result = _monthly_again(result)
    stated = {spec.every for duty in result for spec in duty.specs}
    return [duty for duty in result if duty.specs or (duty.every and duty.every not in stated)]


def _monthly_again(found: list[Duty]) -> list[Duty]:
    """每月15日前……，月底前……: a day without its month after a monthly one is monthly too."""
    result: list[Duty] = []
    for duty in found:
        is_bare = bool(duty.specs) and all(spec.near == "none" for spec in duty.specs)
        if is_bare and duty.every is None and result and _is_monthly(result[-1]):
            duty = replace(duty, every=Every.MONTH, bounds=duty.bounds or result[-1].bounds)
        result.append(duty)
    return result


def _is_monthly(duty: Duty) -> bool:
    return bool(duty.specs) and all(
        (spec.every is Every.MONTH and spec.month is None)
        or (spec.near == "none" and duty.every is Every.MONTH)
        for spec in duty.specs
    )
