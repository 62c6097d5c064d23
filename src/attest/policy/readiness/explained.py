"""For each roadblock: who must act, where it is mended, and the paragraph behind "What is this?"."""

from collections.abc import Mapping
from types import MappingProxyType

from .explained_people import PEOPLE, WARNINGS
from .explained_session import SESSION
from .roadblock import Explained, Roadblock, RoadblockCode, Severity

EXPLAINED: Mapping[RoadblockCode, Explained] = MappingProxyType({**SESSION, **PEOPLE, **WARNINGS})


def roadblock(code: RoadblockCode, sentence: str, *, only_warns: bool = False) -> Roadblock:
    """The roadblock of that code with its sentence; everything else comes from the tables.

    Codes of the table of warnings only ever warn; `only_warns` softens one that usually blocks.
    """
    known = EXPLAINED[code]
    severity = Severity.WARNS if only_warns or code in WARNINGS else Severity.BLOCKS
    return Roadblock(code, sentence, known.owner, severity, known.fix, known.what)
