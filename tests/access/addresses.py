"""Every address that the product answers, from its own list of addresses, and how each is filled in."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

WORDS: dict[str, dict[str, str]] = {
    "clients:form_version": {"key": "assignment-of-benefits"},
    "notes:template": {"key": "dap"},
    "notes:template_copy": {"key": "dap"},
    "notes:template_edit": {"key": "own_1"},
    "practice:fees": {"payer": "self-pay"},
    "workspace:client_tab": {"tab": "overview"},
    "workspace:roadblock_help": {"code": "too_late"},
}
"""What an address names that is no record: a word for each. A new address with such a part needs its line here."""

CALLED: dict[str, str] = {
    "diagnosis_id": "ChartDiagnosis",
    "grant_id": "ChartGrant",
    "method_id": "PaymentMethod",
    "opening_id": "SupportOpening",
    "rule_id": "PayerRule",
    "service_id": "ServiceCode",
}
"""Ids whose names are not those of their models."""


@dataclass(frozen=True)
class Address:
    """One entry of the list of addresses."""

    name: str
    route: str
    view: Callable[..., Any]
    parts: tuple[str, ...]
    """The names of what it is filled with, in order, without the practice."""
    fillers: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """For each part something that has its form and names nothing that there is."""

    @property
    def access(self) -> str:
        """The right it asks for, or "public", or "signed in"; empty when it says nothing."""
        return str(getattr(self.view, "access", ""))

    @property
    def of_a_practice(self) -> bool:
        return self.route.startswith("o/<slug:practice>/")

    @cached_property
    def records(self) -> tuple[str, ...]:
        """Those parts that name a record."""
        return tuple(part for part in self.parts if part not in WORDS.get(self.name, {}))

    def at(self, slug: str, ids: Mapping[str, Any]) -> str:
        """The address in the practice of that slug, with these records; where one is None, with nothing there is."""
        words: dict[str, Any] = dict(WORDS.get(self.name, {}))
        words |= {part: ids[part] or self.fillers[part] for part in self.records}
        if self.of_a_practice:
            words["practice"] = slug
        if self.name:
            return reverse(self.name, kwargs=words)
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(words[found[1]]), self.route)


_FILLERS: dict[str, Any] = {"IntConverter": 999_999_999, "UUIDConverter": uuid4()}


def all_addresses() -> list[Address]:
    """Every address of the product."""
    return list(_of(get_resolver(), "", ""))


def _of(resolver: URLResolver, before: str, space: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _of(entry, route, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            converters = entry.pattern.converters
            parts = [part for part in converters or entry.pattern.regex.groupindex if part != "practice"]
            yield Address(
                f"{space}{entry.name}" if entry.name else "",
                route,
                entry.callback,
                tuple(parts),
                {part: _FILLERS.get(type(converters.get(part)).__name__, "a") for part in parts},
            )


def model_of(part: str) -> type[Model] | None:
    """The model whose records a part of an address names: `coverage_id` → Coverage."""
    wanted = CALLED.get(part, part.removesuffix("_id").replace("_", "")).lower()
    ours = [model for model in apps.get_models() if model.__module__.startswith("attest.")]
    found = [model for model in ours if model.__name__.lower() == wanted]
    return found[0] if found and part.endswith("_id") else None
