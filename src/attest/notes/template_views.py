"""Settings → Note templates: the list with its order, a template as its writers see it, and the form of an own one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attest.core.access import MemberRequest, access, may
from attest.notes import actions
from attest.notes.definition import BadDefinition, Definition
from attest.notes.editor import ShownField, ShownSection
from attest.notes.models import NoteTemplate, TemplatePlace
from attest.notes.problems import TemplateRefused
from attest.notes.queries import current_templates, template_by_key
from attest.notes.template_form import pressed, sections_of, typed_template
from attest.practice.form_page import SeeOther


@access("settings.view")
@require_GET
def templates(request: MemberRequest) -> HttpResponse:
    """Every template in the practice's order, the hidden ones too."""
    organization_id = request.practice.pk
    hidden = TemplatePlace.objects.filter(organization_id=organization_id, hidden=True)
    context = {
        "templates": current_templates(organization_id, with_hidden=True),
        "hidden": set(hidden.values_list("key", flat=True)),
        "may_edit": may(request.member, "settings.edit"),
    }
    return TemplateResponse(request, "notes/templates.html", context)


@access("settings.view")
@require_GET
def template(request: MemberRequest, key: str) -> HttpResponse:
    """A template as its writers see it, empty; with its versions, of which `?version=` shows an older one."""
    newest = _newest(request, key)
    versions = list(
        NoteTemplate.objects.filter(organization_id=request.practice.pk, key=key).order_by("-version")
    )
    wanted = request.GET.get("version", "")
    shown = next((one for one in versions if str(one.version) == wanted), newest)
    original = template_by_key(request.practice.pk, newest.based_on) if newest.own else None
    context = {
        "template": shown,
        "definition": shown.parsed,
        "newest": newest,
        "versions": versions,
        "original": original,
        "sections": _empty(shown.parsed),
        "may_edit": may(request.member, "settings.edit"),
        "copy_name": request.GET.get("name", f"{newest.name} (our own)"[:60]),
    }
    return TemplateResponse(request, "notes/template.html", context)


@access("settings.edit")
@require_POST
def template_copy(request: MemberRequest, key: str) -> HttpResponse:
    """Copy the template under a name of its own."""
    try:
        made = actions.copy_template(
            template=_newest(request, key), name=request.POST.get("name", ""), by=request.member.user_id
        )
    except TemplateRefused as problem:
        messages.error(request, str(problem))
        return SeeOther(_url(request, "template", key))
    messages.success(request, f"“{made.name}” is yours to change.")
    return SeeOther(_url(request, "template_edit", made.key))


@access("settings.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: MemberRequest, key: str) -> HttpResponse:
    """Change an own template. Small buttons move, add and remove in the form; *Save* makes the next version."""
    newest = _newest(request, key)
    if not newest.own:
        raise Http404("only a practice's own templates are changed")
    original = NoteTemplate.objects.get(organization_id=request.practice.pk, key=key, version=1).parsed
    if request.method != "POST":
        return _form(request, newest, original, newest.definition, newest.version)
    seen = request.POST.get("version", "")
    try:
        data = typed_template(request.POST, newest.definition)
    except ValueError as problem:
        return _form(request, newest, original, newest.definition, seen, problem=str(problem), status=422)
    if press := request.POST.get("press"):
        return _form(request, newest, original, pressed(data, press), seen, moved=press)
    try:
        if seen != str(newest.version):
            raise TemplateRefused("Somebody changed this template meanwhile. Load the page again.")
        made = actions.change_template(template=newest, definition=data, by=request.member.user_id)
    except TemplateRefused as problem:
        return _form(request, newest, original, data, seen, problem=str(problem), status=422)
    said = f"Saved as version {made.version}. Notes that were begun before keep theirs."
    messages.success(request, "Nothing was changed." if made == newest else said)
    return SeeOther(_url(request, "template", key))


@access("settings.edit")
@require_POST
def templates_arrange(request: MemberRequest) -> HttpResponse:
    """Move a template up or down, hide it, or show it again: one button each."""
    act, _, key = request.POST.get("press", "").partition(":")
    here = reverse("notes:templates", args=[request.practice.slug])
    one = _newest(request, key)
    keys = [each.key for each in current_templates(request.practice.pk, with_hidden=True)]
    at = keys.index(key)
    by = request.member.user_id
    if act in ("up", "down"):
        keys.insert(max(0, at + (-1 if act == "up" else 1)), keys.pop(at))
        actions.arrange_templates(organization_id=request.practice.pk, keys=keys, by=by)
    elif act in ("hide", "show"):
        try:
            actions.hide_template(template=one, hidden=act == "hide", by=by)
        except TemplateRefused as problem:
            messages.error(request, str(problem))
    return SeeOther(f"{here}#template-{key}")


def _newest(request: MemberRequest, key: str) -> NoteTemplate:
    found = template_by_key(request.practice.pk, key)
    if found is None:
        raise Http404("no such template")
    return found


def _form(
    request: MemberRequest,
    newest: NoteTemplate,
    original: Definition,
    data: dict[str, Any],
    seen: int | str,
    *,
    problem: str = "",
    moved: str = "",
    status: int = 200,
) -> HttpResponse:
    try:
        preview = _empty(Definition.parse(data))
    except BadDefinition:
        preview = ()
    context = {
        "template": newest,
        "data": data,
        "sections": sections_of(data, original),
        "preview": preview,
        "seen": seen,
        "problem": problem,
        "moved": moved.partition(":")[2].replace(":", "-"),
    }
    return TemplateResponse(request, "notes/template_edit.html", context, status=status)


def _empty(definition: Definition) -> tuple[ShownSection, ...]:
    return tuple(
        ShownSection(section, tuple(ShownField(item, item.empty) for item in section.fields))
        for section in definition.sections
    )


def _url(request: MemberRequest, name: str, key: str) -> str:
    return reverse(f"notes:{name}", args=[request.practice.slug, key])
