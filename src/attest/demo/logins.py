"""The demo's logins: printed at the start and written to `demo.json`. They exist only in the demo."""

from attest.demo.people import PASSWORD, PROVIDERS, STAFF


def logins() -> list[dict[str, str]]:
    """One entry for each role: role, name, email, password."""
    providers = [
        {
            "role": "Provider",
            "name": f"{p.first} {p.last}, {p.credentials}",
            "email": p.email,
            "password": PASSWORD,
        }
        for p in PROVIDERS
    ]
    staff = [
        {"role": role, "name": name, "email": email, "password": PASSWORD} for role, name, email, _ in STAFF
    ]
    return providers + staff
