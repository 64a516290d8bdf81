"""Lookup of the objects of a campaign by primary key."""

from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.socle.views.trouver import par_numero

trouver_campagne = par_numero(Campagne, "instance", "comite", "mandature")
trouver_college = par_numero(CollegeCampagne, "campagne__instance", "college__mandature")
trouver_candidature = par_numero(
    Candidature,
    "campagne__instance",
    "college__college__mandature",
    "commune",
    "quartier__commune",
    "saisie_par",
    "membre",
)
