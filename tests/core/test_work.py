"""Work that is due is done once, in its organization, or not at all."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from attest.core import audit, clock, work
from attest.core.models import AuditEvent, WorkItem
from attest.core.walls import current_organization, inside

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 17, tzinfo=UTC)
failures: list[UUID] = []


@work.handler("test.note_it")
def note_it(row_id: UUID) -> None:
    audit.record("test.done", subject_type="test", subject_id=row_id, by=None)
    if row_id in failures:
        raise RuntimeError("not now")


@pytest.fixture
def organization() -> UUID:
    return uuid4()


def done(organization: UUID) -> list[UUID | None]:
    with inside(organization):
        return list(AuditEvent.objects.filter(kind="test.done").values_list("subject_id", flat=True))


def test_work_is_done_when_due_and_not_before(organization: UUID) -> None:
    row = uuid4()
    with inside(organization):
        work.schedule("test.note_it", row, at=NOON)
    with clock.at(NOON - timedelta(seconds=1)):
        assert work.sweep() == 0
    with clock.at(NOON):
        assert work.sweep() == 1
        assert work.sweep() == 0
    assert done(organization) == [row]


def test_work_of_an_undone_transaction_never_happens(organization: UUID) -> None:
    with pytest.raises(RuntimeError), inside(organization):
        work.schedule("test.note_it", uuid4(), at=NOON)
        raise RuntimeError
    with clock.at(NOON):
        assert work.sweep() == 0


def test_a_failing_handler_leaves_nothing_behind_and_is_tried_again_later(organization: UUID) -> None:
    row = uuid4()
    with inside(organization):
        item = work.schedule("test.note_it", row, at=NOON)
    failures.append(row)
    with clock.at(NOON):
        assert work.sweep() == 0
    failures.clear()
    assert done(organization) == []
    item = WorkItem.objects.get(pk=item.pk)
    assert (item.attempts, item.problem) == (1, "RuntimeError")
    with clock.at(NOON + timedelta(hours=1)):
        assert work.sweep() == 1
    assert done(organization) == [row]


def test_one_failing_piece_does_not_hold_up_the_others(organization: UUID) -> None:
    bad, good = uuid4(), uuid4()
    with inside(organization):
        work.schedule("test.note_it", bad, at=NOON - timedelta(minutes=5))
        work.schedule("test.note_it", good, at=NOON)
    failures.append(bad)
    with clock.at(NOON):
        assert work.sweep() == 1
    failures.clear()
    assert done(organization) == [good]


def test_dropped_work_is_not_done(organization: UUID) -> None:
    row = uuid4()
    with inside(organization):
        work.schedule("test.note_it", row, at=NOON)
        work.drop("test.note_it", row)
    with clock.at(NOON):
        assert work.sweep() == 0


def test_each_piece_sees_its_own_organization() -> None:
    places: dict[UUID, UUID] = {}

    def remember(row_id: UUID) -> None:
        places[row_id] = current_organization()

    work.handler("test.where")(remember)
    wanted = {uuid4(): uuid4() for _ in range(3)}
    for row, organization in wanted.items():
        with inside(organization):
            work.schedule("test.where", row, at=NOON)
    with clock.at(NOON):
        assert work.sweep() == 3
    assert places == wanted


def test_work_now_is_in_the_queue_with_ids_only(organization: UUID) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    row = uuid4()
    with inside(organization):
        item = work.enqueue("test.note_it", row)
    job = ProcrastinateJob.objects.get(task_name="attest.run_item")
    assert job.args == {"item_id": str(item.pk)}
    assert work.run(item.pk)
    assert not work.run(item.pk)
    assert done(organization) == [row]


def test_work_nobody_handles_is_refused(organization: UUID) -> None:
    with pytest.raises(LookupError), inside(organization):
        work.schedule("test.unknown", uuid4(), at=NOON)
