"""Acts of the collecte: open, correct, extend, suspend, resume."""

from collections.abc import Mapping
from copy import copy
from datetime import date, timedelta
from textwrap import shorten
from typing import Annotated, Any

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
from participation.socle.actions.tournees import AQuiEcrire, ecrire_en_nombre
from participation.socle.calendrier import ajouter_mois
from participation.socle.courriels.ecriture import Destinataire
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_texte, propose
from participation.socle.forms.signature import ACTUEL
from participation.socle.francais import jour_texte
from participation.socle.models import Compte, Suspension
from participation.socle.views.pages import Lettre, Page, acte
from petitions.models import Petition, Signature
from petitions.nouvelles import annoncer, signatures_des_autres
from petitions.workflow import Etat

TITRE_COURT, TITRE_LONG, EXTRAIT = 60, 85, 420  # in lower-case letters, measured on the printed sheet


def mise_en_affiche(titre: str, demande: str) -> dict[str, str]:
    """Return the extract of the demand, cut between two words, and the font size with which it fits on one
    sheet."""
    if _place(titre) > TITRE_LONG:
        return {"extrait": _extrait(demande, EXTRAIT // 2), "taille": "serree"}
    extrait = _extrait(demande, EXTRAIT)
    est_courte = _place(titre) <= TITRE_COURT and _place(extrait) <= EXTRAIT // 2
    return {"extrait": extrait, "taille": "grande" if est_courte else "moyenne"}


def _place(texte: str) -> int:
    """Return the length of a text in lower-case letters: a capital counts for one and a half."""
    return len(texte) + sum(map(str.isupper, texte)) // 2


def _extrait(texte: str, places: int) -> str:
    return shorten(texte, places * len(texte) // max(_place(texte), 1), placeholder="\u00a0…")


CHAMPS_DU_TEXTE = ("titre", "demande", "raisons", "competence")


TEXTE_MAX = 10_000


class ProgrammerOuvertureForm(ActeForm):
    objet: Petition

    date_ouverture = champ_jour(
        "Jour de l’ouverture", "Les signatures s’ouvrent ce jour-là, au début de la journée."
    )

    def initiales(self) -> Mapping[str, Any]:
        prevue = self.objet.date_ouverture_prevue
        return {"date_ouverture": prevue or propose(timezone.localdate() + timedelta(days=7))}


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


def fin_de_collecte(petition: Petition) -> date:
    return ajouter_mois(timezone.localdate(), petition.reglement.duree_collecte_mois)


def lettre_d_ouverture(petition: Petition) -> Lettre:
    a_ouvrir = copy(petition)  # the letter gives a date that is not saved yet
    a_ouvrir.date_fin_collecte = fin_de_collecte(petition)
    contexte = {"petition": a_ouvrir, "lien": petition.get_public_url(), "desabonnement": ""}
    return "petitions/ouvrir_collecte", {**contexte, "lien_signer": "/…"}


def dire_le_jour(petition: Petition) -> str:
    prevue = petition.date_ouverture_prevue
    deja = (
        f"L’ouverture est déjà prévue le {jour_texte(prevue)} : ce que vous choisissez ici le remplace. "
        if prevue
        else ""
    )
    return (
        f"{deja}La pétition sera publiée et ouverte aux signatures ce jour-là, sans autre geste. Ses auteurs recevront alors "
        "leur lettre."
    )


@acte(
    Page[Petition](
        form=ProgrammerOuvertureForm,
        consequence=dire_le_jour,
        succes=lambda p, _: f"La collecte s’ouvrira le {jour_texte(p.date_ouverture_prevue)}.",
    )
)
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


@acte(
    Page[Petition](
        consequence=lambda p: (
            "La pétition est publiée. On peut la signer dès maintenant et jusqu’au "
            f"{jour_texte(fin_de_collecte(p))} inclus. Ses auteurs reçoivent une lettre et l’affiche est fabriquée."
        ),
        lettre=lettre_d_ouverture,
    )
)
@transaction.atomic
def ouvrir_collecte(petition: Petition, *, par: Compte | None) -> None:
    """Publish the pétition and open it to signatures for the months of the règlement, last day included."""
    fin = fin_de_collecte(petition)
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
    propres = {courriel: {"lien_signer": lien} for courriel, lien in liens_pour_signer(petition).items()}
    annoncer(petition, "ouvrir_collecte", {}, propres=propres)


def liens_pour_signer(petition: Petition) -> dict[str, str]:
    """Return {address: URL} for the confirmed co-pétitionnaires with an address.

    The page of the URL has one button to sign: the signed link of the letter proves who they are.
    """
    confirmes = petition.copetitionnaires.confirmes().exclude(courriel="").exclude(commune=None)
    return {
        copetitionnaire.courriel: reverse("petitions:signer_copetitionnaire", args=[copetitionnaire.jeton()])
        for copetitionnaire in confirmes
    }


@acte(
    Page[Petition](
        consequence="Le texte publié change. Votre note et l’ancien texte restent visibles. Les pétitionnaires et tous les signataires sont prévenus ; chacun peut retirer sa signature."
    )
)
@transaction.atomic
def amender(
    petition: Petition,
    *,
    par: Compte,
    titre: Annotated[str, champ_ligne("Titre", maximum=160), ACTUEL],
    demande: Annotated[str, champ_texte("Ce que nous demandons", lignes=8, maximum=TEXTE_MAX), ACTUEL],
    raisons: Annotated[str, champ_texte("Pourquoi", lignes=8, maximum=TEXTE_MAX, requis=False), ACTUEL],
    competence: Annotated[
        str, champ_texte("Qui peut agir", lignes=3, maximum=TEXTE_MAX, requis=False), ACTUEL
    ],
    note: Annotated[
        str,
        champ_texte(
            "Ce que vous corrigez, et pourquoi",
            "Cette note est publique. L’ancien texte reste lisible.",
            lignes=3,
            maximum=600,
        ),
    ],
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
    annoncer(petition, "amender", {"note": note})
    ecrire_en_nombre(
        "petitions/dire_la_correction",
        les_signataires,
        petition,
        contexte={"petition": petition, "note": note, "lien": petition.get_public_url()},
        cle=f"dire_la_correction:{petition.pk}:{petition.modifie_le:%Y%m%d%H%M%S%f}",
    )


@acte(
    Page[Petition](
        form=ProlongerForm,
        consequence=lambda p: f"Pour l’instant, la collecte finit le {jour_texte(p.date_fin_collecte)}.",
    )
)
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
    annoncer(petition, "prolonger", {"motif": motif}, aux_signataires=True)


@acte(
    Page[Petition](
        consequence="Personne ne peut plus signer et les délais du règlement sont arrêtés, jusqu’à ce que vous repreniez. "
        "Les jours perdus sont rendus."
    )
)
@transaction.atomic
def suspendre(
    petition: Petition,
    *,
    par: Compte,
    motif: Annotated[
        str,
        champ_ligne(
            "Pourquoi", "Cette raison est publique, par exemple « Période électorale ».", maximum=160
        ),
    ],
) -> None:
    """Suspend the pétition, for an election period for example: no signature, and the legal clock is
    stopped."""
    pas = exiger(petition, "suspendre", par=par)
    pas.avancer(motif=motif, champs={"etat_suspendu": petition.etat})
    suspendre_horloge(petition, motif=motif[:160])
    annoncer(petition, "suspendre", {"motif": motif, "jour": timezone.localdate()})


@acte(
    Page[Petition](
        consequence="La pétition reprend là où elle s’est arrêtée. Les dates sont repoussées du nombre de jours perdus."
    )
)
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
    annoncer(petition, "reprendre", {})


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
            "conditions": premier.conditions if premier else "",
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


def les_signataires(petition: Petition) -> AQuiEcrire:
    return AQuiEcrire(signatures_des_autres(petition), _avec_sa_signature)


def _avec_sa_signature(signature: Signature) -> Destinataire:
    jeton = Signature.LIEN.sceller(signature.pk, signature.sceau)
    sienne = {"lien_signature": reverse("petitions:ma_signature", args=[jeton])}
    return Destinataire(signature.courriel or "", contexte=sienne, langue=signature.langue)
