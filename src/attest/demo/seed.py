"""The demo's history, made only by calling the product's own actions under a set clock.

Deterministic from a seed and dated relative to today: eight weeks behind, four ahead, a session in every state.
Breaking one of the product's actions breaks the demo.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings

from attest.calendar import actions as calendar
from attest.calendar.models import Session
from attest.claims import actions as claims
from attest.clients.models import Client
from attest.core import clock, work
from attest.core.audit.sealing import seal as seal_trail
from attest.core.models import DemoClock
from attest.core.walls import inside
from attest.demo import plans
from attest.demo.access import let_in
from attest.demo.cast import Cast, make_cast
from attest.demo.people import DemoClient
from attest.demo.press import press_confirm, write_note
from attest.notes.definition import Values
from attest.policy.deadlines import local_date, resolve_local
from attest.practice.organization import Member, Organization

SEED = 48
WEEKS_BEHIND, WEEKS_AHEAD = 8, 4
TROUBLE_AGO = timedelta(days=16)
"""Since when a few clients have something in the way of confirming."""
SLUG = "quillwater"
Say = Callable[[str], object]


class HalfMade(Exception):
    """Making the demo up was stopped half-way."""


def seed(*, say: Say = print, weeks: int = WEEKS_BEHIND) -> Organization | None:
    """Make up the practice with `weeks` of history up to now. None when it is there already.

    Raises HalfMade when an earlier start was stopped before its history was complete.
    """
    if Organization.objects.filter(slug=SLUG).exists():
        if not DemoClock.objects.exists():
            raise HalfMade(
                "The demo was stopped while it was being made up. Run make demo-reset, then make demo."
            )
        return None
    now = clock.now()
    say("Making up a practice with eight weeks of history …")
    with clock.at(now - timedelta(weeks=weeks, days=4)):
        cast = make_cast()
    History(cast, now, weeks, Random(SEED)).play()
    seal_trail(cast.organization.pk)
    DemoClock.objects.create(shift=timedelta(0))
    say(f"{cast.organization.name} is there: {len(cast.clients)} clients, {len(cast.providers)} providers.")
    return cast.organization


@dataclass(frozen=True, slots=True)
class Appointment:
    """A session of the story and the client it belongs to."""

    session: Session
    who: DemoClient


class History:
    """Plays the weeks day by day: what is booked, held, written, confirmed, forgotten, and what falls due."""

    def __init__(self, cast: Cast, now: datetime, weeks: int, random: Random) -> None:
        self.cast, self.now, self.random = cast, now, random
        self.appointments: list[Appointment] = []
        self.today = local_date(now, cast.organization.zone)
        self.first = self.today - timedelta(weeks=weeks)

    def play(self) -> None:
        """Book everything, then live through each day up to now."""
        first = self.first
        with clock.at(self.now - (self.today - first) - timedelta(days=3)):
            for client, who in self.cast.clients:
                self._book(client, who, first)
        for offset in range((self.today - first).days + 1):
            day = first + timedelta(days=offset)
            self._live(day)
            self._plan(day)

    # -- booking -------------------------------------------------------------------------------------------

    def _book(self, client: Client, who: DemoClient, first: date) -> None:
        weekday, hour, minute = who.slot
        day = first + timedelta(days=(weekday - first.weekday()) % 7)
        if who.special & {"new", "no_forms"}:
            day = self.today + timedelta(days=(weekday - self.today.weekday()) % 7 - 14)
        last = self.today + timedelta(weeks=WEEKS_AHEAD)
        number = 0
        while day <= last:
            if not self._holiday(day):
                self._schedule(client, who, day, time(hour, minute), first_time=number == 0)
            number += 1
            day += timedelta(weeks=who.every)

    @staticmethod
    def _holiday(day: date) -> bool:
        """Thanksgiving and the day after, Christmas, New Year: the practice is closed."""
        thanksgiving = date(day.year, 11, 1) + timedelta(days=(3 - date(day.year, 11, 1).weekday()) % 7 + 21)
        return day in (thanksgiving, thanksgiving + timedelta(days=1)) or (day.month, day.day) in (
            (12, 25),
            (1, 1),
        )

    def _schedule(self, client: Client, who: DemoClient, day: date, at: time, *, first_time: bool) -> None:
        provider = self.cast.providers[who.provider]
        start = resolve_local(day, at, provider.zone).candidates[0]
        kind = "intake" if first_time and who.kind == "individual" else who.kind
        if "crisis" in who.special and self.today - timedelta(days=24) < day <= self.today - timedelta(
            days=17
        ):
            kind = "crisis"
        length = 55 if kind == "intake" else who.minutes
        with inside(self.cast.organization.pk, self.cast.admin_id):
            session = calendar.schedule_session(
                client=client,
                provider=provider,
                starts_at=start,
                ends_at=start + timedelta(minutes=length),
                kind=kind,
                modality=who.modality,
                client_state="PA" if "moved" in who.special and day >= self.today - TROUBLE_AGO else "",
                by=self.cast.admin_id,
            )
        self.appointments.append(Appointment(session, who))

    # -- living --------------------------------------------------------------------------------------------

    def _live(self, day: date) -> None:
        """One day: plans re-verified, sessions held and written up, due work done, claims sent on Mondays."""
        zone = self.cast.organization.zone
        morning = resolve_local(day, time(8, 30), zone).candidates[0]
        with clock.at(min(morning, self.now)):
            if (day - self.first).days % 28 == 0:
                self.cast.verify_plans()
            if day == self.today - TROUBLE_AGO:
                self.cast.trouble()
            let_in(self.cast, (self.today - day).days)
        held = sorted(
            (
                a
                for a in self.appointments
                if local_date(a.session.starts_at, zone) == day and a.session.ends_at <= self.now
            ),
            key=lambda a: a.session.ends_at,
        )
        for appointment in held:
            self._hold(appointment)
        for hour in (9, 21):
            moment = resolve_local(day, time(hour, 5), zone).candidates[0]
            if moment <= self.now:
                with clock.at(moment):
                    work.sweep()
        monday = resolve_local(day, time(10), zone).candidates[0]
        if day.weekday() == 0 and day < self.today - timedelta(days=5):
            with clock.at(monday):
                self._send_claims()

    def _plan(self, day: date) -> None:
        """In the evening: treatment plans after the second session, one in two looked at again when that is due."""
        evening = resolve_local(day, time(19, 30), self.cast.organization.zone).candidates[0]
        if evening > self.now:
            return
        for number, (client, who) in enumerate(self.cast.clients):
            begun = self._plan_day(who)
            if not plans.has_plan(number) or begun > day:
                continue
            member = self.cast.member_of(self.cast.providers[who.provider].pk)
            reviewed = begun + timedelta(days=30) == day and plans.review_in(number) == "days_30"
            if begun == day or (reviewed and number % 2):
                values = plans.plan_content(self.random, number, day)
                if reviewed:
                    values = {key: value for key, value in values.items() if key != "plan_goals"}
                    values["review_in"] = "days_90"
                self._at(evening, self._write_about, client, member, "treatment_plan", values, reviewed)
            elif begun + timedelta(days=9) == day and number % 6 == 2:
                contact: Values = {
                    "contact_on": day.isoformat(), "contact_minutes": "12", "contact_with": "care",
                    "contact_how": "phone", "release": "Release of information signed by the client, on file.",
                    "contact_about": "The physician’s office asked how treatment goes; told with release.",
                    "plan": "They send the last laboratory results.",
                }  # fmt: skip
                self._at(evening, self._write_about, client, member, "contact", contact, False)

    def _plan_day(self, who: DemoClient) -> date:
        """The day of the client's second session in the story; for new ones that is still to come."""
        weekday = who.slot[0]
        first = self.first + timedelta(days=(weekday - self.first.weekday()) % 7)
        if who.special & {"new", "no_forms"}:
            first = self.today + timedelta(days=(weekday - self.today.weekday()) % 7 - 14)
        return first + timedelta(weeks=who.every)

    def _write_about(self, client: Client, member: Member, key: str, values: Values, review: bool) -> None:
        plans.write_about(client, member, key, values, review=review)

    def _send_claims(self) -> None:
        folder = settings.ATTEST_HOME / "claims"
        folder.mkdir(parents=True, exist_ok=True)
        claims.export(organization=self.cast.organization, directory=folder, by=self.cast.biller_id)

    def _hold(self, appointment: Appointment) -> None:
        """What became of one session. The newest ones wait for the viewer."""
        session, who = appointment.session, appointment.who
        ago = (self.today - local_date(session.starts_at, self.cast.organization.zone)).days
        luck = self.random.random()
        ended = session.ends_at
        if luck < 0.03 and ago > 2:
            self._at(session.starts_at - timedelta(hours=20), self._cancel, session)
        elif luck < 0.065 and ago > 1:
            self._at(ended + timedelta(minutes=15), self._not_held, session)
        elif self._blocked(who, ago) or self._lies_about(session, ago, luck):
            self._leave(appointment, ago)
        else:
            late = timedelta(hours=90) if 0.93 < luck < 0.955 and ago > 5 else timedelta(0)
            after = timedelta(minutes=self.random.choice([4, 6, 9, 14, 35, 150])) + late
            if ended + after > self.now:
                return
            self._at(ended + after, self._confirm, appointment, luck, bool(late))

    def _lies_about(self, session: Session, ago: int, luck: float) -> bool:
        """Left unconfirmed for now: all of today, half of yesterday, a few from the weeks before."""
        waiting_day = self.cast.last_workday(self.today)
        day = local_date(session.starts_at, self.cast.organization.zone)
        if day >= waiting_day:
            return ago == 0 or luck > 0.45
        return luck >= 0.955

    def _leave(self, appointment: Appointment, ago: int) -> None:
        """An unconfirmed session: some with a draft, some signed already, some closed after day 30."""
        session = appointment.session
        choice = self.random.random()
        after = session.ends_at + timedelta(minutes=20)
        if after > self.now:
            return
        if choice < 0.25:
            self._at(after, self._draft, appointment)
        elif choice < 0.45:
            self._at(after, self._sign_only, appointment)
        if ago > 31 and choice > 0.3:
            closing = session.ends_at + timedelta(days=32)
            if closing <= self.now:
                self._at(closing, self._close, session)

    def _at(self, moment: datetime, act: Callable[..., None], *arguments: Any) -> None:
        with clock.at(moment), inside(self.cast.organization.pk, self.cast.admin_id):
            act(*arguments)

    # -- acts ----------------------------------------------------------------------------------------------

    def _cancel(self, session: Session) -> None:
        calendar.cancel_session(session_id=session.pk, reason="Client is traveling", by=self.cast.admin_id)

    def _not_held(self, session: Session) -> None:
        calendar.mark_not_held(session_id=session.pk, reason="Client did not come", by=self._user(session))
        if self.random.random() < 0.6:
            who = next(a.who for a in self.appointments if a.session.pk == session.pk)
            session.refresh_from_db(fields=["chip"])
            write_note(self.cast, session, who, self.random, sign=True)

    def _close(self, session: Session) -> None:
        calendar.close_not_billable(
            session_id=session.pk, reason="The plan could not be verified in time", by=self.cast.admin_id
        )

    def _draft(self, appointment: Appointment) -> None:
        write_note(self.cast, appointment.session, appointment.who, self.random, half=True)

    def _sign_only(self, appointment: Appointment) -> None:
        write_note(self.cast, appointment.session, appointment.who, self.random, sign=True)

    def _confirm(self, appointment: Appointment, luck: float, late: bool) -> None:
        path = "template"
        if 0.90 < luck <= 0.915:
            path = "elsewhere"
        elif 0.915 < luck <= 0.93:
            path = "owed"
        press_confirm(self.cast, appointment.session, appointment.who, self.random, path=path, late=late)

    def _user(self, session: Session) -> UUID:
        return self.cast.member_of(session.provider_id).user_id

    @staticmethod
    def _blocked(who: DemoClient, ago: int) -> bool:
        """True while something is in the way of confirming this client's sessions: there is something to mend."""
        if "no_forms" in who.special:
            return True
        lately = {"unverified", "no_card", "no_address", "part2", "moved"}
        return ago <= TROUBLE_AGO.days and bool(who.special & lately)
