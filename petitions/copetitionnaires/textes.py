"""The text that each co-pétitionnaire confirmed, and who is told when it changes."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import consigner, exiger
from participation.socle.courriels.ecriture import ecrire
from participation.socle.francais import accorder
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.versions import empreinte as empreinte_du_texte
from petitions.copetitionnaires.actes import JOUR
from petitions.models import CoPetitionnaire, Petition, ReglageInvitations, VersionTexte
from petitions.models.copetitionnaire import TEXTES
from petitions.workflow import Etat


def retenir_le_texte(petition: Petition, nouveaux: Mapping[str, object]) -> None:
    """Keep the current text for those who confirmed it. To be called before the text changes.

    Before the deposit, people who signed on paper cannot be told: they no longer count, until the text is
    again the one they signed.
    """
    actuel = {champ: getattr(petition, champ) for champ in TEXTES}
    nouveau = {**actuel, **{champ: nouveaux[champ] for champ in TEXTES if champ in nouveaux}}
    if nouveau == actuel:
        return
    sans = _autres(petition).filter(texte_confirme__isnull=True)
    if sans.exists():
        sans.update(texte_confirme=VersionTexte.objects.create(petition=petition, **actuel))
    if petition.etat != Etat.BROUILLON:
        return
    sur_papier = petition.copetitionnaires.filter(feuille__isnull=False)
    retrouves = VersionTexte.objects.filter(petition=petition, **nouveau)
    sur_papier.filter(texte_confirme__in=retrouves).update(texte_confirme=None, confirme_le=timezone.now())
    perdus = sur_papier.filter(texte_confirme__isnull=False, confirme_le__isnull=False)
    if combien := perdus.update(confirme_le=None):
        consigner(
            petition,
            "prevenir_du_changement",
            par=petition.auteur,
            fait="Texte changé : "
            + accorder(combien, "signature sur papier à refaire", "signatures sur papier à refaire"),
        )


def changement(copetitionnaire: CoPetitionnaire) -> dict[str, dict[str, str]]:
    """Return {"avant": …, "apres": …} for the fields that differ from the text the person confirmed, or
    {}."""
    confirme, petition = copetitionnaire.texte_confirme, copetitionnaire.petition
    if confirme is None or petition.etat not in {Etat.BROUILLON, Etat.DEPOSEE}:
        return {}
    changes = [champ for champ in TEXTES if getattr(confirme, champ) != getattr(petition, champ)]
    if not changes:
        return {}
    return {
        "avant": {champ: getattr(confirme, champ) for champ in changes},
        "apres": {champ: getattr(petition, champ) for champ in changes},
    }


def prevenir_du_changement(petition: Petition, *, repos: timedelta | None = None) -> int:
    """Write to those who confirmed another text, once for each text. Returns how many.

    The journal holds their number, not the texts. `repos`: leave out people told of a change more recently
    than this. The caller holds the transaction.
    """
    actuel, prevenus = empreinte_du_texte(petition, TEXTES), []
    joignables = _autres(petition).filter(texte_confirme__isnull=False, feuille__isnull=True)
    if repos is not None:
        joignables = joignables.exclude(prevenu_le__gt=timezone.now() - repos)
    for copetitionnaire in joignables.exclude(prevenu_de=actuel):
        copetitionnaire.petition = petition
        if changement(copetitionnaire):
            prevenus.append(copetitionnaire)
    if not prevenus:
        return 0
    pas = exiger(petition, "prevenir_du_changement", par=None)
    for copetitionnaire in prevenus:
        ecrire(
            "petitions/prevenir_du_changement",
            a=[copetitionnaire.courriel],
            dossier=copetitionnaire.petition,
            contexte={
                "copetitionnaire": copetitionnaire,
                "petition": copetitionnaire.petition,
                "lien": reverse("petitions:confirmer_copetitionnaire", args=[copetitionnaire.jeton()]),
            },
        )
    CoPetitionnaire.objects.filter(pk__in=[c.pk for c in prevenus]).update(
        prevenu_de=actuel, prevenu_le=timezone.now()
    )
    pas.avancer(
        fait="Texte changé après confirmation : "
        + accorder(len(prevenus), "co-pétitionnaire prévenu", "co-pétitionnaires prévenus")
    )
    return len(prevenus)


def prevenir_des_changements() -> None:
    """Periodic task: write about the drafts whose text has not changed for `calme_minutes`.

    Each person receives at most one letter a day, about the last text.
    """
    maintenant = timezone.now()
    calme = timedelta(minutes=ReglageInvitations.actuel().calme_minutes)
    concernes = (
        CoPetitionnaire.objects.confirmes()
        .filter(
            texte_confirme__isnull=False,
            feuille__isnull=True,
            petition__etat=Etat.BROUILLON,
            petition__modifie_le__lt=maintenant - calme,
        )
        .exclude(prevenu_le__gt=maintenant - JOUR)
    )
    for numero in concernes.values_list("petition", flat=True).order_by("petition").distinct():
        with transaction.atomic():
            petition = Petition.objects.select_for_update(of=("self",)).get(pk=numero)
            if petition.etat == Etat.BROUILLON:
                prevenir_du_changement(petition, repos=JOUR)


def _autres(petition: Petition) -> QuerySet[CoPetitionnaire]:
    """Return the confirmed co-pétitionnaires without the author, who knows the changes."""
    auteur = canoniser(petition.auteur.courriel) if petition.auteur else ""
    return (
        petition.copetitionnaires.confirmes()
        .exclude(courriel_canonique=auteur)
        .select_related("texte_confirme")
    )
