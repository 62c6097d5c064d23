"""The rules of confirming and billing a session, as pure functions over plain values.

Nothing here reads a clock, a file or a database: the caller passes `now` and every fact.
Instants are aware datetimes (converted to UTC before any arithmetic) beside an IANA zone name;
money is integer cents. Where to look:

- `record`: every number of these rules and its default, and how far a practice may tighten it
- `deadlines`: date of service, confirm and edit windows, signature due, billing day, filing limit
- `minutes`: actual minutes, and the service code they suggest · `coding`: pairs, add-ons, diagnoses
- `payer`: what differs by payer, as dated rows · `place`: place of service and modifiers
- `pricing`: the client's share · `release`: when a claim may leave
- `readiness`: everything that stands between a session and its confirmation, all at once
- `note_checks`: what a note still needs before it can be signed · `chips`: one word for a session's state
"""
