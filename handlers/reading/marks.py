"""The marks at which readers cut normalised text: one list of each for all of them."""

import re

#: Where a sentence ends.
SENTENCE_END = re.compile(r"[。!?\n]")
#: Where a clause ends within its sentence.
CLAUSE_END = re.compile(r"[,;]")
#: Where any piece of a sentence ends: a clause, what a colon announces, the sentence itself.
BREAK = re.compile(r"[,;:。!?\n]")
#: What parts a name from what is said of it, in text as written.
GAP = re.compile(r"[\s:：,，;；]+")
#: What of a set of characters is an emoji; the sign that follows one is among them.
EMOJI = r"\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f"
