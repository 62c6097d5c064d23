"""The work that the scenarios let be done: write one line, slowly enough to be caught in the middle."""

import random
import time
from uuid import UUID

from attest.core import audit, work

KIND = "faults.mark"


@work.handler(KIND)
def mark(row_id: UUID) -> None:
    """Leave one audit event for the row. Two events for one row mean that the work was done twice."""
    time.sleep(random.uniform(0, 0.01))
    audit.record(KIND, subject_type="fault", subject_id=row_id, by=None)
    time.sleep(random.uniform(0, 0.01))
