"""Paper ballots printed before a point: to vote on what it decides, or to choose somebody without candidates."""

from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.seances.animation import en_animant, retour_de
from participation.seances.models import Convie, Election, Membre, Point
from participation.seances.workflow import Sens
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_nombre
from participation.socle.francais import accorder, jour_texte, majuscule
from participation.socle.models import Compte, Document
from participation.socle.views.pages import acte

VOTE, ELECTION = "vote", "election"
BULLETINS_MAX = 500
LIGNES_MAX = 40  # questions on one ballot


class BulletinsForm(ActeForm):
    quoi = champ_choix(
        "Bulletins pour",
        [(VOTE, "Voter ce qui est proposé"), (ELECTION, "Une élection sans candidat")],
        boutons=True,
        erreur="Dites à quoi servent les bulletins.",
    )
    objet = champ_ligne("Ce qui est confié", "Pour une élection sans candidat.", requis=False, maximum=160)
    combien = champ_nombre(
        "Nombre de bulletins", minimum=1, maximum=BULLETINS_MAX, erreur="Dites combien de bulletins."
    )

    def initiales(self) -> Mapping[str, Any]:
        point = cast(Point, self.objet)
        election = ouverte(point)
        return {
            "quoi": ELECTION if election else VOTE,
            "objet": election.objet if election else "",
            "combien": max(1, _titulaires(point).count()),
        }

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if dit.get("quoi") == ELECTION and not dit.get("objet"):
            self.add_error("objet", "Écrivez ce qui est confié : chacun le lit sur son bulletin.")
        return dit


def ouverte(point: Point) -> Election | None:
    return next((e for e in point.elections.order_by("-pk") if e.est_ouverte), None)


def _titulaires(point: Point) -> Any:
    """Return who has a seat at the séance; before anybody is convened, who has one that day."""
    titulaires = Membre.objects.titulaires().select_related("compte")
    convies = Convie.objects.filter(seance=point.seance_id, retire_le=None)
    if convies.exists():
        return titulaires.filter(pk__in=convies.values("membre"))
    jour = timezone.localdate(point.seance.debut)
    return titulaires.en_fonction(jour).filter(college__mandature=point.seance.mandature_id)


def questions(point: Point) -> list[str]:
    """Return what is voted, one line each: what its dossiers ask, or the point itself."""
    dossiers = [lien.dossier.enfant for lien in point.liens_dossiers.order_by("ordre", "pk")]
    return [ligne for dossier in dossiers for ligne in dossier.a_voter() or [dossier.titre]] or [point.titre]


@acte(
    en_animant(
        form=BulletinsForm,
        consequence="Un PDF à découper, un bulletin sous l’autre. Pour une élection, chacun écrit son nom et dit pourquoi ; pour un vote, "
        "rien ne dit de qui est le bulletin.",
        succes="Les bulletins se fabriquent.",
        retour=lambda point, document: (
            reverse("socle:document_etat", args=[document.cle_publique])
            if document
            else retour_de(point.seance_id)
        ),
    )
)
@transaction.atomic
def imprimer_bulletins(point: Point, *, par: Compte, quoi: str, combien: int, objet: str = "") -> Document:
    """Ask for the ballots. Raises ValidationError for a vote on more lines than a ballot holds."""
    pas = exiger(point, "imprimer_bulletins", par=par)
    lignes = questions(point) if quoi == VOTE else []
    if len(lignes) > LIGNES_MAX:
        raise ValidationError(
            {"quoi": f"{len(lignes)} questions ne tiennent pas sur un bulletin : partagez ce point."}
        )
    document = demander_document(
        nature="seances/bulletins",
        titre=f"Bulletins, {point.titre}"[:160],
        par=par,
        est_interne=True,
        donnees={
            "instance": point.seance.instance.nom,
            "jour": jour_texte(point.seance.jour),
            "rangs": list(range(combien)),
            "questions": lignes,
            "sens": [majuscule(sens.label) for sens in Sens],
            **(_de_l_election(point, objet) if quoi == ELECTION else {}),
        },
    )
    pas.avancer(fait=f"{accorder(combien, 'bulletin')} à imprimer : {point.titre}")
    return document


def _de_l_election(point: Point, objet: str) -> dict[str, Any]:
    election = ouverte(point)
    titulaires = _titulaires(point).order_by("compte__nom", "compte__prenom", "pk")
    if election is not None and election.college_id is not None:
        titulaires = titulaires.filter(college=election.college_id)
    return {
        "objet": objet,
        "places": list(range(election.places if election else 1)),
        "noms": [str(membre) for membre in titulaires],
    }
