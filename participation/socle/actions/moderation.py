"""A text of the public is not shown, for a reason of the policy; its author contests; somebody else answers."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from participation.socle.actions.avancer import avancer, enregistrer
from participation.socle.courriels import lettres
from participation.socle.models import Compte, Dossier, Moderation, RaisonModeration, de_quoi


def moderer(
    objet: Dossier | Any,
    acte: str,
    *,
    dossier: Dossier,
    par: Compte,
    raison: RaisonModeration,
    motif: str,
    adresses: Iterable[str],
) -> Moderation:
    """Keep why an act of moderation was done: in its transaction, once it is done. Its letter says how to contest.

    `objet`: the row that holds the text, which `defait_par` of the row of the table is given to give it back.
    """
    return enregistrer(
        Moderation(
            dossier_id=dossier.pk,
            acte=acte,
            objet=f"{objet._meta.label_lower}.{objet.pk}",
            quoi=str(objet)[:200],
            raison=raison,
            motif=motif,
            par=par,
            adresses=[adresse for adresse in dict.fromkeys(adresses) if adresse],
        )
    )


def decisions_sur(objets: Iterable[Any]) -> dict[int, Moderation]:
    """Return the last decision on each of these rows of one model, by the number of the row."""
    cles = {f"{objet._meta.label_lower}.{objet.pk}": objet.pk for objet in objets}
    lues = Moderation.objects.filter(objet__in=cles).select_related("raison").order_by("pk") if cles else ()
    return {cles[une.objet]: une for une in lues}


@transaction.atomic
def contester_moderation(moderation: Moderation, *, contestation: str) -> None:
    """Keep the words of the author, by the link of the letter, once."""
    champs = {"contestee_le": timezone.now(), "contestation": contestation}
    avancer(moderation, "contester_moderation", par=None, champs=champs)


@transaction.atomic
def juger_moderation(moderation: Moderation, *, par: Compte, issue: str, reponse: str) -> None:
    """Answer the author, and give the text back when the decision is lifted."""
    avancer(
        moderation,
        "juger_moderation",
        par=par,
        motif=reponse,
        fait=f"Contestation : {Moderation.Issue(issue).label}",
        champs={"jugee_le": timezone.now(), "jugee_par": par, "issue": issue, "reponse": reponse},
    )
    if issue == Moderation.Issue.LEVEE:
        objet = moderation.objet_lu
        suivi, _ = de_quoi(objet)
        rendre = import_string(suivi.transition(moderation.acte).defait_par)
        rendre(objet, par=par, motif=reponse)
    lettres.juger_moderation(moderation)
