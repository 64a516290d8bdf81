"""Models of frequent answers, by category, état and issue."""

from django.db import models
from django.utils import timezone

from participation.socle.models import CleEtrangere, Compte
from remontees.models.referentiel import Categorie
from remontees.workflow import Etat, EtatSujet, Issue

# États in which an answer may be written, for a remontée; then those of a sujet, and their equivalent.
ETATS = [(etat.value, etat.label) for etat in (Etat.NOUVELLE, Etat.TRANSMISE, Etat.A_REPONDRE)]
ETAT_DU_SUJET = {
    EtatSujet.OUVERT: Etat.NOUVELLE,
    EtatSujet.TRANSMIS: Etat.TRANSMISE,
    EtatSujet.A_REPONDRE: Etat.A_REPONDRE,
}


class ModeleDeReponse(models.Model):
    """Model of an answer. An empty choice means any. An agent reads and edits the text before it is sent."""

    nom = models.CharField(
        "nom", max_length=80, unique=True, error_messages={"unique": "Un modèle porte déjà ce nom."}
    )
    categorie = CleEtrangere(Categorie, null=True, related_name="modeles", verbose_name="catégorie")
    etat = models.CharField("état de la remontée", max_length=12, choices=ETATS, blank=True)
    issue = models.CharField("ce qu’il en devient", max_length=12, choices=Issue, blank=True)
    texte = models.TextField("texte")
    est_actif = models.BooleanField("proposé", default=True)
    modifie_par = CleEtrangere(Compte, null=True, related_name="+", verbose_name="modifié par")
    modifie_le = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "modèle de réponse"
        verbose_name_plural = "modèles de réponse"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom
