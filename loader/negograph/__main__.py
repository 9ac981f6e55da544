"""The command `negograph`, also as `python -m negograph`."""

import sys


def run() -> None:
    """Run the command; an interrupt while it loads ends it quietly, as one while it works does."""
    try:
        from negograph.cli import main
    except KeyboardInterrupt:
        sys.exit("Aborted!")
    main(prog_name="negograph")


if __name__ == "__main__":
    run()
