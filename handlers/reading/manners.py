"""Words that are only polite: they may stand beside an order or a correction, and say nothing."""

#: Said before or in the middle of what is wanted.
POLITE = "不好意思|对不起|抱歉|麻烦|请|帮我?|给我|一下|谢谢"
#: A message, or a piece of one between two marks, that says no more than this.
THANKS = frozenset("谢谢 多谢 辛苦了 谢谢您 请确认 请审核 吧".split())
