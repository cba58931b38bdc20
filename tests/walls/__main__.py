"""Print what walls and good pages come to: `python -m tests.walls`."""

from __future__ import annotations

import sys

from tests.walls import held_out, trial
from tests.walls.good import GOOD
from tests.walls.shells import SITES
from tests.walls.walls import WALLS


def main() -> None:
    """Print a table for each part, and each page with which something is wrong."""
    for part, walls, pages in (("taught", WALLS, GOOD), ("held out", held_out.WALLS, held_out.GOOD)):
        told, wrong = trial.wall_table(walls, SITES), trial.good_table(pages)
        print(f"{part}: {len(walls)} walls before {len(SITES)} sites, {len(pages)} good pages")
        for name, found in told.items():
            print(f"  wall, {name}: {len(found)} of {len(walls) * len(SITES)} told")
        for name, found in wrong.items():
            print(f"  good, {name}: {len(found)} of {len(pages)} accused or not told")
        if "-v" in sys.argv:
            for table in (told, wrong):
                print(*(f"    {name}: {each}" for name, found in table.items() for each in found), sep="\n")


if __name__ == "__main__":
    main()
