"""What a card says once one of its buttons was tapped, on every platform that has cards."""

#: What a button says and sends that was tapped: a courtesy, which is answered with nothing.
TAKEN = "已收到"
_LONGEST = 10


def taken(words: str) -> str:
    """What was chosen, by the label of the button or the words it sent: 已选：通过."""
    first = words.split(" ")[0]
    return TAKEN if first == TAKEN else f"已选：{first}"[:_LONGEST]
