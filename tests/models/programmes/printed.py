"""What source documents print, as tables under tests/data/programmes."""

from pathlib import Path

TABLES = Path(__file__).parents[2] / "data" / "programmes"


def printed_lines(table: str) -> list[str]:
    """The lines of a table, without its comments."""
    text = (TABLES / f"{table}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
