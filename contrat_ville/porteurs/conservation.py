"""Erasure by the règlement: unused drafts, files from Dauphin, messages of the network.

Contacts of porteurs go with a visa, once their programmation is closed long enough.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncDate
from django.utils import timezone

from contrat_ville.models import (
    DossierImporte,
    Equipier,
    ImportDauphin,
    LigneImportee,
    MessageReseau,
    Porteur,
    Programmation,
    Projet,
    ReglementDepot,
)
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe
from contrat_ville.workflow import TERMINAUX, EtatProgrammation
from participation.droits.eliminations.actes import eliminee
from participation.droits.models import sans_visa
from participation.socle.actions import exiger
from participation.socle.actions.avancer import verrouiller_ensemble
from participation.socle.actions.courriers import effacer_courriers
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ActeInterdit
from participation.socle.francais import accorder
from participation.socle.lectures.conservation import Lot
from participation.socle.models import Compte, Courrier, Entree
from participation.socle.views.pages import Page, acte

COORDONNEES = "contrat_ville.coordonnees"
TROP_TOT = "Le délai de conservation n’est pas passé, ou plus aucune coordonnée n’est à effacer."


def closes() -> Any:
    """Return the closed programmations with the day (`date_close`) when they were; the journal says it."""
    siennes = Q(journal__acte="clore_programmation")
    return Programmation.objects.filter(etat=EtatProgrammation.CLOSE).annotate(
        date_close=TruncDate(Max("journal__le", filter=siennes))
    )


def passees() -> list[Programmation]:
    jour = timezone.localdate()
    return [
        p
        for p in closes().filter(date_close__isnull=False).order_by("annee", "pk")
        if ajouter_mois(_close(p), p.conservation_mois) < jour
    ]


def _close(programmation: Programmation) -> date:
    jour: date = vars(programmation)["date_close"]
    return jour


def a_effacer(programmation: Programmation) -> Any:
    """Return the porteurs of this programmation, past its time, who bear nothing that is still alive or kept elsewhere."""
    toutes = passees()
    if programmation not in toutes:
        return Porteur.objects.none()
    vivants = Projet.objects.exclude(programmation__in=toutes, etat__in=TERMINAUX).exclude(porte_par=None)
    vides = {"courriel": "", "telephone": "", "representant": "", "qualite_representant": ""}
    return (
        Porteur.objects.filter(pk__in=programmation.projets.values("porte_par"))
        .exclude(pk__in=vivants.values("porte_par"))
        .exclude(**vides)
    )


def lots() -> list[Lot]:
    return [
        Lot(p.pk, p.titre, n, p.get_absolute_url(), p.date_ouverture, _close(p))
        for p in passees()
        if (n := a_effacer(p).count())
    ]


def visa_des_coordonnees(programmation: Programmation, acte: str, par: Compte | None) -> list[str]:
    return sans_visa(COORDONNEES, programmation.pk) if a_effacer(programmation).exists() else [TROP_TOT]


# Texts of a draft to empty.
TEXTES = (
    "objet",
    "description",
    "objectifs",
    "publics",
    "participation_habitants",
    "lieux",
    "moyens_humains",
    "moyens_materiels",
    "evaluation_prevue",
    "resume",
)
AUTRES = ("porte_par", "auteur", "axe", "objectif", "nombre_beneficiaires", "date_debut", "date_fin")
JOUR_DIT = (
    Entree.objects.filter(dossier=OuterRef("pk"), acte="prevenir_peremption")
    .order_by("-le", "-pk")
    .values_list(KeyTextTransform("effacement", "details"))[:1]
)


def suivre_les_brouillons() -> tuple[int, int]:
    """Announce the erasure of unused drafts, or erase them (daily). Return (announced, erased)."""
    regle, jour = ReglementDepot.actuel(), timezone.localdate()
    oublies = jour - timedelta(days=max(regle.peremption_jours - regle.preavis_jours, 1))
    # Erase on the day given in the letter, even if the règlement changed or the task starts at another hour.
    perimes: Any = (
        Projet.objects.jamais_deposes()
        .filter(peremption_dite_le__gte=F("modifie_le"))
        .annotate(effacement=Subquery(JOUR_DIT))
        .filter(effacement__lte=jour.isoformat())
    )
    a_dire: Any = (
        Projet.objects.jamais_deposes()
        .filter(modifie_le__date__lte=oublies)
        .exclude(peremption_dite_le__gte=F("modifie_le"))
    )
    effaces, annonces = list(perimes), list(a_dire)
    # A draft filed in the meantime must not stop the others.
    for projet in effaces:
        with suppress(ActeInterdit):
            effacer_brouillon(projet)
    for projet in annonces:
        with suppress(ActeInterdit):
            prevenir_peremption(projet)
    return len(annonces), len(effaces)


@transaction.atomic
def prevenir_peremption(projet: Projet) -> None:
    """Tell the team when the draft will be erased.

    Any change of the draft keeps it, and starts the delay again.
    """
    pas = exiger(projet, "prevenir_peremption", par=None)
    le = timezone.localdate() + timedelta(days=ReglementDepot.actuel().preavis_jours)
    pas.avancer(details={"effacement": le.isoformat()})
    # After the line of the journal, which updates `modifie_le`.
    Projet.objects.filter(pk=projet.pk).update(peremption_dite_le=timezone.now())
    ecrire_a_l_equipe(projet, "prevenir_peremption", le=le)


@transaction.atomic
def effacer_brouillon(projet: Projet) -> None:
    """Erase the content of a draft: texts, budget, papers, team, letters. The row and its journal stay."""
    pas = exiger(projet, "effacer_brouillon", par=None)
    if projet.peremption_dite_le is None or projet.modifie_le > projet.peremption_dite_le:
        return  # changed in the meantime
    porteur = projet.porte_par
    projet.budget.all().delete()
    projet.financements.all().delete()
    projet.valeurs.all().delete()
    projet.quartiers.clear()
    projet.communes.clear()
    for piece in projet.pieces.all():
        transaction.on_commit(partial(piece.fichier.storage.delete, piece.fichier.name))
        piece.delete()
    Equipier.objects.filter(projet=projet).delete()
    projet.courriels.all().delete()
    vides: dict[str, Any] = {**dict.fromkeys(TEXTES, ""), **dict.fromkeys(AUTRES)}
    pas.avancer(
        champs={
            **vides,
            "titre": "Brouillon effacé",
            "montant_total": 0,
            "montant_demande": 0,
            "clos_le": projet.clos_le or timezone.now(),
        }
    )
    if porteur is not None and not porteur.projets.exists():
        porteur.delete()


def purger_imports() -> int:
    """Erase old files from Dauphin and their rows (nightly). The import and the projets stay."""
    limite = ajouter_mois(timezone.localdate(), -ReglementDepot.actuel().conservation_imports_mois)
    anciens = ImportDauphin.objects.filter(cree_le__date__lt=limite, efface_le__isnull=True)
    numeros = list(anciens.exclude(etat__in=ImportDauphin.EN_TRAIN).values_list("pk", flat=True))
    for numero in numeros:
        _purger_import(numero)
    return len(numeros)


@transaction.atomic
def _purger_import(numero: int) -> None:
    choisi = ImportDauphin.objects.select_for_update().get(pk=numero)
    LigneImportee.objects.filter(import_dauphin=choisi).delete()
    DossierImporte.objects.filter(import_dauphin=choisi).delete()
    if choisi.fichier:
        transaction.on_commit(partial(choisi.fichier.storage.delete, choisi.fichier.name))
    if choisi.etat != ImportDauphin.Etat.FINI:
        choisi.etat = ImportDauphin.Etat.ABANDONNE
    choisi.fichier, choisi.efface_le, choisi.extrait = "", timezone.now(), None
    choisi.save(update_fields=["fichier", "etat", "efface_le", "extrait"])


def purger_messages_reseau() -> int:
    """Delete the messages of the network older than the règlement allows (nightly). Return their number."""
    limite = ajouter_mois(timezone.localdate(), -ReglementDepot.actuel().conservation_reseau_mois)
    return MessageReseau.objects.filter(ecrit_le__date__lt=limite).delete()[0]


@acte(
    Page[Programmation](
        consequence=lambda p: (
            f"{accorder(a_effacer(p).count(), 'porteur')}\u00a0: courriel, téléphone, nom et qualité de qui représente sont "
            "effacés sans retour. Les projets, leurs montants et les décisions restent."
        )
    )
)
@transaction.atomic
def effacer_coordonnees(programmation: Programmation, *, par: Compte) -> int:
    """Erase the contact details of the porteurs whose time is past; those who bear something else keep theirs."""
    pas = exiger(programmation, "effacer_coordonnees", par=par)
    numeros = list(a_effacer(programmation).values_list("pk", flat=True))
    oublier_porteurs(numeros)
    eliminee(COORDONNEES, programmation.pk, len(numeros))
    pas.avancer(fait=f"Coordonnées effacées pour {accorder(len(numeros), 'porteur')}")
    return len(numeros)


def courriers_de(numeros: Sequence[int]) -> QuerySet[Courrier]:
    """Return the letters to those of these porteurs that are collectifs. Signed decisions are kept."""
    collectifs = Porteur.objects.filter(pk__in=numeros, nature=Porteur.Nature.COLLECTIF)
    return Courrier.objects.filter(
        dossier__projet__porte_par__in=collectifs.values("pk"), document__fige_le=None
    )


def oublier_porteurs(numeros: Sequence[int]) -> None:
    """Erase how to reach these porteurs. A collectif has no office: its address is somebody's home."""
    porteurs = Porteur.objects.filter(pk__in=numeros)
    porteurs.filter(nature=Porteur.Nature.COLLECTIF).update(adresse="", code_postal="", ville="")
    siens = courriers_de(numeros)
    # A letter may be in preparation: wait for its lock, to erase it too.
    verrouiller_ensemble(Projet, siens.values_list("dossier", flat=True))
    effacer_courriers(siens)
    porteurs.update(courriel="", telephone="", representant="", qualite_representant="")
