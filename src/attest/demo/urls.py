"""Addresses that exist only in the demo."""

from django.urls import path

from attest.demo import views

app_name = "demo"
urlpatterns = [path("demo/clock/", views.move_clock, name="clock")]
