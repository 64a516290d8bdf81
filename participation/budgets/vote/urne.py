"""Ballots of a vote: cast with a code, typed from paper twice, mixed; their forms."""

import random
import uuid
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from participation.budgets.models import NUL, BulletinPapier, BulletinVote, Code, Scrutin
from participation.budgets.vote import regles
from participation.budgets.vote.lectures import ScrutinFige, deux_saisies
from participation.budgets.workflow.vote import EtatScrutin
from participation.socle.actions import enregistrer, exiger
from participation.socle.bd.preparees import Preparee
from participation.socle.bd.traces import plus_lues, reecrire_tables
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_nombre
from participation.socle.models import Compte
from participation.socle.travaux.differes import confier
from participation.socle.views.pages import Page, acte

NETTOYER = "budgets.nettoyer_urnes"
LOT = 2000


# Hot path. The code is used and the ballot written, or neither: two phones wait for each other on the row of
# the code, and the second finds it used. The scrutin is locked FOR SHARE: a closing waits for ongoing votes.
VOTER = Preparee(
    "voter_inter_quartiers",
    """
WITH ouvert AS (
    SELECT id FROM budgets_scrutin
    WHERE id = %(scrutin)s AND graine = %(graine)s AND etat = 'ouvert' AND date_fin >= %(jour)s
    FOR SHARE
), pris AS (
    UPDATE budgets_code c SET est_utilise = true FROM ouvert o
    WHERE c.scrutin_id = o.id AND c.empreinte = %(empreinte)s AND NOT c.est_utilise AND NOT c.est_revoque
    RETURNING c.scrutin_id
)
INSERT INTO budgets_bulletinvote (id, scrutin_id, choix)
SELECT gen_random_uuid(), scrutin_id, %(choix)s FROM pris
""",
    {"scrutin": "bigint", "graine": "text", "jour": "date", "empreinte": "text", "choix": "text"},
)


def empreinte_de(scrutin: Scrutin | ScrutinFige, code: str) -> str:
    """Return the hash of this code for this vote, as stored."""
    return regles.empreinte(code, scrutin.sel, b"codes-de-vote:" + settings.SECRET_KEY.encode())


def donner(scrutin: Scrutin | ScrutinFige, *, code: str, choix: str) -> bool:
    """Vote in one statement. `choix` must be checked before; "" is a blank ballot.

    Return False when this code cannot vote now, whatever the reason.
    """
    valeurs: dict[str, int | str | date] = {
        "scrutin": scrutin.pk,
        "graine": scrutin.graine,
        "jour": timezone.localdate(),
        "empreinte": empreinte_de(scrutin, code),
        "choix": choix,
    }
    return VOTER(valeurs) == 1


def voter(scrutin: Scrutin, *, code: str, choix: str) -> None:
    """Vote, or raise ErreurMetier with the reason. A ballot cannot be changed.

    The reasons: unknown, used or revoked code, or vote over.
    """
    if not donner(scrutin, code=code, choix=choix):
        raise ErreurMetier(pourquoi_pas(scrutin, code) or "Le vote est clos.")


def pourquoi_pas(scrutin: Scrutin, code: str) -> str:
    """Return why this code cannot vote now; "" when it can."""
    connu = Code.objects.filter(scrutin=scrutin, empreinte=empreinte_de(scrutin, code)).first()
    if connu is None:
        return gettext("Ce code n’existe pas pour ce vote. Vérifiez chaque lettre et chaque chiffre.")
    if connu.sur_papier:
        return gettext("Ce code a été échangé contre un bulletin papier.")
    if connu.est_utilise:
        return gettext(
            "Ce code a déjà voté : son bulletin est bien enregistré. Il compte une fois et ne se change pas. Si une panne a coupé votre envoi, c’est sans doute celui-là."
        )
    if connu.est_revoque:
        return gettext(
            "Ce code a été révoqué, par exemple parce qu’il était perdu. Le service peut vous en remettre un autre."
        )
    scrutin.refresh_from_db(fields=["etat", "date_fin"])
    return "" if scrutin.est_ouvert else gettext("Le vote est clos.")


