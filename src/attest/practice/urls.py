"""Addresses of the settings, under /o/<practice>/."""

from django.urls import path

from attest.practice.views import access, members, payers, people, services, settings, signing_in

app_name = "practice"
_P = "settings/providers/<uuid:provider_id>/"
urlpatterns = [
    path("settings/", settings.home, name="settings"),
    path("settings/practice/", settings.organization, name="organization"),
    path("settings/policy/", settings.policy, name="policy"),
    path("settings/locations/", settings.locations, name="locations"),
    path("settings/locations/new/", settings.location_new, name="location_new"),
    path("settings/locations/<uuid:location_id>/", settings.location, name="location"),
    path("support/", access.support, name="support"),
    path("support/<uuid:opening_id>/end/", access.support_end, name="support_end"),
    path("notices/", access.notices, name="notices"),
    path("notices/read/", access.notices_read, name="notices_read"),
    path("notices/<uuid:notice_id>/", access.notice, name="notice"),
    path("settings/members/", members.members, name="members"),
    path("settings/members/invite/", members.invite, name="member_invite"),
    path(
        "settings/members/invitations/<uuid:invitation_id>/again/", members.invite_again, name="invite_again"
    ),
    path("settings/members/invitations/<uuid:invitation_id>/withdraw/", members.withdraw, name="withdraw"),
    path("settings/members/recoveries/<uuid:recovery_id>/stop/", members.stop_recovery, name="stop_recovery"),
    path("settings/members/<uuid:member_id>/", members.member, name="member"),
    path("settings/members/<uuid:member_id>/recover/", members.recover, name="recover"),
    path("settings/signing-in/", signing_in.signing_in, name="signing_in"),
    path("settings/mail/", members.mail, name="mail"),
    path("settings/mail/test/", members.mail_test, name="mail_test"),
    path("settings/mail/<uuid:message_id>/again/", members.mail_again, name="mail_again"),
    path("settings/providers/", people.providers, name="providers"),
    path("settings/providers/new/", people.provider_new, name="provider_new"),
    path(_P, people.provider, name="provider"),
    path(f"{_P}edit/", people.provider_edit, name="provider_edit"),
    path(f"{_P}licences/new/", people.licence_new, name="licence_new"),
    path(f"{_P}licences/<uuid:licence_id>/", people.licence, name="licence"),
    path(f"{_P}contracts/new/", payers.contract_new, name="contract_new"),
    path(f"{_P}contracts/<uuid:contract_id>/", payers.contract, name="contract"),
    path(f"{_P}fees/<str:payer>/", payers.fees, name="fees"),
    path("settings/payers/", payers.payers, name="payers"),
    path("settings/payers/new/", payers.payer_new, name="payer_new"),
    path("settings/payers/<uuid:payer_id>/", payers.payer, name="payer"),
    path("settings/payers/<uuid:payer_id>/edit/", payers.payer_edit, name="payer_edit"),
    path("settings/payers/<uuid:payer_id>/rules/new/", payers.rule_new, name="payer_rule_new"),
    path("settings/services/", services.services, name="services"),
    path("settings/services/new/", services.service_new, name="service_new"),
    path("settings/services/import/", services.services_import, name="services_import"),
    path("settings/services/<uuid:service_id>/", services.service, name="service"),
]
