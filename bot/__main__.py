"""`python -m bot` is `dajuan`, where the console script is not installed."""

from bot.cli import main

main()
