"""The code picker: every service of the catalogue, and why one cannot be chosen now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .catalogue import Service, ServiceKind
from .minutes import Suggestion, fits
from .record import DEFAULT_POLICY, Policy


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the code picker. `why_not` is a sentence when it cannot be chosen; `warning` one when it
    can but is unusual."""

    service: Service
    can_be_chosen: bool
    why_not: str
    warning: str
    suggested: bool


def choices(
    catalogue: Iterable[Service],
    *,
    spent: int | None,
    suggestion: Suggestion | None = None,
    chosen_kinds: frozenset[ServiceKind] = frozenset(),
    therapy_minutes: int | None = None,
    prescriber: bool = False,
    client_present: bool = True,
    contracted_codes: frozenset[str] | None = None,
    on: date | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> tuple[Choice, ...]:
    """Every service of the catalogue, in its order, with whether it can be chosen now and why not.

    `spent` is None while the times are not known: then minutes rule nothing out. `chosen_kinds` are the
    kinds already on the session, which open the add-ons that go with them.
    """
    suggested = set() if suggestion is None else {suggestion.code, *(a.code for a in suggestion.addons)}
    made = []
    for row in catalogue:
        why_not, warning = _obstacle(row, on, prescriber, contracted_codes, chosen_kinds, client_present), ""
        counted = therapy_minutes if row.counts_therapy_minutes else spent
        if not why_not and counted is not None:
            fit = fits(row, counted, policy=policy)
            why_not, warning = (fit.sentence, "") if fit.blocks else ("", fit.sentence)
        made.append(Choice(row, not why_not, why_not, warning, row.code in suggested))
    return tuple(made)


_NEEDS_CLIENT = frozenset(
    {
        ServiceKind.PSYCHOTHERAPY,
        ServiceKind.PSYCHOTHERAPY_WITH_EM,
        ServiceKind.CRISIS,
        ServiceKind.FAMILY_WITH_CLIENT,
        ServiceKind.GROUP,
    }
)


def presence_problem(service: Service, client_present: bool) -> str:
    """A sentence when the service and the client's presence contradict each other; otherwise empty."""
    if not client_present and service.kind in _NEEDS_CLIENT:
        return f"{service.code} needs the client there for most of the session."
    if client_present and service.kind is ServiceKind.FAMILY_WITHOUT_CLIENT:
        return f"{service.code} is for a session without the client."
    return ""


def _obstacle(
    row: Service,
    on: date | None,
    prescriber: bool,
    contracted_codes: frozenset[str] | None,
    chosen_kinds: frozenset[ServiceKind],
    client_present: bool,
) -> str:
    if on is not None and not row.in_force_on(on):
        return f"{row.code} was not in force on {on:%m/%d/%Y}."
    if row.prescriber_only and not prescriber:
        return f"{row.code} is for prescribers."
    if contracted_codes is not None and row.code not in contracted_codes:
        return f"{row.code} is not in your contract with this plan."
    if row.is_addon and not row.bases & chosen_kinds:
        return f"{row.code} is only added to {row.bases_words}."
    return presence_problem(row, client_present)
