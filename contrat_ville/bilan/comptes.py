"""Accounts of a projet once its bilan is received: spent, received, owed by each financer, an excess asked back.

Money only, nothing in kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contrat_ville.models import Financement, LigneBudget, Projet, Reversement
from contrat_ville.porteurs.lettres import c_est_dit, ecrire_a_l_equipe, et_l_equipe, lettre_vers
from contrat_ville.regles import repartir
from contrat_ville.trouver import projet_du_bureau
from contrat_ville.workflow import PRORATA, Sens
from participation.socle.actions import annuler_echeance, exiger, faire_echeance, fixer_echeance
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_texte, propose
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, montant
from participation.socle.francais import montant as en_euros
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.montants import CENTIME
from participation.socle.views.dossier import Bouton, boutons_de
from participation.socle.views.pages import Page, acte

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Comptes:
    """Figures of a bilan. `depense` None: the bilan does not say it.

    `autres`: what came from elsewhere than the financers of `accordes`.
    """

    prevu: Decimal
    depense: Decimal | None
    autres: Decimal
    accordes: Mapping[int, Decimal]

    @property
    def accorde(self) -> Decimal:
        return sum(self.accordes.values(), start=ZERO)

    @property
    def excedent(self) -> Decimal:
        """What the grants and the other receipts leave above the expenses."""
        return max(ZERO, self.accorde + self.autres - self.depense) if self.depense is not None else ZERO


def definitifs(comptes: Comptes, *, regle: str, seuil: Decimal) -> dict[int, Decimal]:
    """Return {financer: what it owes in the end}, to the cent. Nothing is taken back up to `seuil` euros in all."""
    total = du = comptes.accorde
    if comptes.depense is None or not total:
        return dict(comptes.accordes)
    if regle == PRORATA and comptes.depense < comptes.prevu:
        du = (total * comptes.depense / comptes.prevu).quantize(CENTIME, ROUND_FLOOR)
    du = min(du, max(ZERO, comptes.depense - comptes.autres))
    if total - du <= seuil:
        return dict(comptes.accordes)
    parts = repartir(du, list(comptes.accordes.values()))
    return dict(zip(comptes.accordes, parts, strict=True))


def desequilibre(depenses: Decimal, recettes: Decimal) -> str:
    """Return the difference of a bilan in a sentence; "" when both sides are equal."""
    if depenses == recettes:
        return ""
    sens = "dépassent" if recettes > depenses else "n’atteignent pas"
    return f"Les recettes ({montant(recettes)}) {sens} les dépenses ({montant(depenses)}) : {montant(abs(recettes - depenses))} d’écart."


def comptes_de(projet: Projet) -> Comptes:
    lignes = [ligne for ligne in projet.budget.all() if not ligne.est_en_nature]
    depenses = [ligne for ligne in lignes if ligne.sens == Sens.DEPENSE]
    dites = [ligne.realise for ligne in depenses if ligne.realise is not None]
    accordes = {f.financeur_id: f.accorde or Decimal(0) for f in projet.financements.filter(accorde__gt=0)}
    autres = [
        ligne.realise or Decimal(0)
        for ligne in lignes
        if ligne.sens == Sens.RECETTE and ligne.financeur_id not in accordes
    ]
    return Comptes(
        prevu=sum((ligne.montant for ligne in depenses), start=Decimal(0)),
        depense=sum(dites, start=Decimal(0)) if dites else None,
        autres=sum(autres, start=Decimal(0)),
        accordes=accordes,
    )


def definitifs_proposes(projet: Projet) -> dict[int, Decimal]:
    """Return {financer: what the règlement of the programmation says it owes in the end}."""
    programmation = projet.programmation
    return definitifs(
        comptes_de(projet), regle=programmation.regle_excedent, seuil=programmation.seuil_reversement
    )


@dataclass(frozen=True, slots=True)
class ComptesLus:
    """Accounts shown: sums of the bilan, what stands out, and what each financer owes once they are settled."""

    depense: Decimal
    prevu: Decimal
    recettes: Decimal
    ecart: str
    excedent: Decimal
    financements: list[Financement]
    reversements: list[Reversement]

    @property
    def part(self) -> int | None:
        """Percentage of the planned expenses that was spent."""
        return int(100 * self.depense / self.prevu) if self.prevu else None


def comptes_lus(projet: Projet) -> ComptesLus | None:
    """Return None until a bilan says what was spent."""
    comptes = comptes_de(projet)
    if comptes.depense is None:
        return None
    _, recettes = sommes_dites(projet.budget.all())
    return ComptesLus(
        comptes.depense,
        comptes.prevu,
        recettes,
        desequilibre(comptes.depense, recettes),
        comptes.excedent,
        list(projet.financements.filter(accorde__gt=0).select_related("financeur")),
        list(
            Reversement.objects.filter(financement__projet=projet.pk, annule_le=None).select_related(
                "financement__financeur"
            )
        ),
    )


def sommes_dites(lignes: Iterable[LigneBudget]) -> tuple[Decimal, Decimal]:
    """Return (expenses, receipts) of a bilan, in money."""
    sommes = dict.fromkeys(Sens.values, Decimal(0))
    for ligne in lignes:
        if not ligne.est_en_nature:
            sommes[ligne.sens] += ligne.realise or Decimal(0)
    return sommes[Sens.DEPENSE], sommes[Sens.RECETTE]


def ecart_de(lignes: Iterable[LigneBudget]) -> str:
    """Return the difference of the two sides in a sentence; "" when they are equal."""
    return desequilibre(*sommes_dites(lignes))


REVERSEMENT = "reversement"
RAPPELS, RELANCES = [7], [7, 30]  # days before, then after, the due date


class ArreterComptesForm(ActeForm):
    """One amount for each financer, as the règlement gives it."""

    objet: Projet

    date_limite = champ_jour(
        "Le trop-perçu est à reverser au plus tard le",
        "Demandé si un financeur a versé plus que ce qu’il doit.",
        requis=False,
    )
    motif = champ_texte(
        "Pourquoi d’autres montants que ceux du règlement",
        "L’équipe lit ces mots.",
        requis=False,
        maximum=2000,
        lignes=3,
    )

    def preparer(self) -> None:
        proposes = definitifs_proposes(self.objet)
        self.financeurs = {}
        for f in self.objet.financements.filter(accorde__gt=0).select_related("financeur"):
            nom = f"definitif_{f.financeur_id}"
            self.financeurs[nom] = f.financeur_id
            self.fields[nom] = ChampMontant(
                f"{f.financeur} doit en tout, en euros",
                f"Accordé : {en_euros(f.accorde)}. Versé : {en_euros(f.verse)}. "
                f"D’après le règlement : {en_euros(proposes[f.financeur_id])}.",
            )
            self.initial[nom] = proposes[f.financeur_id] if f.definitif is None else f.definitif
        self.order_fields([*self.financeurs, "date_limite", "motif"])
        jours = self.objet.programmation.delai_reversement_jours
        self.initial["date_limite"] = propose(timezone.localdate() + timedelta(days=jours))

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        donnees["definitifs"] = {
            financeur: donnees.pop(nom) for nom, financeur in self.financeurs.items() if nom in donnees
        }
        return donnees


@acte(
    Page[Projet](
        form=ArreterComptesForm,
        consequence=et_l_equipe(
            "arreter_comptes",
            "L’équipe reçoit les montants par courriel.",
            "Ce qui reste à verser ne dépasse plus ces montants. Ce qui est versé en trop est demandé à l’équipe, et suivi.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "arreter_comptes", **contexte_des_comptes(p, **reponses)),
        gabarit="contrat_ville/bilan/arreter_comptes.html",
        contexte=lambda _, projet, __: {"comptes": comptes_lus(projet)},
        retour="#comptes",
        succes=c_est_dit("arreter_comptes", "Les comptes sont arrêtés"),
    )
)
@transaction.atomic
def arreter_comptes(
    projet: Projet,
    *,
    par: Compte,
    definitifs: Mapping[int, Decimal],
    date_limite: date | None = None,
    motif: str = "",
) -> None:
    """Say what each financer owes in the end. What was paid above is asked back, before `date_limite`.

    May be done again: what was asked back before and did not come is replaced. Raises ValidationError when an amount
    is above the grant, when it is not what the règlement says and no reason is given, or without a date to come when
    something is asked back.
    """
    pas = exiger(projet, "arreter_comptes", par=par)
    siens = list(
        projet.financements.filter(accorde__gt=0).select_for_update(of=("self",)).select_related("financeur")
    )
    for financement in siens:
        somme = definitifs.get(financement.financeur_id, Decimal(0))
        if somme > (financement.accorde or Decimal(0)):
            raise ValidationError(
                {
                    f"definitif_{financement.financeur_id}": f"{en_euros(financement.accorde)} sont accordés, pas plus."
                }
            )
        financement.definitif = somme
    if dict(definitifs) != definitifs_proposes(projet) and not motif.strip():
        raise ValidationError({"motif": "Ce n’est pas ce que donne le règlement : dites pourquoi."})
    oublier_les_reversements(projet)
    for financement in siens:
        financement.save(update_fields=["definitif"])
    a_rendre = [(f, f.trop_verse - _deja_rendu(f.pk)) for f in siens]
    if any(somme > 0 for _, somme in a_rendre):
        if date_limite is None or date_limite <= timezone.localdate():
            raise ValidationError(
                {"date_limite": "Laissez du temps pour reverser : choisissez une date à venir."}
            )
        for financement, somme in a_rendre:
            if somme > 0:
                Reversement.objects.create(financement=financement, montant=somme, date_limite=date_limite)
        fixer_echeance(
            projet,
            REVERSEMENT,
            libelle="Reverser le trop-perçu",
            date_limite=date_limite,
            rappels=RAPPELS,
            relances=RELANCES,
            escalade=projet.programmation.escalade_jours,
            responsable=signataire_de(projet),
            lien=projet.get_porteur_url(),
        )
    pas.avancer(
        motif=motif,
        details={"definitifs": {str(financeur): str(somme) for financeur, somme in definitifs.items()}},
    )
    _dire_arreter_comptes(projet, definitifs, date_limite, motif)


def _deja_rendu(financement: int) -> Decimal:
    recus = Reversement.objects.filter(financement=financement).values_list("recu", flat=True)
    return sum(recus, start=Decimal(0))


def oublier_les_reversements(projet: Projet) -> None:
    """Cancel what is still asked back: the accounts are settled again, or the bilan is written again."""
    attendus = Reversement.objects.filter(financement__projet=projet.pk, annule_le=None)
    attendus.filter(recu=0).update(annule_le=timezone.now())
    for entame in attendus.exclude(recu=0):
        entame.montant = entame.recu
        entame.save(update_fields=["montant"])
    annuler_echeance(projet, REVERSEMENT)


def rouvrir_les_comptes(projet: Projet) -> None:
    oublier_les_reversements(projet)
    projet.financements.update(definitif=None)


class ReversementForm(ActeForm):
    objet: Reversement

    montant = ChampMontant("Montant (€)", positif=True)
    date = champ_jour("Reçu le")
    reference = champ_ligne("Référence", "Numéro du titre de recette.", requis=False, maximum=60)

    def initiales(self) -> Mapping[str, Any]:
        return {"montant": self.objet.reste}


@acte(
    Page[Reversement](
        form=ReversementForm,
        consequence=lambda r: f"{r}, au plus tard le {jour_texte(r.date_limite)}.",
        retour="#comptes",
    )
)
@transaction.atomic
def enregistrer_reversement(
    reversement: Reversement, *, par: Compte, montant: Decimal, date: date, reference: str = ""
) -> None:
    """Record money given back. Raises ValidationError above what is asked, or for a future date."""
    pas = exiger(reversement, "enregistrer_reversement", par=par)
    if date > timezone.localdate():
        raise ValidationError(
            {"date": "Ce jour n’est pas encore passé : un reversement se note une fois reçu."}
        )
    if montant > reversement.reste:
        raise ValidationError({"montant": f"Il reste {en_euros(reversement.reste)} à reverser."})
    pas.avancer(
        champs={"recu": reversement.recu + montant, "recu_le": date, "reference": reference},
        fait=f"Reversement de {en_euros(montant)}, {reversement.financement.financeur.court}, reçu le {jour_texte(date)}",
        details={"reversement": reversement.pk},
    )
    projet = reversement.suivi
    attendus = Reversement.objects.filter(financement__projet=projet.pk, annule_le=None)
    if not any(autre.est_attendu for autre in attendus):
        faire_echeance(projet, REVERSEMENT)


def signataire_de(projet: Projet) -> Compte | None:
    """Return the member of the team who is reminded of what it owes."""
    equipier = (
        projet.equipe.presents()
        .filter(role="signataire", compte__is_active=True)
        .select_related("compte")
        .first()
    )
    return equipier.compte if equipier is not None else None


def contexte_des_comptes(
    projet: Projet, definitifs: Mapping[int, Decimal], date_limite: date | None, motif: str
) -> dict[str, object]:
    """Return what the letter says, line by line, with the amounts as they will be."""
    lignes = []
    rend = False
    for f in projet.financements.filter(accorde__gt=0).select_related("financeur"):
        du = definitifs.get(f.financeur_id, f.du)
        reste, trop = max(Decimal(0), du - f.verse), max(Decimal(0), f.verse - du)
        suite = "tout est versé"
        if reste:
            suite = f"il reste {en_euros(reste)} à vous verser"
        elif trop:
            suite, rend = f"vous devez lui rendre {en_euros(trop)}", True
        lignes.append(f"{f.financeur} : {en_euros(du)}, sur {en_euros(f.accorde)} accordés ; {suite}.")
    return {"lignes": lignes, "date_limite": date_limite if rend else None, "motif": motif}


def _dire_arreter_comptes(
    projet: Projet, definitifs: Mapping[int, Decimal], date_limite: date | None, motif: str
) -> None:
    dit: dict[str, Any] = contexte_des_comptes(projet, definitifs, date_limite, motif)
    ecrire_a_l_equipe(projet, "arreter_comptes", **dit)


def reversement_du_bureau(request: RequeteConnectee, pk: int) -> Reversement:
    reversement = get_object_or_404(Reversement.objects.select_related("financement__financeur"), pk=pk)
    reversement.financement.projet = projet_du_bureau(request, reversement.financement.projet_id)
    return reversement


def reversements_de(projet: Projet, compte: Compte) -> list[tuple[Reversement, list[Bouton]]]:
    """Each amount asked back with its buttons."""
    lignes: list[tuple[Reversement, Any]] = []
    for reversement in Reversement.objects.filter(
        financement__projet=projet.pk, annule_le=None
    ).select_related("financement__financeur"):
        reversement.financement.projet = projet
        lignes.append((reversement, boutons_de(reversement, compte)))
    return lignes
