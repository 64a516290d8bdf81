"""The principles that frame the engagements, and the groups that carry propositions, the tasks of their temps forts."""

from django.contrib import admin

from participation.engagements.models import Collectif, Principe, TacheType

admin.site.register(Principe, list_display=("numero", "titre", "source", "est_actif"))
admin.site.register(Collectif, list_display=("nom", "instance", "association"))
admin.site.register(TacheType, list_display=("libelle", "jours_avant", "est_active"))
