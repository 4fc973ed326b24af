"""A bot's answer that grows below its question: how long, how large, its first and last word."""

from datetime import timedelta

from scheduler.routing import Pace

#: What WeCom drops without a word when it is exceeded.
PACES = (Pace(30, timedelta(minutes=1)), Pace(1000, timedelta(hours=1)))
#: An answer grows for six minutes from its question; a little less is counted on.
GROWS = timedelta(minutes=5, seconds=30)
#: After this nobody asks how it goes on.
GONE = timedelta(minutes=6, seconds=30)
#: The whole of it, in UTF-8 bytes.
LONGEST = 20_480
WAIT = "正在办理，请稍候……"
NOTHING = "收到。"
LATER = "仍在办理，办好后另行答复。"
MOVED = "已另发至您的应用消息，请查收。"
MOVED_ASIDE = "已在与您的单聊中答复，请查收。"
#: How such a word left, as the outbox keeps it.
IN_STREAM = "stream"
