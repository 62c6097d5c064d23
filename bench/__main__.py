"""`make bench`: measure the product on this machine, print a table and write `bench/latest.json`.

Each other file in this folder is one measurement: a module with `rows()`, named like its main row. A module with
`NEEDS_DATABASE = True` finds a PostgreSQL of its own (durable, as in real use), migrated, and Django ready.
Every module runs in a process of its own. `make bench ONLY=name` measures one.
"""

import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Row = dict[str, Any]
FOLDER = Path(__file__).parent


def measurements() -> list[str]:
    """Names of all measurements, in alphabetical order."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def machine() -> str:
    """This machine in a few words: cores, processor, memory, Python."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {model}, {memory:.0f} GiB, Python {platform.python_version()}"


def measure_here(name: str) -> list[Row]:
    """The rows of one measurement, taken in this process."""
    module = importlib.import_module(f"bench.{name}")
    if getattr(module, "NEEDS_DATABASE", False):
        from attest.cli.database import temporary_product

        with temporary_product():
            found: list[Row] = module.rows()
    else:
        found = module.rows()
    when = datetime.now(UTC).isoformat(timespec="seconds")
    return [{**row, "peers": row.get("peers", {}), "machine": machine(), "when": when} for row in found]


def measure(name: str) -> list[Row]:
    """The rows of one measurement, taken in a process of its own. Raises CalledProcessError when it fails."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
        subprocess.run([sys.executable, "-m", "bench", "--rows", name, file.name], check=True)
        found: list[Row] = json.load(file)
    return found


def table(rows: list[Row]) -> str:
    """The rows for a person, each followed by what it is compared with."""
    lines = [("", "value", "unit", "aim", "")]
    for row in rows:
        verdict = "met" if row["met"] else "NOT MET"
        lines.append((row["name"], number(row["value"]), row["unit"], number(row["aim"]), verdict))
        lines += [(f"  {peer}", number(value), "", "", "") for peer, value in row["peers"].items()]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    right = (False, True, False, True, False)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def number(value: Any) -> str:
    """A figure as a person reads it; anything else as it stands."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
    return "" if value is None else str(value)


def main(arguments: list[str]) -> int:
    """Measure one or all; 0 when every measurement could be taken, whether or not it meets its aim."""
    if arguments[:1] == ["--rows"]:
        rows = measure_here(arguments[1])
        Path(arguments[2]).write_text(json.dumps(rows))
        return 0
    unknown = set(arguments) - set(measurements())
    if unknown:
        print(
            f"There is no measurement {', '.join(sorted(unknown))}. There are: {', '.join(measurements())}."
        )
        return 2
    rows, failed = [], []
    for name in arguments or measurements():
        print(f"Measuring {name} …", flush=True)
        try:
            rows += measure(name)
        except subprocess.CalledProcessError:
            failed.append(name)
    print("\n" + table(rows))
    (FOLDER / "latest.json").write_text(json.dumps(rows, indent=2) + "\n")
    if failed:
        print(f"Could not be measured: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
