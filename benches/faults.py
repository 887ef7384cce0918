"""Do about forty things that go wrong to the public site under load, and print what readers met.

usage: faults.py [WORDS]     as root, with nginx and libfaketime; those whose name holds one of the words; ten minutes

Without words the table is written to docs/operations.md. Exits 1 where the site did not get well by itself, or a fault
did not come to what it should.
"""

import os
import sys

from fault_kinds import FAULTS
from faulty_site import PATIENCE, Outcome, faulty_site
from serving import ROOT

GUIDE = ROOT / "docs/operations.md"
BEGIN, END = "<!-- faults: written by make faults -->\n", "<!-- end of faults -->\n"


def row(name: str, outcome: Outcome) -> str:
    """Return a line of the table."""
    well = f"for ever (tried for {PATIENCE:.0f} s)" if outcome.seconds is None else f"{outcome.seconds:.1f} s"
    return f"| {name} | {outcome.failed} of {outcome.asked:,} | {well if outcome.failed else 'at once'} |"


def main() -> int:
    """Print the table; return 1 where a fault was not overcome."""
    if os.geteuid():
        raise SystemExit("a disk that may be filled needs root: sudo make faults")
    words = sys.argv[1:] or [""]
    chosen = {name: fault for name, fault in FAULTS.items() if any(word in name for word in words)}
    rows, bad = ["| what happened | requests failed | well again after |", "|---|--:|--:|"], 0
    with faulty_site() as site:
        for name, fault in chosen.items():
            try:
                outcome = site.measure(fault)
                rows.append(row(name, outcome))
                bad += outcome.seconds is None
                print(rows[-1], flush=True)
            except AssertionError as error:
                print(f"{name}: {error}", flush=True)
                bad += 1
            site.restore()
    if len(chosen) == len(FAULTS) and not bad:
        before, rest = GUIDE.read_text("utf-8").split(BEGIN)
        _, after = rest.split(END)
        GUIDE.write_text(f"{before}{BEGIN}" + "\n".join(rows) + f"\n{END}{after}", "utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
