"""The end of a mandate: noted, told before it comes; what a seat left does to substitutes, pouvoirs and the séance."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.seances.convocation.reponses import convoquer_suppleant, liberer_suppleants
from participation.seances.membres import lettres
from participation.seances.membres.lectures import dire_la_lettre, suppleants_de
from participation.seances.models import Convie, Instance, Membre, Parole, Presence, Seance
from participation.seances.workflow import A_VENIR, EN_COURS
from participation.socle.actions import consigner, exiger
from participation.socle.actions.avancer import Pas
from participation.socle.calendrier import ajouter_mois
from participation.socle.courriels.retenue import due_le
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne
from participation.socle.francais import de, jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Appartenance, Compte
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role


def laisser_le_siege(convie: Convie) -> list[Convie]:
    """Take a member off the list: presence and speech end, and their substitute leaves too, with a letter.

    Returns the members who had given this person a pouvoir: they become excused and get a letter.
    """
    maintenant = timezone.now()
    convie.retire_le = maintenant
    convie.save(update_fields=["retire_le"])
    liberer_suppleants(convie, cause="mandat")
    sortis = [convie.pk, *convie.remplacants.values_list("pk", flat=True)]
    Presence.objects.filter(convie__in=sortis, depart__isnull=True).update(depart=maintenant)
    paroles = Parole.objects.filter(convie__in=sortis, fin__isnull=True, retiree_le__isnull=True)
    paroles.filter(debut__isnull=False).update(fin=maintenant)
    paroles.filter(debut__isnull=True).update(retiree_le=maintenant)
    mandants = list(convie.pouvoirs_recus.filter(retire_le__isnull=True).select_related("membre__compte"))
    for mandant in mandants:
        mandant.reponse, mandant.pouvoir_a = Convie.Reponse.EXCUSE, None
        mandant.save(update_fields=["reponse", "pouvoir_a"])
        lettres.mettre_fin_mandataire(mandant, convie)
    return mandants


def appeler_le_suivant(convie: Convie) -> None:
    """Convene the next substitute when the person who leaves was a substitute."""
    if convie.remplace is not None and not convie.est_absent and convie.seance.etat in A_VENIR:
        convoquer_suppleant(convie)


def seances_attendues(request: RequeteConnectee, membre: Membre, form: object) -> dict[str, Any]:
    convies = Convie.objects.filter(
        Q(seance__etat__in=EN_COURS) | Q(seance__etat__in=A_VENIR, seance__fin__gte=timezone.now()),
        membre=membre,
        retire_le__isnull=True,
    ).select_related("seance")
    return {"convies": convies.order_by("seance__debut"), "suppleants": suppleants_de(membre)}


class MettreFinForm(ActeForm):
    au = champ_jour("Dernier jour du mandat", initial=timezone.localdate)
    motif = champ_ligne(
        "Pourquoi",
        "Démission, départ de l’organisme, déménagement… La personne le lit.",
        maximum=200,
        erreur="Dites pourquoi le mandat prend fin.",
    )


@acte(
    Page[Membre](
        form=MettreFinForm,
        succes=lambda membre, _: f"Le mandat {de(membre)} prend fin. {dire_la_lettre(membre)}",
        retour=lambda membre, _: membre.get_absolute_url(),
        gabarit="seances/membres/mettre_fin.html",
        contexte=seances_attendues,
    )
)
@transaction.atomic
def mettre_fin(membre: Membre, *, par: Compte | None, au: date, motif: str) -> None:
    """End a mandate. `au`: its last day; or, before its first day, the day on which it is given up.

    The member leaves the list of later séances, and of the one under way if `au` is today or past. Raises
    ActeInterdit (already ended), ValidationError (day outside the mandate, or no reason).
    """
    seances = _seances_tenues([membre])
    pas = exiger(membre, "mettre_fin", par=par)
    if au < membre.du <= timezone.localdate():
        raise ValidationError(
            {"au": f"Ce mandat a commencé le {jour_texte(membre.du)}. Choisissez un jour après."}
        )
    if membre.au is not None and au > membre.au:
        raise ValidationError(
            {"au": f"Ce mandat finit déjà le {jour_texte(membre.au)}. Choisissez un jour avant."}
        )
    if not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi le mandat prend fin."})
    quittees = _finir(pas, membre, seances, au=au, motif=motif.strip())
    lettres.mettre_fin(membre, seances=quittees)


def _seances_tenues(membres: Sequence[Membre]) -> list[Seance]:
    """Return, locked, the coming or current séances that list these members.

    Call it before locking the instance: every act locks séances first.
    """
    return list(
        Seance.objects.filter(
            pk__in=Convie.objects.filter(membre__in=membres, retire_le__isnull=True).values("seance"),
            etat__in=A_VENIR | EN_COURS,
        )
        .order_by("pk")
        .select_for_update(of=("self",))
    )


def _finir(pas: Pas, membre: Membre, seances: Sequence[Seance], *, au: date, motif: str) -> list[Seance]:
    """End the mandate and take the member off later séances, which are returned."""
    quittees = [seance for seance in seances if _est_quittee(seance, au)]
    renonce = au < membre.du
    pas.avancer(
        champs={
            "terme": membre.terme or membre.au,
            "au": max(au, membre.du),
            "renonce_le": au if renonce else None,
            "motif_fin": motif,
        },
        fait=f"{membre} renonce à son mandat le {jour_texte(au)}"
        if renonce
        else f"Fin du mandat {de(membre)} le {jour_texte(au)}",
        motif=motif,
        details={"seances": [seance.pk for seance in quittees]},
        nomme=[membre.compte],
    )
    fermer_le_bureau(membre)
    for seance in quittees:
        _quitter_la_seance(membre, seance, par=pas.par)
    return quittees


def _est_quittee(seance: Seance, au: date) -> bool:
    """Whether the séance is after `au`, the last day of a mandate; or under way, if `au` is today or past."""
    if seance.etat in EN_COURS:
        return au <= timezone.localdate()
    return seance.jour.date() > au


def _quitter_la_seance(membre: Membre, seance: Seance, *, par: Compte | None) -> None:
    convie = Convie.objects.select_related("membre__compte", "membre__college", "remplace__membre").get(
        seance=seance, membre=membre
    )
    convie.seance = seance
    mandants = laisser_le_siege(convie)
    consigner(
        seance,
        "mettre_fin",
        par=par,
        fait=f"{membre} ne siège plus",
        motif=membre.motif_fin,
        details={"convie": convie.pk, "pouvoirs_tombes": [mandant.pk for mandant in mandants]},
        nomme=[membre.compte],
    )
    appeler_le_suivant(convie)


def fermer_le_bureau(membre: Membre) -> None:
    """End the role MEMBRE with the mandate, unless another seat still gives access.

    Call it once `membre.au` is saved.
    """
    autres = Membre.objects.filter(
        compte=membre.compte, college__mandature__instance__ouvre_le_bureau=True
    ).exclude(pk=membre.pk)
    if membre.renonce_le is not None:
        Appartenance.objects.filter(compte=membre.compte, role=Role.MEMBRE, depuis=membre.du).delete()
    elif membre.au is not None and not autres.en_fonction().exists():
        Appartenance.objects.filter(compte=membre.compte, role=Role.MEMBRE, depuis__lte=membre.au).update(
            jusqu_a=membre.au
        )


@transaction.atomic
def annoncer_fins_de_mandat(jour: date | None = None) -> int:
    """Write to members whose mandate ends, and to the service. Return the number of members.

    The règlement sets the steps (for example 6, 3 and 1 months before). Each step is announced once for each
    end (key of the letter). A missed step is not made up for: only the nearest one is announced.
    """
    jour = jour or timezone.localdate()
    combien = 0
    for instance in Instance.objects.filter(est_active=True):
        reglement = instance.reglement_du(jour)
        if reglement is None or not reglement.annonces_fin:
            continue
        finissants = (
            Membre.objects.de_l_instance(instance)
            .en_fonction(jour)
            .filter(au__isnull=False, au__lte=ajouter_mois(jour, max(reglement.annonces_fin)), motif_fin="")
            .avec_personne()
            .order_by("au", "pk")
        )
        par_etape: dict[tuple[date, int], list[Membre]] = {}
        for membre in finissants:
            mois = etape_atteinte(membre, reglement.annonces_fin, jour)
            if mois is not None and membre.au is not None:
                par_etape.setdefault((membre.au, mois), []).append(membre)
        for (fin, mois), membres in par_etape.items():
            with due_le(ajouter_mois(fin, -mois)):
                nouveaux = [membre for membre in membres if lettres.annoncer_fin_de_mandat(membre, mois)]
                if nouveaux:
                    lettres.annoncer_fins_au_service(instance, fin, mois, nouveaux, jour)
            combien += len(nouveaux)
    return combien


def etape_atteinte(membre: Membre, mois_avant: Iterable[int], jour: date) -> int | None:
    """Return the nearest step reached, in months, or None. None if the mandate had not begun at that step."""
    if membre.au is None:
        return None
    for mois in sorted(mois_avant):
        annonce = ajouter_mois(membre.au, -mois)
        if annonce <= jour:
            return mois if annonce >= membre.du else None
    return None
