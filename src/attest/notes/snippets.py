"""The page of one's own snippets."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from attest.core.access import MemberRequest, access
from attest.notes import actions
from attest.notes.models import Snippet
from attest.notes.queries import snippets_of
from attest.practice.fields import PlainForm
from attest.practice.form_page import SeeOther, form_page, typed


class SnippetForm(PlainForm):
    """A name and the words."""

    name = forms.CharField(max_length=40, help_text="How you find it: sleep, safety plan, next time.")
    text = forms.CharField(
        max_length=actions.LONGEST_SNIPPET,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Put into the note where the cursor stands. Nothing about one client: each note needs its own words.",
    )


def own_snippets(request: MemberRequest) -> QuerySet[Snippet]:
    """Those of the member, who is a provider."""
    return snippets_of(request.practice.pk, request.member.provider_id)


@access("snippet.edit")
@require_GET
def snippets(request: MemberRequest) -> HttpResponse:
    """All of them."""
    return TemplateResponse(request, "notes/snippets.html", {"snippets": own_snippets(request)})


@access("snippet.edit")
def snippet_new(request: MemberRequest) -> HttpResponseBase:
    """Keep another one."""
    return _form(request, None)


@access("snippet.edit")
def snippet(request: MemberRequest, snippet_id: UUID) -> HttpResponseBase:
    """Change one."""
    return _form(request, get_object_or_404(own_snippets(request), pk=snippet_id))


@access("snippet.edit")
@require_POST
def snippet_gone(request: MemberRequest, snippet_id: UUID) -> HttpResponse:
    """Throw one away."""
    row = get_object_or_404(own_snippets(request), pk=snippet_id)
    actions.throw_away_snippet(snippet=row, by_member=request.member)
    messages.success(request, "The snippet is gone. Notes keep what was put into them.")
    return SeeOther(_home(request))


def _form(request: MemberRequest, row: Snippet | None) -> HttpResponseBase:
    initial = {"name": row.name, "text": row.text} if row else None
    return form_page(
        request,
        SnippetForm(typed(request), initial=initial),
        lambda values: actions.keep_snippet(**values, by_member=request.member, snippet=row),
        title="Change a snippet" if row else "New snippet",
        then=_home(request),
        said="The snippet is kept.",
        template="notes/snippet.html",
        row=row,
    )


def _home(request: MemberRequest) -> str:
    return reverse("notes:snippets", args=[request.practice.slug])