class _BulletinForm(ActeForm):
    """One field for each projet, named by its number, and the choice of a blank or void ballot."""

    scrutin: Scrutin

    def ajouter_projets(self, scrutin: Scrutin) -> None:
        self.scrutin = scrutin
        for ligne in scrutin.projets.order_by("numero"):
            nom = f"projet_{ligne.numero}"
            if scrutin.est_par_points:
                self.fields[nom] = champ_nombre(str(ligne), minimum=0, maximum=scrutin.points, requis=False)
            else:
                self.fields[nom] = forms.BooleanField(label=str(ligne), required=False)
        self.fields["special"] = forms.ChoiceField(
            label="Ce bulletin est",
            choices=[
                ("", "rempli, comme ci-dessus"),
                ("blanc", "blanc"),
                (NUL, "nul : illisible, ou trop rempli"),
            ],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        points = {
            int(nom.removeprefix("projet_")): int(lus.pop(nom) or 0)
            for nom in [n for n in self.fields if n.startswith("projet_")]
            if nom in lus
        }
        special = lus.pop("special", "")
        choix = regles.ecrire_bulletin(points)
        if special and choix:
            self.add_error("special", "Ce bulletin porte des projets : il n’est ni blanc ni nul.")
        if not special and not choix and not self.errors:
            self.add_error("special", "Aucun projet : dites s’il est blanc ou nul.")
        if not special:
            try:
                regles.verifier_bulletin(
                    regles.lire_bulletin(choix),
                    numeros=list(points),
                    nombre_max=self.scrutin.nombre_max,
                    points=self.scrutin.points if self.scrutin.est_par_points else 0,
                )
            except regles.BulletinRefuse as refus:
                self.add_error(None, f"{refus} Si le papier est ainsi, il est nul.")
        lus["choix"] = NUL if special == NUL else choix
        return lus


class PapierForm(_BulletinForm):
    objet: Scrutin

    numero = champ_nombre("Numéro écrit sur le bulletin", minimum=1, maximum=1_000_000)

    def preparer(self) -> None:
        self.ajouter_projets(self.objet)


# Paper ballots
@acte(
    Page[Scrutin](
        form=PapierForm,
        consequence="Écrivez un numéro sur chaque bulletin en ouvrant l’urne. Deux personnes le saisissent, sans voir ce que l’autre a saisi.",
        gabarit="budgets/vote/saisir_papier.html",
        succes=lambda s, papier: (
            f"Bulletin n° {papier.numero} saisi"
            + (" : les deux saisies diffèrent, un agent tranchera." if papier.differe else ".")
        ),
        retour="#papiers",
    )
)
@transaction.atomic
def saisir_papier(scrutin: Scrutin, *, par: Compte, numero: int, choix: str) -> BulletinPapier:
    """Record one of the two entries of a paper ballot. The second must be by another person.

    When both agree, the ballot counts. Raises ValidationError when this person already entered it, or when
    both entries exist.
    """
    pas = exiger(scrutin, "saisir_papier", par=par)
    papier = scrutin.papiers.filter(numero=numero).first()
    if papier is None:
        papier = BulletinPapier(scrutin=scrutin, numero=numero, premier=choix, premier_par=par)
    elif papier.second is not None:
        raise ValidationError({"numero": "Ce bulletin est déjà saisi deux fois."})
    elif papier.premier_par_id == par.pk:
        raise ValidationError(
            {
                "numero": "Vous avez déjà saisi ce bulletin : la seconde saisie est faite par une autre personne."
            }
        )
    else:
        papier.second, papier.second_par = choix, par
        papier.retenu = choix if choix == papier.premier else None
    enregistrer(papier)
    fait = "première saisie" if papier.second is None else "seconde saisie"
    if papier.differe:
        fait = "les deux saisies diffèrent"
    pas.avancer(fait=f"Bulletin papier n° {numero} : {fait}")
    return papier


class TrancherForm(_BulletinForm):
    objet: BulletinPapier

    def preparer(self) -> None:
        self.ajouter_projets(self.objet.scrutin)
        self.fields["raison"] = champ_ligne("Ce qui faisait différer les deux saisies", MOTIF, maximum=300)


@acte(
    Page[BulletinPapier](
        form=TrancherForm,
        consequence="Reprenez le papier : ce que vous saisissez est ce qui compte.",
        gabarit="budgets/vote/trancher_papier.html",
        contexte=lambda request, papier, form: {"saisies": deux_saisies(papier) if papier.differe else []},
        retour="#papiers",
    )
)
@transaction.atomic
def trancher_papier(papier: BulletinPapier, *, par: Compte, choix: str, raison: str) -> None:
    """Settle the difference between two entries, with the paper."""
    pas = exiger(papier, "trancher_papier", par=par)
    enregistrer(papier, retenu=choix, tranche_par=par, raison=raison)
    pas.avancer(fait=f"Bulletin papier n° {papier.numero} : différence tranchée", motif=raison)


class RetirerPapierForm(ActeForm):
    numero = champ_nombre("Numéro écrit sur le bulletin", minimum=1)
    motif = champ_ligne("Pourquoi", "Écrit dans le journal du vote.", maximum=300)


@acte(
    Page[Scrutin](
        form=RetirerPapierForm,
        consequence="Les saisies de ce numéro ne comptent plus. Le bulletin, s’il existe, se saisit de nouveau, par deux personnes.",
        retour="#papiers",
    )
)
@transaction.atomic
def retirer_papier(scrutin: Scrutin, *, par: Compte, numero: int, motif: str) -> None:
    """Delete an entry with a wrong number or wrong content, so that it can be entered again.

    Raises ValidationError.
    """
    pas = exiger(scrutin, "retirer_papier", par=par)
    papier = scrutin.papiers.filter(numero=numero).first()
    if papier is None:
        raise ValidationError({"numero": "Aucun bulletin papier n’est saisi sous ce numéro."})
    saisies = {"premier": papier.premier, "second": papier.second, "retenu": papier.retenu}
    papier.delete()
    pas.avancer(fait=f"Bulletin papier n° {numero} : saisie retirée", motif=motif, details=saisies)


# Shuffling
def meler(scrutin: Scrutin) -> None:
    """Delete all ballots and write them again in a random order, with new numbers."""
    choix = list(scrutin.bulletins.values_list("choix", flat=True))
    scrutin.bulletins.all().delete()
    random.SystemRandom().shuffle(choix)
    BulletinVote.objects.bulk_create(
        (BulletinVote(id=uuid.uuid4(), scrutin=scrutin, choix=mots) for mots in choix), batch_size=LOT
    )


def confier_le_nettoyage() -> None:
    confier(NETTOYER)


def nettoyer_urnes() -> int:
    """Rewrite the tables so that their storage links no ballot to a code, once a vote is over.

    Return the number of votes cleaned.
    """
    fermes = Scrutin.objects.filter(urne_nettoyee_le=None).exclude(
        etat__in=[EtatScrutin.PREPARATION, EtatScrutin.OUVERT]
    )
    scrutins = list(plus_lues(fermes).values_list("pk", flat=True))
    if not scrutins or not reecrire_tables(BulletinVote, Code):
        return 0
    with transaction.atomic():
        return (
            Scrutin.objects.filter(pk__in=scrutins)
            .exclude(etat=EtatScrutin.OUVERT)
            .update(urne_nettoyee_le=timezone.now())
        )


MOTIF = "Écrit dans le journal du vote."
