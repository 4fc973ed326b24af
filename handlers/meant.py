"""Which command a message means: by its word, by a slip of it, before or behind its subject.

What only reads is taken with a slip and says so; what decides, sends or removes is asked about.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from handlers.asked import asked
from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.harmless import harmless
from handlers.reading.names import ACCEPT, EXACT, How, Match, Name, find
from handlers.reading.normalise import clean, command_key, normalise
from handlers.reading.questions import without_listing
from handlers.reading.spoken import LONGEST, goes_on_talking, is_refusal, undressed
from handlers.reading.task_numbers import DASHED, NOT_COUNTED, SIGNED
from handlers.registry import Called, Command, Registry
from handlers.reporting.naming import abbreviated, is_own
from handlers.standing.rounds import round_called
from handlers.supervising.choosing import Subject, all_subjects, named_as
from models.member import RoleName
from models.message import Reply

#: Numbers of reports, tasks and pictures, codes, dates; 2人 and 率达到95% are none.
_NUMBER = re.compile(
    r"[#＃]?\d{1,6}(?:\s*[-~至、,，\s]\s*[#＃]?\d{1,6})*(?=$|[\s,，。:：;；、张页]"
    rf"|号(?![一-鿿])|{NOT_COUNTED}[一-鿿]{{3}})|{DASHED}|[第图]\s*\d|{SIGNED}"
    r"|\d{1,4}(?:年|月\d{1,2}日|-\d{1,2}-\d{1,2})"
)
#: So much of what follows a word tells whether it belongs to a command.
_LOOKED_AT = 120
#: A name before a figure has at least so many characters.
_SHORTEST_NAME = 4
_CODE = re.compile(r"[A-Za-z0-9]{6}(?![A-Za-z0-9])")
_ALL = frozenset("全部 所有 已截止 单位".split())
_WORDS_END = re.compile(r"[\s,，。:：;；、【\[（(]|(?=\d)")
_DIGIT = re.compile(r"\d")
#: 查看一下128, 报送下州1-7.
_A_MOMENT = re.compile(r"(?:一下子?|一哈|下)[\s,，:：]*")
#: #1通过, 3号退回，图片有水印.
_NUMBER_FIRST = re.compile(
    r"(?P<mark>[#＃]?)\s*(?P<numbers>\d{1,6}(?:[\s、,，和]{1,3}[#＃]?\d{1,6}){0,20})\s*[号件]?[\s,，:：]{0,3}"
)
_PARTED = re.compile(r"来?吧?(?=[\s,，:：;；。]|$)")
_TWO_DECISIONS = r"(?:{words})\s*[#＃]?\d{{1,6}}|\d{{1,6}}\s*(?:{words})(?![一-鿿])"
_REPORT = "报送"
#: 报法援 1305件, 法援报一下 1305件.
_REPORT_FIRST = re.compile(
    r"(?:报送|上报|填报|报数|报)(?:一?下)?\s*(?P<name>[一-鿿]{2,16}?)"
    r"(?:(?:[\s,，:：]+|(?=\d))(?P<rest>\S.*))?"
)
_REPORT_SHORT = re.compile(r"(?:报送|上报|填报|报数|报)(?:一?下(?:子)?)?[\s,，:：]*")
_REPORT_BEHIND = re.compile(
    r"(?P<name>[一-鿿]{2,16}?)(?:报送|上报|填报|报数|报)(?:一?下)?(?:[\s,，:：]+(?P<rest>\S.*))?"
)
#: bao song, tong'guo, 报song: letters may spell a command, syllable by syllable.
_LETTERS = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]{1,12}")
_HALF_SPELLED = re.compile(r"[一-鿿]{1,3}[A-Za-zＡ-Ｚａ-ｚ]{2,12}")
_BETWEEN = re.compile(r"[\s'’‘·]{0,3}")
_MOST_SYLLABLES = 6
_REPORT_AGAIN = r"(?:{words})\s*[一-鿿]?\d"


@dataclass(frozen=True)
class Meant:
    """A command to run with what follows it; *note* is said first where a slip was taken.

    With *answer* nothing is run: a question stands for the command.
    """

    command: Command
    rest: str
    note: str = ""
    answer: Reply | None = None


def meant(context: Context, text: str) -> Meant | None:
    """What *text* asks for, or None where it is no command."""
    return _Message(context, text).meant()


class _Message:
    """One message and the names that it may use."""

    def __init__(self, context: Context, text: str) -> None:
        self.context = context
        self.registry: Registry = context.services.registry
        self.text = text
        is_word = self.registry.is_word(command_key(text))
        self.said = undressed("" if is_word else text)
        self.plain = text if is_word else self.said.text

    def meant(self) -> Meant | None:
        """The first way to understand it that holds."""
        ways = (
            self._called,
            self._listed,
            self._behind,
            self._numbered,
            self._refused,
            self._misspelt,
            self._misspelt_behind,
            self._shortened,
            self._asked,
        )
        return next((found for way in ways if (found := way()) is not None), None)

    def _called(self) -> Meant | None:
        """By its own word; *plain* may have lost what belongs to the word."""
        for text in dict.fromkeys((self.plain, self.text)):
            for called in self.registry.called(text):
                if self._is_meant(called, led=self.said.led and text == self.plain):
                    return self._checked(called)
                moment = _A_MOMENT.match(called.rest) if called.glued else None
                if moment and self._fits(rest := called.rest[moment.end() :]):
                    return self._checked(replace(called, rest=rest, glued=False))
        return None

    def _is_meant(self, called: Called, *, led: bool) -> bool:
        if not called.rest:
            return True
        may_follow = called.command.glued
        follows = may_follow is not None and may_follow(called.rest)
        if not called.glued:
            return not led or follows or self._fits(called.rest)
        if called.command.alone:
            return self._fits_exactly(called.rest)
        return follows or self._fits(called.rest)

    def _checked(self, called: Called) -> Meant:
        """What decides and sounds like a question, or like two orders at once, is asked about."""
        command, rest = called.command, called.rest
        if command.takes_typos:
            return Meant(command, rest)
        if self.said.doubted and self.plain != self.text and self._asks(called):
            return self._offered(command, called.word, rest)
        if rest and (other := self._second_order(command, rest)):
            shown = harmless(other)
            text = f"一次请办一件：收到“{called.word}”，又有“{shown}”，均未处理。请分成两条发送。"
            return Meant(command, rest, answer=Reply(text))
        return Meant(command, rest)

    def _asks(self, called: Called) -> bool:
        says_how = called.command.takes_number and not called.rest
        return not (called.command.unbound or says_how) and self.text.rstrip() != called.word

    def _second_order(self, command: Command, rest: str) -> str:
        """The further order in *rest*; a reason may speak of reporting again."""
        if command.free:
            return ""
        about_number = not command.alone and _NUMBER.match(normalise(rest[:_LOOKED_AT])) is not None
        if not (command.stands_alone or about_number):
            return ""
        known = self.registry.commands.values()
        deciding = [c for c in known if not (c.takes_typos or c.alone or c.free)]
        # 延期3天 within a reason is no order: its command is about no report by its number.
        decide = [w for c in deciding if c.takes_number or c.stands_alone for w in c.words]
        again = [word for c in known if c.behind and not command.takes_words for word in c.words]
        for pattern, words in ((_TWO_DECISIONS, decide), (_REPORT_AGAIN, again)):
            written = pattern.format(words="|".join(map(re.escape, words)))
            if words and (found := re.search(written, normalise(rest[:LONGEST]))):
                return found[0]
        return ""

    def _listed(self) -> Meant | None:
        """请问我的任务有哪些: the word of what only reads, within the words that ask for a list."""
        if len(self.text) > LONGEST:
            return None
        found = self.registry.command_for(without_listing(self.plain))
        if found is None or found[1] or not found[0].takes_typos:
            return None
        return Meant(found[0], "", note=f"已按“{found[0].words[0]}”处理。")

    def _behind(self) -> Meant | None:
        """州1-7 进度, 吉首市进度: the subject first."""
        text = self.plain.strip()
        if len(text) > LONGEST or "\n" in text:
            return None
        for each in self.registry.commands.values():
            for word in each.words if each.behind else ():
                if not text.endswith(word):
                    continue
                subject = text[: -len(word)].rstrip(" \t:：,，的")
                if subject and self._fits_exactly(subject):
                    return Meant(each, subject)
        return None

    def _numbered(self) -> Meant | None:
        """#1通过: the number first; without its mark, which may be a date, it is asked about."""
        found = _NUMBER_FIRST.match(self.plain) if len(self.text) <= LONGEST else None
        for called in self.registry.called(self.plain[found.end() :]) if found else ():
            after = self.plain[found.end() + len(called.word) :] if found else ""
            parted = _PARTED.match(after)
            if not found or not called.command.takes_number or parted is None:
                continue
            reason = after[parted.end() :].lstrip(" \t:：,，")
            rest = f"{found['numbers']} {reason}".strip()
            if found["mark"] and not self.said.doubted:
                return self._checked(replace(called, rest=rest, glued=False))
            return self._offered(called.command, called.word, rest)
        return None

    def _shortened(self) -> Meant | None:
        """报雪亮工程: to report, where nothing but a name follows."""
        text = self.plain.strip()
        found = self.registry.command_for(_REPORT)
        if not found or len(text) > LONGEST or not self.context.speaker.has(RoleName.LIAISON):
            return None
        said = _REPORT_SHORT.match(text)
        if said and self._fits_exactly(rest := text[said.end() :]):
            return self._offered(found[0], _REPORT, rest)
        said = _REPORT_FIRST.fullmatch(text) or _REPORT_BEHIND.fullmatch(text)
        if said is None:
            return None
        task = abbreviated(self.context, said["name"])
        if task is None and not is_own(self.context, said["name"]):
            return None
        name = task.number if task else said["name"]
        return self._offered(found[0], _REPORT, f"{name} {said['rest'] or ''}".strip())

    def _asked(self) -> Meant | None:
        """A question in everyday words, or nothing but a name."""
        order = asked(self.context, self.text, self._subjects)
        found = self.registry.command_for(order.text) if order else None
        return Meant(*found, note=order.note, answer=order.answer) if order and found else None

    def _refused(self) -> Meant | None:
        """先别通过 128: nothing is done, and what would be is named."""
        if len(self.text) > LONGEST:
            return None
        for each in self.registry.commands.values():
            for word in () if each.takes_typos else each.words:
                before, found, after = self.plain.partition(word)
                if found and is_refusal(before) and _NUMBER.match(normalise(after).strip()):
                    order = f"{word} {after.strip()}"
                    text = f"收到“{harmless(self.text.strip())}”，未作处理。"
                    more = f"如要办理，请发“{harmless(order)}”；不办不用回复。"
                    return Meant(each, after, answer=Reply(text + more))
        return None

    def _misspelt(self) -> Meant | None:
        """By a slip of the word, where what follows is something that a command speaks of."""
        for typed, rest, glued in self._first_words():
            if not typed:
                continue
            found = self.registry.misspelt(typed)
            found = [(c, word) for c, word in found if self._may_follow(c, rest, glued=glued)]
            if len(found) == 1:
                return self._taken(*found[0], rest)
            if found:
                return self._choice(found, rest)
        return None

    def _misspelt_behind(self) -> Meant | None:
        """州1-7没有变花, 雪亮工程 报松: the subject first, and a slip in the word behind it."""
        text = self.plain.strip()
        if len(text) > LONGEST or "\n" in text:
            return None
        for size in (4, 3, 2):
            typed, subject = text[-size:], text[:-size].rstrip(" \t:：,，的")
            found = [each for each in self.registry.misspelt(command_key(typed)) if each[0].behind]
            if len(found) == 1 and subject and self._fits_exactly(subject):
                return self._taken(*found[0], subject)
        return None

    def _first_words(self) -> Iterator[tuple[str, str, bool]]:
        """The first word and the rest; before a number its last character may belong to it."""
        for text in dict.fromkeys((self.plain.strip(), self.text.strip())):
            for end in reversed(_ends_of_syllables(text)):
                yield command_key(text[:end]), text[end:].lstrip(" \t:：,，"), False
            first = _WORDS_END.split(text, maxsplit=1)[0]
            rest = text[len(first) :]
            yield command_key(first), rest.lstrip(" \t:：,，"), False
            if rest[:1].isdigit():
                yield command_key(first[:-1]), text[len(first) - 1 :], False
            for size in (4, 3, 2):
                if size < len(first) and not self.registry.is_word(command_key(first[:size])):
                    yield command_key(first[:size]), text[size:], True

    def _may_follow(self, command: Command, rest: str, *, glued: bool) -> bool:
        if glued:
            named = _DIGIT.split(rest, maxsplit=1)[0]
            is_named = len(command_key(named)) >= _SHORTEST_NAME and self._fits_exactly(named)
            return not command.stands_alone and (is_named or self._fits_exactly(rest))
        if not rest:
            return True
        may_follow = command.glued is not None and command.glued(rest)
        return not command.stands_alone and (may_follow or self._fits(rest))

    def _taken(self, command: Command, word: str, rest: str) -> Meant:
        if command.takes_typos:
            return Meant(command, rest, note=f"已按“{word}”处理。")
        return self._offered(command, word, rest)

    def _offered(self, command: Command, word: str, rest: str) -> Meant:
        order = f"{word} {clean(rest)}".strip()
        keep_list(self.context, "{}", [order])
        text = f"您是要“{harmless(order)}”吗？回复 1 执行。"
        return Meant(command, rest, answer=Reply(text))

    def _choice(self, found: list[tuple[Command, str]], rest: str) -> Meant:
        orders = [f"{word} {clean(rest)}".strip() for _, word in found]
        keep_list(self.context, "{}", orders)
        lines = [f"{at}. {harmless(order)}" for at, order in enumerate(orders, 1)]
        answer = Reply("\n".join(["您是要办哪一项？请回复序号：", *lines]))
        return Meant(found[0][0], rest, answer=answer)

    def _fits(self, rest: str) -> bool:
        """Whether *rest* begins with something that commands speak of."""
        plain = normalise(rest[:_LOOKED_AT]).strip()
        if goes_on_talking(plain):
            return False
        if _NUMBER.match(plain) or _CODE.match(plain):
            return True
        return any(
            head in _ALL or round_called(head, self.context.today) is not None or self._near(head)
            for head in self._heads(plain)
        )

    def _fits_exactly(self, rest: str) -> bool:
        """Whether *rest* is nothing but the name, number or period of something."""
        if len(rest) > _LOOKED_AT:
            return False
        plain = normalise(rest).strip()
        if plain in _ALL or round_called(plain, self.context.today) is not None:
            return True
        match = _NUMBER.match(plain)
        if match is not None and not command_key(plain[match.end() :]):
            return True
        found = self._found(plain)
        if found.candidates and found.candidates[0].score >= EXACT:
            return True
        best = found.best
        return best is not None and best.how is not How.NUMBER and len(command_key(plain)) > 2

    def _heads(self, plain: str) -> Iterator[str]:
        yield from dict.fromkeys(
            head.strip('【[（(“"')
            for head in (plain, re.split(r"[\s,，。:：;；]", plain)[0], _DIGIT.split(plain)[0])
            if head.strip()
        )

    def _near(self, head: str) -> bool:
        likely = [each for each in self._found(head).candidates if each.score >= ACCEPT]
        return any(each.how is not How.NUMBER or each.score >= EXACT for each in likely)

    def _found(self, query: str) -> Match:
        return find(query, self._names)

    @cached_property
    def _subjects(self) -> list[Subject]:
        return all_subjects(self.context, self.context.programmes)

    @cached_property
    def _names(self) -> list[Name]:
        return [named_as(str(at), each) for at, each in enumerate(self._subjects)]


def _ends_of_syllables(text: str) -> list[int]:
    """Where each of the words in letters ends that *text* begins with, or the first one does."""
    if half := _HALF_SPELLED.match(text):
        return [half.end()]
    ends: list[int] = []
    place = 0
    while len(ends) < _MOST_SYLLABLES and (found := _LETTERS.match(text, place)):
        ends.append(found.end())
        between = _BETWEEN.match(text, found.end())
        place = between.end() if between else found.end()
    return ends
