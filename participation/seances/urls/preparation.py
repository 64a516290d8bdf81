"""A séance before it opens: agenda, papers, convocation, answers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
