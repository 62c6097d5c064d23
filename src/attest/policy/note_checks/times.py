"""Times that always equal the schedule: reviewers read a long row of them as times that nobody looked at."""

from collections.abc import Sequence


def same_as_scheduled_in_a_row(earlier: Sequence[bool], this_one: bool) -> int:
    """How many sessions in a row, this one included, kept the scheduled times to the minute.

    `earlier` is the newest first, True where actual start and stop equalled the schedule.
    """
    if not this_one:
        return 0
    row = 1
    for same in earlier:
        if not same:
            break
        row += 1
    return row
