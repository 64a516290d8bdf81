"""Acts of the collecte: open, correct, extend, suspend, resume."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import (
    avancer,
    exiger,
    faire_echeance,
    fixer_echeance,
    reprendre_horloge,
    suspendre_horloge,
)
from participation.socle.actions.documents import demander_document
from participation.socle.calendrier import ajouter_mois
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import jour_texte
from participation.socle.models import Appartenance, Compte, Direction, Suspension
from participation.socle.workflow import Role
from petitions.campagne.lectures import mise_en_affiche
from petitions.collecte import lettres
from petitions.models import Petition, TacheCampagne
from petitions.workflow import Etat

CHAMPS_DU_TEXTE = ("titre", "demande", "raisons", "competence")


@transaction.atomic
def programmer_ouverture(petition: Petition, *, par: Compte, date_ouverture: date) -> None:
    """Choose the day on which a periodic task opens the collecte. A new day replaces the former one."""
    pas = exiger(petition, "programmer_ouverture", par=par)
    if date_ouverture <= timezone.localdate():
        raise ValidationError(
            {"date_ouverture": "Choisissez un jour à venir, ou ouvrez la collecte maintenant."}
        )
    pas.avancer(
        champs={"date_ouverture_prevue": date_ouverture},
        details={"date_ouverture_prevue": date_ouverture.isoformat()},
        fait=f"Ouverture de la collecte prévue le {jour_texte(date_ouverture)}",
    )


def ouvrir_collectes() -> int:
    """Open the collectes whose chosen day has come. Returns how many."""
    dues = Petition.objects.select_related("reglement").filter(
        etat=Etat.RECEVABLE, date_ouverture_prevue__lte=timezone.localdate()
    )
    for petition in dues:
        ouvrir_collecte(petition, par=None)
    return len(dues)


@transaction.atomic
def ouvrir_collecte(petition: Petition, *, par: Compte | None) -> None:
    """Publish the pétition and open it to signatures for the months of the règlement, last day included."""
    fin = ajouter_mois(timezone.localdate(), petition.reglement.duree_collecte_mois)
    avancer(
        petition,
        "ouvrir_collecte",
        par=par,
        details={"date_fin_collecte": fin.isoformat()},
        champs={"est_publie": True, "collecte_ouverte_le": timezone.now(), "date_fin_collecte": fin},
    )
    faire_echeance(petition, "ouverture")
    _fixer_fin(petition, fin)
    demander_affiche(petition, par=par)
    lettres.ouvrir_collecte(petition, liens_pour_signer(petition))


def liens_pour_signer(petition: Petition) -> dict[str, str]:
    """Return {address: URL} for the confirmed co-pétitionnaires with an address.

    The page of the URL has one button to sign: the signed link of the letter proves who they are.
    """
    confirmes = petition.copetitionnaires.confirmes().exclude(courriel="").exclude(commune=None)
    return {
        copetitionnaire.courriel: reverse("petitions:signer_copetitionnaire", args=[copetitionnaire.jeton()])
        for copetitionnaire in confirmes
    }


@transaction.atomic
def amender(
    petition: Petition, *, par: Compte, note: str, titre: str, demande: str, raisons: str, competence: str
) -> None:
    """Correct the published text. `note` is public: it says what was corrected and why.

    Only the service may correct the text; both versions stay in the journal.
    """
    pas = exiger(petition, "amender", par=par)
    apres = {"titre": titre, "demande": demande, "raisons": raisons, "competence": competence}
    avant = {champ: getattr(petition, champ) for champ in CHAMPS_DU_TEXTE}
    changes = [champ for champ in CHAMPS_DU_TEXTE if avant[champ] != apres[champ]]
    if not changes:
        raise ValidationError("Le texte est le même : rien à corriger.")
    pas.avancer(
        motif=note,
        details={
            "avant": {champ: avant[champ] for champ in changes},
            "apres": {champ: apres[champ] for champ in changes},
        },
        champs=apres,
    )
    if petition.etat in {Etat.EN_COLLECTE, Etat.SUSPENDUE}:
        demander_affiche(petition, par=par)
    lettres.amender(petition, note=note)


@transaction.atomic
def ecrire_facile(petition: Petition, *, par: Compte, texte_facile: str) -> None:
    """Publish, or replace, the version in « facile à lire et à comprendre »."""
    pas = exiger(petition, "ecrire_facile", par=par)
    pas.avancer(champs={"texte_facile": texte_facile})


@transaction.atomic
def prolonger(petition: Petition, *, par: Compte, date_fin: date, motif: str) -> None:
    """Move the end of the collecte. The petitioners and the signers who want news are told why."""
    pas = exiger(petition, "prolonger", par=par)
    if petition.date_fin_collecte is not None and date_fin <= petition.date_fin_collecte:
        raise ValidationError({"date_fin": "La nouvelle date doit suivre la fin prévue aujourd’hui."})
    ancienne = petition.date_fin_collecte
    pas.avancer(
        motif=motif,
        details={"avant": str(ancienne), "apres": date_fin.isoformat()},
        champs={"date_fin_collecte": date_fin},
    )
    _fixer_fin(petition, date_fin)
    demander_affiche(petition, par=par)
    lettres.prolonger(petition, motif=motif)


@transaction.atomic
def suspendre(petition: Petition, *, par: Compte, motif: str) -> None:
    """Suspend the pétition, for an election period for example: no signature, and the legal clock is
    stopped."""
    pas = exiger(petition, "suspendre", par=par)
    pas.avancer(motif=motif, champs={"etat_suspendu": petition.etat})
    suspendre_horloge(petition, motif=motif[:160])
    lettres.suspendre(petition, motif=motif)


@transaction.atomic
def reprendre(petition: Petition, *, par: Compte) -> None:
    """Resume a suspended pétition.

    The end of the collecte moves by the days lost, as every legal échéance does.
    """
    pas = exiger(petition, "reprendre", par=par)
    suspension = suspension_en_cours(petition)
    champs: dict[str, Any] = {}
    if petition.etat_suspendu == Etat.EN_COLLECTE and petition.date_fin_collecte and suspension:
        perdus = timezone.localdate() - suspension.debut
        champs["date_fin_collecte"] = petition.date_fin_collecte + perdus
    pas.avancer(vers=petition.etat_suspendu, champs={"etat_suspendu": "", **champs})
    if suspension is not None:
        reprendre_horloge(suspension)
    if petition.etat == Etat.EN_COLLECTE:
        demander_affiche(petition, par=par)
    lettres.reprendre(petition)


def suspension_en_cours(petition: Petition) -> Suspension | None:
    """Return the suspension decided by the service, not that of a demande waiting for its answer."""
    return petition.suspensions.filter(fin__isnull=True, demande__isnull=True).first()


def demander_affiche(petition: Petition, *, par: Compte | None) -> None:
    """Ask for the PDF of the A4 poster: one for each version of the text and of the dates."""
    lien = petition.get_public_url()
    premier = petition.reglement.seuils.order_by("ordre").first()
    demander_document(
        nature="petitions/affiche",
        titre=f"Affiche : {petition.titre}"[:160],
        dossier=petition,
        par=par,
        est_public=True,
        donnees={
            **mise_en_affiche(petition.titre, petition.demande),
            "lien": lien,
            "qr": segno.make(settings.SITE_URL + lien, error="m", micro=False).svg_data_uri(
                scale=8, border=1
            ),
            "seuil": premier.signatures if premier else None,
            "communes": premier.communes if premier else None,
        },
    )


def _fixer_fin(petition: Petition, fin: date) -> None:
    fixer_echeance(
        petition,
        "fin_collecte",
        libelle="Clore la collecte de signatures",
        date_limite=fin,
        est_legale=True,
        rappels=[15, 2],
        responsable=petition.agent,
    )


TEXTE_MAX = 10_000


class AmenderForm(ActeForm):
    ACTUELS = CHAMPS_DU_TEXTE

    titre = champ_ligne("Titre", maximum=160)
    demande = champ_texte("Ce que nous demandons", lignes=8, maximum=TEXTE_MAX)
    raisons = champ_texte("Pourquoi", lignes=8, maximum=TEXTE_MAX, requis=False)
    competence = champ_texte("Qui peut agir", lignes=3, maximum=TEXTE_MAX, requis=False)
    note = champ_texte(
        "Ce que vous corrigez, et pourquoi",
        "Cette note est publique. L’ancien texte reste lisible.",
        lignes=3,
        maximum=600,
    )


class ProgrammerOuvertureForm(ActeForm):
    objet: Petition

    date_ouverture = champ_jour(
        "Jour de l’ouverture", "Les signatures s’ouvrent ce jour-là, au début de la journée."
    )

    def initiales(self) -> Mapping[str, Any]:
        prevue = self.objet.date_ouverture_prevue
        return {"date_ouverture": prevue or timezone.localdate() + timedelta(days=7)}


class EcrireFacileForm(ActeForm):
    ACTUELS = ("texte_facile",)

    texte_facile = champ_texte(
        "Version facile à lire et à comprendre",
        "Une idée par phrase. Des mots de tous les jours. Faites-la relire par des personnes concernées.",
        lignes=14,
        maximum=6000,
    )


class ProlongerForm(ActeForm):
    objet: Petition

    date_fin = champ_jour("Nouveau dernier jour pour signer")
    motif = champ_texte(
        "Pourquoi",
        "Cette raison est publique. Elle est envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        lignes=3,
        maximum=600,
    )

    def initiales(self) -> Mapping[str, Any]:
        fin = self.objet.date_fin_collecte
        return {"date_fin": fin + timedelta(days=30)} if fin else {}


class CloreCollecteForm(ActeForm):
    """A reason is asked only before the last day."""

    objet: Petition

    motif = champ_texte(
        "Pourquoi clore avant la fin",
        "Cette raison est publique. Elle est envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        lignes=3,
        maximum=600,
        erreur="Dites pourquoi la collecte est close avant sa fin.",
    )

    def preparer(self) -> None:
        fin = self.objet.date_fin_collecte
        if fin is None or timezone.localdate() >= fin:
            del self.fields["motif"]


SuspendreForm = demander_texte(
    "Pourquoi", aide="Cette raison est publique, par exemple « Période électorale ».", maximum=160, lignes=1
)


def dans_une_semaine() -> date:
    return timezone.localdate() + timedelta(days=7)


class TacheForm(ActeForm):
    intitule = champ_ligne("À faire", maximum=160)
    equipe = champ_choix("Équipe", TacheCampagne.Equipe, initial=TacheCampagne.Equipe.SERVICE)
    direction = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        "Seulement si la tâche revient à une direction.",
        requis=False,
        vide="Aucune",
    )
    responsable = champ_parmi(
        "Responsable", Compte.objects.none(), requis=False, vide="Personne en particulier"
    )
    date_limite = champ_jour("Pour le", initial=dans_une_semaine)

    def preparer(self) -> None:
        agents = Appartenance.objects.en_vigueur().filter(role__in=[Role.AGENT, Role.AGENT_DIRECTION])
        self.choisir("responsable", Compte.objects.filter(is_active=True, pk__in=agents.values("compte")))
