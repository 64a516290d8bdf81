"""A vote: its rule, opened, extended, closed, cancelled; its forms."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from participation.budgets.models import Budget, Incompatibilite, ProjetAuVote, ProjetQuartier, Scrutin
from participation.budgets.models.scrutins import AUGMENTATIONS, REGLES, UTILITES
from participation.budgets.vote.codes import effacer_les_lettres, en_choix
from participation.budgets.vote.urne import confier_le_nettoyage, meler
from participation.budgets.workflow.vote import EtatScrutin, ModeVote
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import accorder, jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

RESUME = 600  # characters of a description on the ballot; the page has the full text


def nouveau_scrutin(budget: Budget) -> Scrutin:
    """Return an unsaved row, for the act that prepares the vote."""
    return Scrutin(budget=budget, sel=secrets.token_hex(16))


def scrutin_a_preparer(request: RequeteConnectee, pk: int) -> Scrutin:
    return nouveau_scrutin(get_object_or_404(Budget, pk=pk))


class ReglesForm(ActeForm):
    """The rule of the vote, in the words of the public page."""

    objet: Scrutin

    qui_vote = champ_texte(
        "Qui peut voter",
        "Âge, quartiers, comment obtenir un code : en phrases simples.",
        maximum=1500,
        lignes=4,
    )
    mode = champ_choix("Bulletin", en_choix(ModeVote.choices), boutons=True)
    nombre_max = champ_nombre("Projets au plus sur un bulletin", minimum=1, maximum=50, initial=5)
    points = champ_nombre(
        "Points à donner", "Seulement si l’on donne des points.", minimum=1, maximum=100, initial=10
    )
    regle = champ_choix("Règle du résultat", en_choix(REGLES), boutons=True)
    utilite = champ_choix(
        "Parts égales : à chaque étape, le projet pris est celui dont", UTILITES, boutons=True
    )
    augmentation = champ_choix("Parts égales : augmentation des parts", en_choix(AUGMENTATIONS), boutons=True)
    completion = champ_case(
        "Parts égales : compléter avec ce qui reste du budget",
        "Du projet le plus soutenu au moins soutenu.",
        requis=False,
    )
    minimum = champ_nombre(
        "Bulletins qu’un projet doit avoir au moins", minimum=1, maximum=1_000_000, initial=1
    )

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.base_fields}

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        if lus.get("mode") == ModeVote.POINTS and lus.get("points", 0) < 2:
            self.add_error("points", "Avec un seul point, choisissez plutôt « choisir des projets ».")
        return lus


@acte(
    Page[Scrutin](
        ouvre=True,
        form=ReglesForm,
        consequence="Ces règles sont montrées au public mot pour mot. Elles ne changent plus une fois le vote ouvert.",
    )
)
@transaction.atomic
def preparer_scrutin(scrutin: Scrutin, *, par: Compte, **champs: Any) -> Scrutin:
    avancer(scrutin, "preparer_scrutin", par=par, champs=champs)
    return scrutin


@acte(
    Page[Scrutin](
        form=ReglesForm,
        consequence="Ces règles sont montrées au public mot pour mot. Elles ne changent plus une fois le vote ouvert.",
    )
)
def regler_scrutin(scrutin: Scrutin, *, par: Compte, **champs: Any) -> None:
    avancer(scrutin, "regler_scrutin", par=par, champs=champs)


class IncompatiblesForm(ActeForm):
    objet: Scrutin

    un = champ_parmi("Premier projet", ProjetQuartier.objects.none())
    autre = champ_parmi("Second projet", ProjetQuartier.objects.none())
    raison = champ_ligne("Pourquoi les deux ne peuvent pas se faire", "Lu par tous.", maximum=200)

    def preparer(self) -> None:
        projets = ProjetQuartier.objects.filter(budget=self.objet.budget_id).au_vote().order_by("reference")
        self.choisir("un", projets)
        self.choisir("autre", projets)


@acte(
    Page[Scrutin](
        form=IncompatiblesForm,
        consequence="Dès que l’un des deux est retenu, l’autre est écarté.",
        retour="#incompatibles",
    )
)
@transaction.atomic
def declarer_incompatibles(
    scrutin: Scrutin, *, par: Compte, un: ProjetQuartier, autre: ProjetQuartier, raison: str
) -> None:
    """Declare two projets incompatible.

    Raises ValidationError for the same projet, or a pair already declared.
    """
    pas = exiger(scrutin, "declarer_incompatibles", par=par)
    premier, second = sorted((un, autre), key=lambda projet: projet.pk)
    enregistrer(Incompatibilite(scrutin=scrutin, un=premier, autre=second, raison=raison))
    pas.avancer(fait=f"Projets incompatibles : {premier.reference} et {second.reference}", motif=raison)


@acte(Page[Incompatibilite](retour="#incompatibles"))
@transaction.atomic
def lever_incompatibilite(paire: Incompatibilite, *, par: Compte) -> None:
    exiger(paire, "lever_incompatibilite", par=par).avancer(
        fait=f"Incompatibilité retirée : {paire.un.reference} et {paire.autre.reference}"
    )
    paire.delete()


@acte(
    Page[Scrutin](
        consequence="La liste des projets, leurs coûts, la somme et les règles sont figés et publiés. La graine du tirage est tirée et publiée."
    )
)
@transaction.atomic
def ouvrir_scrutin(scrutin: Scrutin, *, par: Compte) -> None:
    """Freeze the list, the costs, the amount and the rule, and draw the seed."""
    pas = exiger(scrutin, "ouvrir_scrutin", par=par)
    projets: list[Any] = list(
        ProjetQuartier.objects.filter(budget=scrutin.budget_id)
        .au_vote()
        .prefetch_related("quartiers")
        .order_by("reference")
    )
    ProjetAuVote.objects.bulk_create(
        ProjetAuVote(
            scrutin=scrutin,
            projet=projet,
            numero=numero,
            titre=projet.titre,
            resume=projet.description[:RESUME],
            cout=ceil(projet.cout),
            quartiers=", ".join(str(q.nom) for q in projet.quartiers.all())[:300],
        )
        for numero, projet in enumerate(projets, start=1)
    )
    # A pair with a projet that is not on the ballot has no effect.
    numeros = [p.pk for p in projets]
    scrutin.incompatibilites.exclude(un__in=numeros, autre__in=numeros).delete()
    graine = secrets.token_hex(8)
    pas.avancer(
        champs={
            "graine": graine,
            "montant": int(scrutin.budget.montant),
            "date_fin": scrutin.phase_fin(),
            "ouvert_le": timezone.now(),
        },
        fait=f"Vote ouvert sur {accorder(len(projets), 'projet')}",
        details={"graine": graine},
    )


@acte(
    Page[Scrutin](
        consequence=lambda s: (
            f"Le dernier jour devient le {jour_texte(s.phase_fin())}, dernier jour de la phase du vote."
            if s.phase_fin()
            else ""
        )
    )
)
@transaction.atomic
def prolonger_scrutin(scrutin: Scrutin, *, par: Compte) -> None:
    """Take the new last day of the phase of the vote."""
    pas = exiger(scrutin, "prolonger_scrutin", par=par)
    fin = scrutin.phase_fin()
    if fin is None or fin < timezone.localdate():
        raise ValidationError("La phase du vote est finie : changez d’abord ses dates.")
    pas.avancer(champs={"date_fin": fin}, fait=f"On vote jusqu’au {jour_texte(fin)}")


@acte(
    Page[Scrutin](
        consequence="Plus aucun bulletin n’entre dans l’urne. Les bulletins sont mêlés, puis les bulletins papier sont saisis."
    )
)
@transaction.atomic
def fermer_scrutin(scrutin: Scrutin, *, par: Compte | None) -> None:
    """Close the vote. The ballots are written again in a random order."""
    pas = exiger(scrutin, "fermer_scrutin", par=par)
    pas.avancer(champs={"ferme_le": timezone.now()})
    meler(scrutin)
    effacer_les_lettres(scrutin)
    confier_le_nettoyage()


def fermer_les_scrutins_passes() -> int:
    """Close the votes whose last day is past. Return their number."""
    passes = Scrutin.objects.filter(etat=EtatScrutin.OUVERT, date_fin__lt=timezone.localdate())
    for scrutin in passes:
        with suppress(ActeInterdit):  # an agent closed it in the meantime
            fermer_scrutin(scrutin, par=None)
    return len(passes)


AnnulerScrutinForm = demander_texte("Pourquoi", aide="La raison est publique.")


@acte(
    Page[Scrutin](
        form=AnnulerScrutinForm,
        consequence="Les bulletins sont effacés et ne comptent pas. Un autre vote pourra être préparé.",
    )
)
@transaction.atomic
def annuler_scrutin(scrutin: Scrutin, *, par: Compte, motif: str) -> None:
    """Cancel the vote: its ballots are erased, and another vote may be prepared."""
    pas = exiger(scrutin, "annuler_scrutin", par=par)
    scrutin.bulletins.all().delete()
    scrutin.papiers.all().delete()
    scrutin.depouillements.all().delete()
    effacer_les_lettres(scrutin)
    pas.avancer(champs={"motif": motif, "urne_nettoyee_le": None}, motif=motif)
    confier_le_nettoyage()
