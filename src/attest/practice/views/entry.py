"""Pages that a link from a message opens: an invitation, and the way back for who lost their second step.

Opening a link changes nothing, because servers that look through mail open every link; only pressing a button does.
"""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from attest.core.access import public
from attest.core.logins import throttling
from attest.core.models import User
from attest.practice import actions
from attest.practice.entry import Invitation
from attest.practice.form_page import SeeOther, tell, typed
from attest.practice.forms import AcceptForm, OwnPasswordForm
from attest.practice.refusal import Refused

GONE = 410


@public
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """An invitation: who invites where, and what there is to do to accept it."""
    found = actions.invitation_of(token)
    if found is None:
        return _no_such_link(request)
    if not found.open or found.expired:
        return render(request, "practice/entry/invitation_gone.html", {"invitation": found}, status=GONE)
    if request.method == "POST" and (stopped := throttling.too_often(request, "link")):
        return stopped
    context: dict[str, Any] = {"invitation": found, "login_url": _login(request)}
    if request.user.is_authenticated:
        context["mine"] = request.user.get_username() == found.email
        if request.method == "POST" and context["mine"]:
            return _accept_as_known(request, found)
        return render(request, "practice/entry/invitation_known.html", context)
    if User.objects.filter(email=found.email).exists():
        return render(request, "practice/entry/invitation_sign_in.html", context)
    return _accept_as_new(request, found, context)


def _accept_as_known(request: HttpRequest, found: Invitation) -> HttpResponseBase:
    assert isinstance(request.user, User)
    try:
        actions.accept_as_known(invitation=found, user=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.sentences.values()))
        return HttpResponseRedirect(request.path)
    messages.success(request, f"You are a member of {found.organization.name} now.")
    return SeeOther(reverse("workspace:calendar", args=[found.organization.slug]))


def _accept_as_new(request: HttpRequest, found: Invitation, context: dict[str, Any]) -> HttpResponseBase:
    form = AcceptForm(typed(request), initial={"name": found.name})
    if form.is_bound and form.is_valid():
        try:
            member = actions.accept_as_new(invitation=found, **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"Welcome to {found.organization.name}.")
            login = Login(user=member.user, email=member.user.email)
            answer: HttpResponse = perform_password_login(request, {"email": member.user.email}, login)
            return answer
    context["form"] = form
    return render(
        request, "practice/entry/invitation_new.html", context, status=422 if form.is_bound else 200
    )


@public
def recovery_confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """The person whose second step is lost confirms it, with their password."""
    found = actions.recovery_by(token)
    if found is None:
        return _no_such_link(request)
    context: dict[str, Any] = {"recovery": found, "zone": found.organization.zone}
    if not found.open or found.confirmed_at is not None:
        return render(request, "practice/entry/recovery_stands.html", context)
    form = OwnPasswordForm(typed(request))
    if form.is_bound and (
        stopped := throttling.too_often(request, "unlock", key=f"recovery {found.user_id}")
    ):
        return stopped
    if form.is_bound and form.is_valid():
        try:
            actions.confirm_recovery(recovery=found, request=request, **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            return SeeOther(request.path)
    context["form"] = form
    return render(
        request, "practice/entry/recovery_confirm.html", context, status=422 if form.is_bound else 200
    )


@public
def recovery_stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whoever was told of it stops it, with one press and without signing in."""
    found = actions.recovery_to_stop(token)
    if found is None:
        return _no_such_link(request)
    context: dict[str, Any] = {"recovery": found, "zone": found.organization.zone}
    if not found.open:
        return render(request, "practice/entry/recovery_stands.html", context)
    if request.method == "POST":
        if stopped := throttling.too_often(request, "link"):
            return stopped
        try:
            actions.stop_recovery(recovery=found, by=None)
        except Refused as refusal:
            messages.error(request, " ".join(refusal.sentences.values()))
        return SeeOther(request.path)
    return render(request, "practice/entry/recovery_stop.html", context)


def _no_such_link(request: HttpRequest) -> HttpResponse:
    return render(request, "practice/entry/no_such_link.html", status=404)


def _login(request: HttpRequest) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': request.path})}"
