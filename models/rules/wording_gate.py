"""What stands around a due day: a clause with words that no rule accounts for is not understood."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from models.rules.recurrence import Every
from models.rules.wording_tokens import (
    BreakToken,
    DueToken,
    FrequencyToken,
    HasteToken,
    OpenToken,
    Token,
)

_STOP = re.compile(r"[,;。]|(?<!\d):|:(?!\d)")
_REPORT = (
    r"(?:报送|[上呈填补申]报|(?<![通公预播简月季周旬年日汇])报(?!告|名|销|酬|批|废|考|纸|表|刊)"
    r"|(?<=汇总)报|(?<=[月年]底)报|提交|送(?!达|别)|(?<!移)交(?!办|通|流|易|付|工)|反馈|发至|发到|发给|上传)"
)
_REPORTED = re.compile(_REPORT)
_TOLD = re.compile(r"(?:书面|专题|统一|集中|及时)*+(?:向[^,;。]{1,10})?报告")
_NOUN = (
    r"情况|工作|总结|小结|数据|数|进展|进度|完成|任务|报表|报告|计划|累计|全[州县市省区]|信息|动态"
    r"|落实|执行|推进|项目|开展|安排|打算|(?:自查|整改)(?=报告|情况)|材料|名单|联络员|实施|方案|清单|台账|资料|内容"
    r"|主要|重点|指标|建设|实绩|成效|综合|统计表|上下?半?月|下半月"
    r"|(?:周|月|旬|季度|半年|年)报|周|月度|季度|半?年度|当年|本年|及|和|与|或|以及|[、/]"
)
_LINK = (
    r"请|并|同时|须|需|应|要|务必|最迟|不迟于|原则上|均|统一|一并|分别|各|于|在|每次|(?:第[1一]次|首次)(?:报送)?"
    r"|(?:报送|上报|提交)?截止?(?:时间|日期|期限)(?:为|是|:)?|(?:报送|上报|提交)(?:时间|日期|期限|时限)(?:为|是|:)?"
    r"|(?:完成)?(?:时限|期限)(?:为|是|:)?"
)
_ACTOR = (
    r"(?:由|请|各|有关|相关)*+[\u4e00-\u9fff]{0,14}?(?:县|市|区|州|委|局|办|厅|院|单位|部门|公司|中心"
    r"|政府|督查室|专班|乡镇|街道|委员会|协会|联合会|银行|学校|医院)区?"
)
_SUBJECT = re.compile(rf"(?:并|同时)?(?P<who>{_ACTOR})(?:{_LINK})*+")
_NEUTRAL = re.compile(rf"(?:{_LINK}|{_NOUN}|,)*+月?")
_AFTER_EVERY = re.compile(
    r"(?:报送?|上报|提交)?(?:\d次|[一两]次)?(?:分别|各|均|统一|请|须|应|定)*+(?:于|在)?|度?(?:报|报送)"
)
_AFTER_DAY = re.compile(rf"(?:{_NOUN}|分别|各|均|,)*+")
_BEFORE_VERB = re.compile(
    rf"(?:{_NOUN}|{_LINK}|及时|集中|汇总|书面|首次|未|补|按时|如实|再次|另行|由"
    r"|含(?:当日|\d{1,2}日))*+(?:(?:将|把|由|向|以|通过|经).*)?"
)
_FIRST_DONE = re.compile(r"[^\d,;。:]{1,12}(?:并|后)")
_UNREAD_HOUR = re.compile(r"(?:凌晨)?[\d:]|[整半一三]刻")
_HOW = r"(?:及时|分别|各|统一|集中|汇总|书面|至少|定期|均|请|须|应|要|1次)*+"
_FREELY = re.compile(
    rf"{_HOW}(?:向[^,;。]{{1,10}})?{_HOW}(?:[将把][^,;。]*?)?"
    rf"(?:(?:{_NOUN})*+(?:$|,|;|。)|{_REPORT}|书面报告|报告|[一两\d]次(?:$|,|;|。))"
)
_DATA = re.compile(r"(?:数据|统计|口径|填报)[^,;。]{0,4}?截[止至]|截至$")
_FIRST = re.compile(r"首次|第1次")
_UNREAD = "这一句没有读懂，未设期限"
_DATA_DAY = "是数据口径日期，不作报送期限"
_OTHER_VERB = "没有写报送，不作报送期限"
_OTHER_PARTY = "写的是另一方的期限，未设期限，请只写本级收报的期限"
_FIRST_DAY = "是首次报送时间，与按期报送不一致，请核对"
_NOT_DEFAULT = "只写了频次，日期或报送事项没有读懂，未设期限"


def accounted(text: str, tokens: Iterable[Token]) -> tuple[Token, ...]:
    """The tokens, with a due day as an `OpenToken` where its clause says more than was read.

    Between frequency, day and reporting verb only neutral words may stand; what
    comes after them must report something, or nothing.
    """
    return _Gate(text, tuple(tokens)).run()


class _Gate:
    """One cell: its due days from left to right, each judged by the words around it."""

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        self._text = text
        self._tokens = tokens
        self._masked = _masked(text, tokens)
        self._dated = [t for t in tokens if isinstance(t, DueToken | FrequencyToken)]
        self._actors = {token: self._actor(token) for token in self._dues()}

    def run(self) -> tuple[Token, ...]:
        refused = {}
        for token in self._dues():
            if why := self._why(token):
                refused[token] = OpenToken(self._clause_start(token), token.end, why)
        return tuple(self._kept(refused))

    def _kept(self, refused: dict[DueToken, OpenToken]) -> Iterator[Token]:
        """The tokens outside refused clauses, and one open token for each of those."""
        stretches = [(o.start, self._clause_end(token)) for token, o in refused.items()]
        for token in self._tokens:
            if isinstance(token, DueToken) and token in refused:
                found = refused[token]
                yield found
                yield Token(token.end, self._clause_end(token))
            elif isinstance(token, BreakToken) or not any(
                low <= token.start < high for low, high in stretches
            ):
                yield self._frequency(token) if isinstance(token, FrequencyToken) else token
            elif isinstance(token, DueToken | OpenToken):
                yield token

    def _dues(self) -> list[DueToken]:
        return [token for token in self._dated if isinstance(token, DueToken)]

    def _why(self, token: DueToken) -> str:
        before = self._before(token)
        if _DATA.search(before):
            return _DATA_DAY
        if not self._is_neutral(token, before) or _UNREAD_HOUR.match(self._own(token)):
            return _UNREAD
        if not self._reports(token):
            return _OTHER_VERB
        if self._actors[token] and len(set(self._actors.values())) > 1:
            return _OTHER_PARTY
        if _FIRST.search(before + self._own(token)) and self._comes_back_before(token):
            return _FIRST_DAY
        return ""

    def _comes_back_before(self, token: DueToken) -> bool:
        return any(
            isinstance(other, FrequencyToken)
            or any(spec.every is not Every.ONCE for spec in other.specs)
            for other in self._dated
            if isinstance(other, DueToken | FrequencyToken) and other.start < token.start
        )

    def _previous(self, token: Token) -> Token | None:
        """The token before it in its own comma clause."""
        found = [other for other in self._tokens if other.end <= token.start]
        if not found or _STOP.search(self._text[found[-1].start : token.start]):
            return None
        return found[-1]

    def _before(self, token: Token) -> str:
        """The words between the due day and what was read before it, or its clause's start."""
        previous = self._previous(token)
        start = previous.end if previous else self._stop_before(token.start)
        words = self._text[start : token.start]
        if isinstance(previous, DueToken) and (cut := re.search(r".*(?:、|和|及)", words)):
            return words[cut.end() :]
        return words

    def _is_neutral(self, token: Token, before: str) -> bool:
        previous = self._previous(token)
        if isinstance(previous, FrequencyToken):
            return bool(_AFTER_EVERY.fullmatch(before))
        if _NEUTRAL.fullmatch(before):
            return True
        return (previous is None or isinstance(previous, DueToken)) and bool(
            _SUBJECT.fullmatch(before)
        )

    def _actor(self, token: Token) -> str:
        before = self._before(token)
        if _NEUTRAL.fullmatch(before):
            return ""
        match = _SUBJECT.fullmatch(before)
        return match["who"] if match else ""

    def _reports(self, token: DueToken) -> bool:
        """Whether something is to be reported by then; a list shares the verb at its end."""
        own = self._own(token)
        if own and not _AFTER_DAY.fullmatch(own):
            if own.startswith(("将", "把")):
                return bool(
                    _REPORTED.search(self._masked[token.end : self._break_after(token.end)])
                )
            return _has_verb(own)
        following = self._next(token)
        end = self._break_after(token.end)
        if following and following.start < end:
            if isinstance(following, DueToken) and not self._before(following) and not own:
                return self._reports(following)
            return True
        rest = self._masked[token.end : end].strip(",\0")
        return bool(
            _AFTER_DAY.fullmatch(rest.replace("\0", ""))
            or _REPORTED.search(rest)
            or _TOLD.match(rest)
        )

    def _own(self, token: Token) -> str:
        """The words after the due day, to its comma or to the next due day."""
        end = self._stop_after(token.end)
        following = self._next(token)
        if following and following.start < end:
            end = following.start
            cut = re.search(r".*(?:、|和|及)", self._text[token.end : end])
            end = token.end + cut.end() - 1 if cut else end
        return self._masked[token.end : end].replace("\0", "")

    def _next(self, token: Token) -> Token | None:
        return next((other for other in self._dated if other.start >= token.end), None)

    def _frequency(self, token: FrequencyToken) -> FrequencyToken:
        """The frequency, barred from a default day where its clause says more about it."""
        end = self._stop_after(token.end)
        words = self._masked[token.end : end].split("\0")[0]
        following = self._next(token)
        if following and following.start < end:
            words = ""
        before = self._before(token)
        is_open = any(
            isinstance(other, OpenToken) and not isinstance(other, HasteToken)
            for other in self._tokens
            if token.end <= other.start < end
        )
        if self._is_neutral(token, before) and _FREELY.match(words) and not is_open:
            return token
        return replace(token, why=_NOT_DEFAULT)

    def _clause_start(self, token: Token) -> int:
        """Where its clause begins: after the comma or the due day before it."""
        previous = self._previous(token)
        start = self._stop_before(token.start)
        while previous:
            if isinstance(previous, DueToken):
                return max(start, previous.end)
            previous = self._previous(previous)
        return start

    def _clause_end(self, token: Token) -> int:
        end = self._stop_after(token.end)
        following = self._next(token)
        return min(end, following.start) if following else end

    def _stop_before(self, at: int) -> int:
        return max((m.end() for m in _STOP.finditer(self._text) if m.end() <= at), default=0)

    def _stop_after(self, at: int) -> int:
        found = _STOP.search(self._text, at)
        return found.start() if found else len(self._text)

    def _break_after(self, at: int) -> int:
        starts = (t.start for t in self._tokens if isinstance(t, BreakToken) and t.start >= at)
        return min(starts, default=len(self._text))


def _has_verb(words: str) -> bool:
    """Whether it is a report that is asked for, with nothing unknown before the verb."""
    verb = _REPORTED.search(words)
    if verb is None:
        return bool(_TOLD.match(words))
    before = words[: verb.start()]
    patterns = (_BEFORE_VERB, _SUBJECT, _FIRST_DONE)
    return any(pattern.fullmatch(before) for pattern in patterns)


def _masked(text: str, tokens: tuple[Token, ...]) -> str:
    """The text with everything that was read blanked out."""
    rest = list(text)
    for token in tokens:
        rest[token.start : token.end] = "\0" * (token.end - token.start)
    return "".join(rest)
