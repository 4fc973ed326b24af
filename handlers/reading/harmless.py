"""What people wrote, made harmless before it is put into an answer."""

from models.rules.plain import inert


def harmless(text: str) -> str:
    """What a person wrote, in one line, so that it mentions nobody, links nowhere, formats nothing.

    Every word is made inert when it is owed; here it can also begin no line and no heading.
    """
    return inert(" ".join(text.split())).replace("#", "＃")


def shown(text: str, most: int) -> str:
    """What a person wrote, harmless, in no more than *most* characters; …… stands for the rest."""
    plain = harmless(text)
    return f"{plain[:most]}……" if len(plain) > most else plain
