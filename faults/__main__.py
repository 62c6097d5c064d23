"""`make faults`: break the product on purpose while it works, and count what was lost or done twice.

Each scenario is a module here with `run() -> bool`, which prints its result in one last line.
`make faults ONLY=name` runs one.
"""

import importlib
import sys
from pathlib import Path

SCENARIOS = ("work",)


def main(arguments: list[str]) -> int:
    """Run the named scenarios, or all; 0 when nothing was lost and nothing was done twice."""
    unknown = set(arguments) - set(SCENARIOS)
    if unknown:
        print(f"There is no scenario {', '.join(sorted(unknown))}. There are: {', '.join(SCENARIOS)}.")
        return 2
    passed = [importlib.import_module(f"faults.{name}").run() for name in arguments or SCENARIOS]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    sys.exit(main(sys.argv[1:]))
