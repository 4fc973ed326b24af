"""The longest messages of one thing over and over, answered whole by dispatch."""

import re
import tempfile
import time

from handlers.reading.limits import LONGEST, MOST_NUMBERS
from handlers.reading.normalise import normalise
from models.db import open_database
from models.schema import migrate
from tests.bench.result import Result
from tests.talk import Talk

#: What people, tables and phones repeat, and what takes most work to see through.
SHAPES = (
    " ", "\t", "\n", "\u3000", " \n", " \u200b", "\t\n", "½", "½[", "1", "1 ", "\t1", "1个、",
    "、", "。", "第", "的", "a", "a\n", "措施：做。", "图1 安装；", "7月1日", "吉首市 5个，",
    "占1%", "1亿元", "其中吉首市1个,", "州1-7 5个 ", "“1个", "\ufdfa",
)  # fmt: skip
POLICE = "州公安局联络员"
TASK = "报送 州1-7\n"
LIMIT = 500
_NUMBER = re.compile(r"\d+")


def measure() -> list[Result]:
    """Processor milliseconds for the slowest answer, beside one to a single line."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db")
        migrate(database)
        talk = Talk(database)
        try:
            floor = _milliseconds(talk, f"{TASK}完成数：1900个")
            worst = max(_milliseconds(talk, text) for text in dense())
        finally:
            database.dispose()
    name = f"answer to {LONGEST} dense characters"
    return [Result(name, worst, "ms", LIMIT, floor, "answer to one line")]


def dense() -> list[str]:
    """Each shape as long as may be said, and as long as there are not too many numbers in it."""
    room = LONGEST - len(TASK) - 1
    fewer = (shape * int((MOST_NUMBERS - 3) / _numbers(shape)) for shape in SHAPES)
    long = [(shape * room)[:room] for shape in SHAPES]
    return [f"{TASK}{text[:room]}1" for text in dict.fromkeys((*long, *fewer))]


def _numbers(shape: str) -> float:
    """How many numbers each repetition adds, at least so many that the text fits."""
    repeated = normalise(shape * 100)
    return max(len(_NUMBER.findall(repeated)) / 100, MOST_NUMBERS / LONGEST)


def _milliseconds(talk: Talk, text: str) -> float:
    """The least of two, since what other work of the machine costs is not the answer's."""
    return min(_once(talk, text) for _ in range(2))


def _once(talk: Talk, text: str) -> float:
    begun = time.process_time()
    talk.say(POLICE, text)
    spent = (time.process_time() - begun) * 1000
    talk.say(POLICE, "取消 全部")
    return spent
