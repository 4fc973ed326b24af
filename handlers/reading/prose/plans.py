"""The words of plans by what they say; every reader that must know them takes them from here.

Each is a pattern of alternatives. 要, 应, 须, 拟, 将, 计划 and 争取 are plans only before what they
plan: `vocabulary` says where.
"""

#: Work that comes next, as headings and sentences begin.
SOON = "下一?步|下一?阶段|后[期续](?=安排|将|拟|计划|要|工作)"
NEXT = f"{SOON}|接下来|今后"
#: A time to come.
LATER = "明年|下个?月|下季度|届时"
#: What is ordered or wished: a rate named under it later is one that is wanted.
WISHED = "确保(?!了)|力争|力保(?!护)|务必|务求"
#: What somebody expects or has in mind.
EXPECTED = "预计|预期|有望|打算"
#: What has to be.
OWED = "必须|保证(?![金了])"
#: No word of these says anything of what is over.
PLANNED = f"{WISHED}|{EXPECTED}|{OWED}|届时"
#: Those that hold for what follows in their sentence, not for their clause alone.
FAR_REACHING = rf"{NEXT}|{LATER}|{WISHED}|{EXPECTED}|拟|将|争取|目标|年[底末]|^到\d{{4}}年|后$"
#: Those under which even a rate named later is one that is wanted.
WANTED = rf"{NEXT}|{WISHED}|争取|明年|目标|^到\d{{4}}年"
