"""Addresses of the claims pages."""

from django.urls import path

from attest.claims import views

app_name = "claims"
urlpatterns = [
    path("claims/", views.claim_list, name="list"),
    path("claims/<uuid:claim_id>/", views.claim, name="claim"),
]
