"""Every tag and filter of ours under one name, so that templates need no `{% load %}`."""

from django import template

from attest.core.templatetags import chips, fields, icons, money, page, people, times

register = template.Library()
for _part in (chips, fields, icons, money, page, people, times):
    register.tags.update(_part.register.tags)
    register.filters.update(_part.register.filters)
