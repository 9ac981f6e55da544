"""`python -m negograph` is the command `negograph`."""

from negograph.cli import main

main(prog_name="negograph")
