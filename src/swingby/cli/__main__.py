"""``python -m swingby.cli``: the same as the command ``swingby``."""

from swingby.cli import main

main(prog_name="swingby")
