"""The principles that frame the engagements, and the groups that carry propositions."""

from django.contrib import admin

from participation.engagements.models import Collectif, Principe

admin.site.register(Principe, list_display=("numero", "titre", "source", "est_actif"))
admin.site.register(Collectif, list_display=("nom", "instance", "association"))
