"""The forms of a page as a browser would send them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Form:
    """Where a form goes, what it would send as it stands, and the values that each field offers."""

    action: str
    method: str = "get"
    values: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found, self.by_id = here, list[Form](), dict[str, Form]()
        self.form: Form | None = None
        self.select: tuple[Form, str] | None = None
        self.text: tuple[Form, str] | None = None
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href"):
            self.links.append(urljoin(self.here, has["href"]))
        if tag == "form":
            action = urlsplit(urljoin(self.here, has.get("action", "") or self.here))
            self.form = Form(action._replace(scheme="", netloc="").geturl(), has.get("method", "get").lower())
            self.found.append(self.form)
            if "id" in has:
                self.by_id[has["id"]] = self.form
        form = self.by_id.get(has.get("form", "")) or self.form
        if form is None:
            return
        if tag == "option" and self.select:
            owner, name = self.select
            owner.offered[name].append(has.get("value", ""))
            if "selected" in has:
                owner.values[name] = [has.get("value", "")]
        name = has.get("name", "")
        if not name or name == "csrfmiddlewaretoken":
            return
        if tag == "select":
            self.select = (form, name)
            form.offered.setdefault(name, [])
        elif tag == "textarea":
            self.text = (form, name)
            form.values[name] = [""]
        elif tag in ("input", "button"):
            kind = has.get("type", "text" if tag == "input" else "submit")
            form.kinds[name] = kind
            form.offered.setdefault(name, []).append(has.get("value", ""))
            if kind in ("checkbox", "radio"):
                if "checked" in has:
                    form.values.setdefault(name, []).append(has.get("value", "on"))
            elif kind == "submit" and name in form.values:
                return
            elif kind != "file":
                form.values.setdefault(name, []).append(has.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.text:
            form, name = self.text
            form.values[name] = [form.values[name][0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select" and self.select:
            form, name = self.select
            if name not in form.values and form.offered[name]:
                form.values[name] = [form.offered[name][0]]
            self.select = None
        elif tag == "textarea":
            self.text = None


def forms_of(page: str, here: str) -> list[Form]:
    """The forms of a page at the address `here` that are posted."""
    parser = _Forms(here)
    parser.feed(page)
    return [form for form in parser.found if form.method == "post"]
