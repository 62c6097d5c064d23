"""Notes: templates as data, drafts, the one signed version, signatures, addenda, and the plans they put in force."""

from functools import lru_cache

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from attest.calendar.models import Session
from attest.clients.models import Client
from attest.core import clock
from attest.core.files import StoredFile
from attest.notes.definition import Definition
from attest.notes.signed import ALGORITHM
from attest.practice.models import Provider
from attest.practice.records import Record, link


class NoteTemplate(Record):
    """A version of a note template: sections and fields as data. Only grows: a change is a new version."""

    key = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60)
    definition = models.JSONField()
    own = models.BooleanField("the practice's own", default=False)
    based_on = models.SlugField(
        max_length=40, blank=True, default="", help_text="Key of what it was copied from."
    )
    made_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "key", "version"], name="template_version_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def parsed(self) -> Definition:
        """The definition, read once a process: a row never changes."""
        return _parsed(self)


@lru_cache(maxsize=512)
def _parsed(template: NoteTemplate) -> Definition:
    return Definition.parse(template.definition)


class TemplatePlace(Record):
    """Where a practice has put a template in its list, and whether it is hidden there. Without a row: where it came."""

    key = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    hidden = models.BooleanField(default=False)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "key"], name="template_place_once"),
        ]


class Note(Record):
    """A note while it is written and after: of one session of the client, or about the client without a session.

    At most one that was not discarded a session. Only a draft changes; the database refuses to change a signed or
    discarded one, and to delete any; and it holds that the session is the client's.
    """

    client = link(Client, related_name="notes")
    session = link(Session, null=True, related_name="notes")
    author = link(Provider)
    template = link(NoteTemplate)
    state = models.CharField(
        max_length=9,
        default="draft",
        choices=[("draft", "Draft"), ("signed", "Signed"), ("discarded", "Discarded")],
    )
    content = models.JSONField(default=dict)
    late_reason = models.CharField(max_length=300, blank=True, default="")
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)
    discarded_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "session"], name="note_one_a_session", condition=~Q(state="discarded")
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "session"], name="note_session"),
            models.Index(fields=["organization", "author", "state"], name="note_author_state"),
            models.Index(fields=["organization", "session"], name="note_draft", condition=Q(state="draft")),
            models.Index(fields=["organization", "client", "created_at"], name="note_client"),
        ]


class NoteVersion(Record):
    """The signed version of a note: header facts and content as they were on the screen. Only grows; one a note."""

    note = link(Note, related_name="versions")
    template = link(NoteTemplate)
    header = models.JSONField()
    content = models.JSONField()
    attestation = models.TextField()
    signed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    late = models.BooleanField()
    late_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "note"], name="note_version_one"),
            models.CheckConstraint(
                name="note_version_late_reason", condition=Q(late=False) | ~Q(late_reason="")
            ),
        ]


class Addendum(Record):
    """Something added to a signed note later: an addendum, a correction or a late entry. Only grows."""

    note = link(Note, related_name="addenda")
    kind = models.CharField(
        max_length=10,
        choices=[("addendum", "Addendum"), ("correction", "Correction"), ("late_entry", "Late entry")],
    )
    reason = models.CharField(max_length=300)
    text = models.TextField()
    author = link(Provider)
    signed_at = models.DateTimeField(default=clock.now)

    class Meta(Record.Meta):
        indexes = [models.Index(fields=["organization", "note"], name="addendum_note")]


class Signature(Record):
    """A provider's signature over a note version or an addendum, chained to the author's previous one. Only grows.

    `signature` is made by the practice's key `key_id` over the digest.
    """

    signer = link(Provider, related_name="signatures")
    user_id = models.UUIDField()
    signed_as = models.CharField(max_length=130, help_text="Name and credentials at that moment.")
    version = link(NoteVersion, null=True, related_name="signatures")
    addendum = link(Addendum, null=True, related_name="signatures")
    number = models.PositiveIntegerField()
    algorithm = models.CharField(max_length=20, default=ALGORITHM)
    digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True, default="")
    key_id = models.UUIDField()
    signature = models.BinaryField()
    signed_at = models.DateTimeField()
    proof_at = models.DateTimeField()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "signer", "number"], name="signature_chain"),
            models.CheckConstraint(
                name="signature_of_one_thing",
                condition=Q(version__isnull=True, addendum__isnull=False)
                | Q(version__isnull=False, addendum__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["organization", "version"], name="signature_version")]


class TreatmentPlan(Record):
    """A client's treatment plan, made by signing its note. Of a client at most one is in force on any day.

    `until` is the first day on which it is no longer in force, None while nothing ends it; equal to `starts_on` when
    another replaced it before it began. Only `until` ever changes.
    """

    client = link(Client, related_name="treatment_plans")
    version = link(NoteVersion, related_name="treatment_plans")
    starts_on = models.DateField()
    until = models.DateField(null=True)
    review_on = models.DateField()
    diagnoses = models.JSONField(default=list, help_text="Code and label of each, as when it was signed.")
    problem = models.TextField()
    therapy_type = models.TextField()
    session_length = models.TextField()
    session_frequency = models.TextField()
    duration = models.TextField()
    agreement = models.CharField(max_length=10)
    agreed_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "version"], name="plan_of_one_version"),
            models.CheckConstraint(
                name="plan_ends_after_start", condition=Q(until=None) | Q(until__gte=F("starts_on"))
            ),
            ExclusionConstraint(
                name="plan_one_in_force",
                expressions=[
                    (F("organization"), RangeOperators.EQUAL),
                    (F("client"), RangeOperators.EQUAL),
                    (Func(F("starts_on"), F("until"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "client", "starts_on"], name="plan_client"),
            models.Index(fields=["organization", "review_on"], name="plan_review", condition=Q(until=None)),
        ]


class PlanGoal(Record):
    """A goal of a treatment plan, as its note says. Only grows."""

    plan = link(TreatmentPlan, related_name="goals")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    measure = models.TextField(blank=True, default="")
    objective = models.TextField(blank=True, default="")
    interventions = models.TextField(blank=True, default="")
    frequency = models.TextField(blank=True, default="")
    state = models.CharField(
        max_length=8,
        choices=[
            ("open", "Being worked on"),
            ("met", "Met"),
            ("changed", "Changed"),
            ("stopped", "Given up"),
        ],
    )

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "plan", "position"], name="plan_goal_once"),
        ]


class UploadedNote(Record):
    """A note written outside and handed in as a file. At most one that was not withdrawn a session.

    Who wrote it and the date it was signed are declared by the person who hands it in. Only `withdrawn_at` and
    `withdrawn_reason` ever change, once; the database refuses everything else.
    """

    session = link(Session, related_name="uploads")
    file = link(StoredFile)
    author = models.CharField(max_length=100)
    signed_on = models.DateField()
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.UUIDField()
    scanned = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "session"],
                name="upload_one_a_session",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="upload_has_author", condition=~Q(author="")),
            models.CheckConstraint(
                name="upload_withdrawn_for_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
            ),
        ]


class Snippet(Record):
    """A few words of a provider's own, to be put into a note where the cursor stands. Never about one client."""

    owner = link(Provider, related_name="snippets")
    name = models.CharField(max_length=40)
    text = models.TextField(max_length=2000)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(fields=["organization", "owner", "name"], name="snippet_name_once"),
        ]
