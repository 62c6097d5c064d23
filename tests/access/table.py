"""Routes × roles as they were answered: each test writes a column, at the end they make one table."""

import json
import os
from collections import defaultdict
from pathlib import Path

from tests.access.addresses import Address

BUILD = Path(__file__).resolve().parents[2] / ".build"
TABLE = BUILD / "routes.txt"
PARTS = Path(os.environ["ATTEST_TEST_HOME"]) / "routes"
"""All processes of a run write here; another run has a folder of its own."""
ORDER = ("provider", "admin", "biller", "support", "auditor", "client", "elsewhere", "nobody")


class Column:
    """What one kind of person was answered at each address: `200` to looking, `200·422` to looking and sending."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.answers: dict[str, dict[str, str]] = defaultdict(dict)

    def note(self, address: Address, method: str, status: int) -> None:
        self.answers[f"/{address.route}|{address.access}"][method] = str(status)

    def save(self) -> None:
        PARTS.mkdir(parents=True, exist_ok=True)
        cells = {
            key: "·".join(dict.fromkeys(said[method] for method in ("get", "post") if method in said))
            for key, said in self.answers.items()
        }
        (PARTS / f"{self.who}.{os.getpid()}.json").write_text(json.dumps(cells))


def put_together() -> str:
    """Write `.build/routes.txt` from the columns. Returns a sentence about it; empty when there are none."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for part in sorted(PARTS.glob("*.json")):
        for key, cell in json.loads(part.read_text()).items():
            found[key][part.name.partition(".")[0]] = cell
    if not found:
        return ""
    people = [who for who in ORDER if any(who in cells for cells in found.values())]
    rows = [
        [*key.split("|"), *(cells.get(who, "") for who in people)] for key, cells in sorted(found.items())
    ]
    table = [["address", "right", *people], *rows]
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    BUILD.mkdir(exist_ok=True)
    TABLE.write_text("\n".join(line.rstrip() for line in lines) + "\n")
    return f"{len(rows)} addresses × {len(people)} kinds of people: {TABLE.relative_to(BUILD.parent)}"
