"""Whether a platform knows the people of the roster, before anything is owed to them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

from bot.findings import Found, Level
from models.errors import DeliveryError

#: More people are not asked after, one call each.
MOST_PEOPLE = 100
_AT_ONCE = 4
_SHOWN = 5


@dataclass(frozen=True)
class Wrong:
    """Codes that a platform answers for somebody, what they say of *{count}* people, what to do.

    *is_general*: it says nothing of the person, and nobody else is asked after.
    """

    codes: Collection[int | str]
    about: str
    advice: str
    is_general: bool = False


def check_people(
    check: str, accounts: Sequence[str], ask: Callable[[str], object], wrongs: Sequence[Wrong]
) -> Iterator[Found]:
    """Whom of the roster the app would not reach; *ask* raises DeliveryError for such a one."""
    asked, is_over = accounts[:MOST_PEOPLE], Event()
    ends = {code for each in wrongs if each.is_general for code in each.codes}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        codes = list(pool.map(lambda account: _code_of(ask, account, ends, is_over), asked))
    for wrong in wrongs:
        found = [who for who, code in zip(asked, codes, strict=True) if code in wrong.codes]
        if found:
            about = wrong.about.format(count=len(found))
            named = "" if wrong.is_general else f"：{_some(found)}"
            yield Found(check, Level.WARN, about + named, wrong.advice)
    if reached := codes.count(0):
        rest = f"（只查了前{MOST_PEOPLE}人）" if len(accounts) > MOST_PEOPLE else ""
        yield Found(check, Level.OK, f"名册上有{reached}人能够送达{rest}")


def _code_of(
    ask: Callable[[str], object], account: str, ends: Collection[int | str], is_over: Event
) -> int | str:
    """0 for a person who is reached; once a call got no answer nobody waits for another."""
    if is_over.is_set():
        return -1
    try:
        ask(account)
    except DeliveryError as error:
        if not error.code or error.code in ends:
            is_over.set()
        return error.code or -1
    return 0


def _some(accounts: Sequence[str]) -> str:
    more = "等" if len(accounts) > _SHOWN else ""
    return "、".join(accounts[:_SHOWN]) + more
