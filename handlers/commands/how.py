"""怎么报: explains how to report a task, or whatever else one is stuck with."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.teaching.teach import taught
from handlers.teaching.topics import is_topic, topic_of
from models.message import Reply


@command(
    "how",
    "怎么报",
    "怎么报送",
    "怎么填",
    "怎么填报",
    "怎么发",
    "怎么改",
    "怎么写",
    "如何报送",
    "如何填报",
    "如何报",
    usage="怎么报 [任务|图片|更正|…]",
    about="不清楚时问用法",
    group=InGroup.MOVE,
    takes_typos=True,
    glued=is_topic,
)
def how(context: Context, rest: str) -> Reply:
    """The template of a task with an example, or the answer on a subject."""
    asked = rest.strip()
    if not asked and topic_of(context.message.text):  # 怎么改 asks by its own word
        asked = context.message.text
    return taught(context, asked)
