"""The one way a page with a form works: shown, sent, refused with sentences, or saved and on to the next page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from attest.practice.refusal import WHOLE, Refused


class SeeOther(HttpResponseRedirect):
    """The answer to a form that was saved: go and look there (303)."""

    status_code = 303


def next_of(request: HttpRequest) -> str:
    """The page to return to that came along as `next`, when it is a path of this site; else empty."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    local = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if local else ""


def onward(request: HttpRequest) -> dict[str, str]:
    """For a page that leads to forms: `next`, and `next_query` for their links, so that the way back survives."""
    back = next_of(request)
    return {"next": back, "next_query": f"?{urlencode({'next': back})}" if back else ""}


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    save: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    then: str,
    said: str,
    template: str = "practice/form.html",
    submit: str = "Save",
    after: Callable[[], str] | None = None,
    **context: Any,
) -> HttpResponseBase:
    """Show the form, or save what was sent.

    `save` gets the cleaned data inside a savepoint; a `Refused` puts its sentences beside the fields, answers 422
    and leaves nothing changed. After saving: on to `next` when it is a path of this site, else to what `after` says,
    else to `then`, which is also the way back without saving.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                save(form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, said)
            return SeeOther(next_of(request) or (after() if after else then))
    shown = {"form": form, "title": title, "back": then, "next": next_of(request), "submit": submit}
    return TemplateResponse(request, template, shown | context, status=422 if form.is_bound else 200)


def tell(form: forms.BaseForm, refusal: Refused) -> None:
    """Put the sentences of a refusal beside the fields they are about."""
    for name, sentence in refusal.sentences.items():
        form.add_error(name if name != WHOLE and name in form.fields else None, sentence)


def typed(request: HttpRequest) -> Any:
    """What was sent, for a bound form; None while the form is only shown."""
    return request.POST if request.method == "POST" else None
