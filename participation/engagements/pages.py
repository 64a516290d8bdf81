"""Acts on engagements, propositions and answers, and their pages."""

from typing import Any

from participation.engagements import etudes, reponses
from participation.engagements.models import EngagementPris, Etude, Proposition, ReponseArgumentee, TempsFort
from participation.engagements.promesses import actes as promesses
from participation.engagements.propositions import actes as propositions
from participation.engagements.temps_forts import actes as temps_forts
from participation.socle.views.pages import Page, pages_de

ENGAGEMENTS: dict[str, Page[EngagementPris]] = pages_de(EngagementPris, promesses)
NOUVEL_ENGAGEMENT = {"ecrire_engagement": ENGAGEMENTS.pop("ecrire_engagement")}
# One address for an engagement, a proposition and an étude.
SUITES: dict[str, Page[Any]] = {"ajouter_suite": ENGAGEMENTS.pop("ajouter_suite")}
INDICATEURS = pages_de(EngagementPris, promesses, sur="indicateur")
PROPOSITIONS: dict[str, Page[Proposition]] = pages_de(Proposition, propositions)
NOUVELLE_PROPOSITION = {"saisir_proposition": PROPOSITIONS.pop("saisir_proposition")}
REPONSES: dict[str, Page[ReponseArgumentee]] = pages_de(ReponseArgumentee, reponses)
NOUVELLE_REPONSE = {"preparer_reponse": REPONSES.pop("preparer_reponse")}
LIGNES = pages_de(ReponseArgumentee, reponses, sur="lignedereponse")
TEMPS_FORTS: dict[str, Page[TempsFort]] = pages_de(TempsFort, temps_forts)
NOUVEAU_TEMPS_FORT = {"preparer_temps_fort": TEMPS_FORTS.pop("preparer_temps_fort")}
TACHES = pages_de(TempsFort, temps_forts, sur="tache")
REMARQUES = pages_de(TempsFort, temps_forts, sur="remarque")
ETUDES: dict[str, Page[Etude]] = pages_de(Etude, etudes)
NOUVELLE_ETUDE = {"deposer_etude": ETUDES.pop("deposer_etude")}
