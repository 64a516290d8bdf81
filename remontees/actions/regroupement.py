"""Grouping of two remontées in a sujet, by an agent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from participation.socle.actions import exiger, verrouiller
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Compte
from remontees.actions.sujets import etendre, exiger_en_cours, ouvrir_sujet, rattacher
from remontees.models import Remontee, Sujet


@transaction.atomic
def reunir(remontee: Remontee, *, par: Compte, autre: Remontee, titre: str = "") -> Sujet:
    """Group two remontées in the sujet of `autre`, or in a new one; return the sujet.

    Raises ErreurMetier when `autre` cannot be grouped, ValidationError for a new sujet without title.
    """
    if autre.pk == remontee.pk:
        raise ErreurMetier("C’est la même remontée.")
    pas = exiger(remontee, "reunir", par=par)
    if autre.sujet_commun is not None:
        verrouiller(autre.sujet_commun)  # lock order: the sujet before its remontées, as when it is answered
    relue: Any = Remontee.objects.select_for_update(of=("self",), no_key=True).get(pk=autre.pk)
    autre = relue
    sujet = autre.sujet_commun
    if sujet is None:
        if not titre.strip():
            raise ValidationError({"titre": "Donnez un titre au sujet."})
        sujet = ouvrir_sujet(
            Sujet(),
            par=par,
            titre=titre,
            categorie=remontee.categorie or autre.categorie,
            commune=remontee.commune if remontee.commune == autre.commune else None,
            quartier=remontee.quartier if remontee.quartier == autre.quartier else None,
        )
        rattacher(autre, par=par, sujet=sujet)
    else:
        exiger_en_cours(sujet)
    pas.avancer(
        champs={"sujet_commun": sujet, "agent": remontee.agent or sujet.agent},
        fait=f"Réunie avec {autre.reference} dans le sujet {sujet.reference}",
        details={"sujet": sujet.pk, "autre": autre.pk},
    )
    etendre(sujet, remontee)
    return sujet
