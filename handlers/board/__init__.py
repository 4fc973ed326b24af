"""What the pages of a programme's board say, as plain data; `bot/board.py` only lays it out."""
