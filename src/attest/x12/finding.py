"""What a check has to say about one place of a file."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is: an ERROR gets a file or claim rejected, a WARNING may."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file, in words a biller understands.

    `code` is stable and made for programs (`npi-check-digit`), `sentence` says what is wrong and what to do,
    `segment_no` counts the segments of the whole file from 1 (0: the file itself), `where` names the claim,
    line or loop. Sentences may quote the value at fault: findings belong on a biller's screen, not in a log.
    """

    code: str
    sentence: str
    segment_no: int
    where: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        place = f"segment {self.segment_no}" if self.segment_no else "file"
        return f"{self.severity}: {place}, {self.where}: {self.sentence} [{self.code}]"
