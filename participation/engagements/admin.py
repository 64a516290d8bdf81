"""The principles that frame the engagements."""

from django.contrib import admin

from participation.engagements.models import Principe

admin.site.register(Principe, list_display=("numero", "titre", "source", "est_actif"))
