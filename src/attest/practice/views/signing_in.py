"""How the practice's people sign in: what counts as the second factor."""

from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse

from attest.core.access import MemberRequest, access
from attest.core.logins.practices import known_providers
from attest.practice import actions
from attest.practice.fields import PlainForm
from attest.practice.form_page import form_page, typed

OWN = "-"
"""Chosen where nobody else does it; no identity provider has this id."""


class SecondFactorForm(PlainForm):
    """Who asks for the second factor: the product, or one of the installation's identity providers."""

    identity_provider = forms.ChoiceField(label="second factor", widget=forms.RadioSelect, choices=[])

    def __init__(self, *args: Any, chosen: str, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["identity_provider"]
        assert isinstance(field, forms.ChoiceField)
        field.initial = chosen or OWN
        field.choices = [
            (OWN, "Everybody sets up their own: a passkey or an authenticator app"),
            *(
                (id, f"{name} asks for it: who signs in there needs no other")
                for id, name in known_providers()
            ),
        ]


@access("settings.edit")
def signing_in(request: MemberRequest) -> HttpResponseBase:
    """Say whether an identity provider does the second factor for the practice's members."""
    practice = request.practice

    def save(values: dict[str, Any]) -> None:
        chosen = values["identity_provider"]
        actions.update_organization(
            organization=practice,
            by=request.member.user_id,
            identity_provider="" if chosen == OWN else chosen,
        )

    return form_page(
        request,
        SecondFactorForm(typed(request), chosen=practice.identity_provider),
        save,
        title="Signing in",
        then=reverse("practice:settings", args=[practice.slug]),
        said="Saved. It counts from the next sign-in on.",
        lead="Nobody opens a chart by a password alone. Leave the second factor to an identity provider only when it"
        " asks for one itself, of everybody.",
    )
