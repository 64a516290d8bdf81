"""What people need to come to the meetings ahead, in one list; an order for a need, confirmed by its provider."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.inclusion.models import CommandeDeBesoin
from participation.inclusion.trouver import commande_du_bureau
from participation.inclusion.workflow import EtatCommande
from participation.socle import vitrine
from participation.socle.actions import avancer, ouvrir
from participation.socle.actions.echeances import annuler_echeance, faire_echeance, fixer_echeance
from participation.socle.bd.verrous import verrou
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_ligne,
    champ_nombre,
    champ_texte,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import page_dossier
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.views.pages import Page, acte, page_de
from participation.socle.vitrine import BesoinATenir
from participation.socle.workflow import Role


@dataclass(frozen=True, slots=True)
class RencontreAPreparer:
    """`lignes`: each need, and what is ordered for it."""

    quand: datetime
    rencontre: str
    url: str
    lignes: Sequence[tuple[BesoinATenir, CommandeDeBesoin | None]]

    @property
    def besoins(self) -> list[BesoinATenir]:
        return [besoin for besoin, _ in self.lignes]


Rencontre = tuple[tuple[datetime, str, str], list[BesoinATenir]]


def a_venir() -> list[Rencontre]:
    """Return the meetings to come where somebody said a need, the nearest first: (when, name, page), needs."""
    par_cle: dict[str, BesoinATenir] = {}
    for dit in vitrine.recueillir("besoins_a_tenir"):
        # One séance of a panel has the needs said at the call and those said since: one order serves them.
        deja = par_cle.get(dit.cle)
        par_cle[dit.cle] = replace(dit, combien=dit.combien + deja.combien) if deja else dit
    dits = sorted(par_cle.values(), key=lambda b: (b.quand, b.rencontre, b.besoin))
    return [(cle, list(siens)) for cle, siens in groupby(dits, key=lambda b: (b.quand, b.rencontre, b.url))]


def a_preparer(rencontres: Sequence[Rencontre]) -> list[RencontreAPreparer]:
    """Return these meetings with what is ordered for each need."""
    toutes: Any = CommandeDeBesoin.objects.all()  # typed as the spine
    vivantes = toutes.exclude(etat=EtatCommande.ANNULEE).filter(
        page__in={url for (_, _, url), _ in rencontres}
    )
    commandees = {(c.page, c.besoin): c for c in vivantes}
    return [
        RencontreAPreparer(quand, nom, url, [(b, commandees.get((b.url, b.besoin[:160]))) for b in siens])
        for (quand, nom, url), siens in rencontres
    ]


def a_commander() -> list[RencontreAPreparer]:
    """Return the same, of all, without what is ordered."""
    restent = [replace(r, lignes=[(b, c) for b, c in r.lignes if c is None]) for r in a_preparer(a_venir())]
    return [r for r in restent if r.lignes]


ECHEANCE = "confirmer"
PROPOSEES = 50  # meetings in the list of what may be ordered


class CommanderForm(ActeForm):
    pour = champ_choix("Pour quoi", [], "Ce que des personnes ont demandé, et que rien ne couvre encore.")
    combien = champ_nombre("Pour combien de personnes", minimum=1, maximum=10_000)
    prestataire = champ_ligne("Prestataire", "Qui vient, ou qui fournit.", maximum=160)
    courriel = champ_courriel(
        "Son courriel", "Il y reçoit la commande, et la confirme. Vide : vous l’appelez.", requis=False
    )
    precisions = champ_texte(
        "Ce qu’il doit savoir",
        "Durée, accès, qui appeler sur place. Sans nom de participant.",
        maximum=1000,
        lignes=3,
        requis=False,
    )

    def preparer(self) -> None:
        attendent = a_commander()
        self.fields["pour"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "Choisissez"),
            *(
                (r.rencontre, [(b.cle, f"{b.besoin} : {b.combien}") for b in r.besoins])
                for r in attendent[:PROPOSEES]
            ),
        ]
        if len(attendent) > PROPOSEES:
            self.fields["pour"].help_text += f" Les {PROPOSEES} rencontres les plus proches."


@acte(
    Page(
        form=CommanderForm,
        consequence="Avec un courriel, le prestataire reçoit la commande et la confirme par un lien.",
        succes="La commande est passée.",
        retour=lambda _, commande: commande.get_absolute_url() if commande else reverse("inclusion:besoins"),
        ouvre=True,
    )
)
@transaction.atomic
def commander(commande: CommandeDeBesoin, *, par: Compte, pour: str, **champs: Any) -> CommandeDeBesoin:
    """Raises ValidationError when somebody ordered it meanwhile, or when nobody asks for it any more."""
    verrou(f"inclusion:commander:{pour}")
    besoin = next((b for r in a_commander() for b in r.besoins if b.cle == pour), None)
    if besoin is None:
        raise ValidationError({"pour": "Ce besoin est déjà commandé, ou personne ne le dit plus."})
    commande.reunion = f"{besoin.rencontre} ({besoin.lieu})"[:300] if besoin.lieu else besoin.rencontre[:300]
    commande.page, commande.quand = besoin.url, besoin.quand
    commande.besoin = besoin.besoin[:160]
    for nom, valeur in champs.items():
        setattr(commande, nom, valeur)
    ouvrir(commande, "commander", par=par, champs={"titre": f"{besoin.besoin}, {besoin.rencontre}"[:200]})
    fixer_echeance(
        commande,
        ECHEANCE,
        libelle=f"Faire confirmer : {commande.titre}"[:160],
        date_limite=timezone.localdate(besoin.quand),
        responsable=par,
    )
    _dire_commander(commande)
    return commande


class ConfirmerForm(ActeForm):
    cout = ChampMontant(
        "Prix (€)", "Toutes taxes comprises. Vide : gratuit, ou pas encore connu.", requis=False
    )
    mot = champ_ligne("Un mot", "Qui vient, à quelle heure, quel numéro appeler.", maximum=300, requis=False)


@acte(
    Page(
        form=ConfirmerForm,
        consequence=(
            "Qui a dit ce besoin et laissé un courriel, un mobile ou une adresse postale est prévenu. Prévenez les autres."
        ),
        succes="C’est confirmé.",
    )
)
@transaction.atomic
def confirmer_commande(
    commande: CommandeDeBesoin, *, par: Compte | None, cout: Decimal | None, mot: str
) -> None:
    """Confirm once; the app of the meeting tells who said the need."""
    avancer(
        commande,
        "confirmer_commande",
        par=par,
        champs={"cout": cout, "mot": mot, "confirmee_le": timezone.now()},
    )
    faire_echeance(commande, ECHEANCE)
    list(vitrine.recueillir("besoin_assure", commande.page, commande.besoin))


@acte(
    Page(
        consequence="Le prestataire en est prévenu, s’il a donné un courriel. Le besoin est de nouveau à couvrir."
    )
)
@transaction.atomic
def annuler_commande(
    commande: CommandeDeBesoin, *, par: Compte, motif: Annotated[str, champ_ligne("Pourquoi", maximum=160)]
) -> None:
    avancer(commande, "annuler_commande", par=par, motif=motif, champs={"clos_le": timezone.now()})
    annuler_echeance(commande, ECHEANCE)
    _dire_annuler_commande(commande)


def _dire_commander(commande: CommandeDeBesoin) -> None:
    if commande.courriel:
        lien = reverse("inclusion:ma_commande", args=[commande.jeton()])
        ecrire(
            "inclusion/commander",
            a=[commande.courriel],
            dossier=commande,
            contexte={"commande": commande, "lien": lien},
        )


def _dire_annuler_commande(commande: CommandeDeBesoin) -> None:
    if commande.courriel:
        ecrire(
            "inclusion/annuler_commande",
            a=[commande.courriel],
            dossier=commande,
            contexte={"commande": commande},
        )


PAR_PAGE = 25


@reserve_a(Role.AGENT)
@require_safe
def besoins(request: RequeteConnectee) -> HttpResponse:
    page = Paginator(a_venir(), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "rencontres": a_preparer(list(page.object_list))}
    return render(request, "inclusion/besoins.html", contexte)


@reserve_a(Role.AGENT)
@require_safe
def commande(request: RequeteConnectee, pk: int) -> HttpResponse:
    return page_dossier(request, commande_du_bureau(request, pk), "inclusion/commande.html", {})


def _commande(jeton: str) -> CommandeDeBesoin | None:
    toutes: Any = CommandeDeBesoin.objects.all()
    trouvee: CommandeDeBesoin | None = CommandeDeBesoin.LIEN.trouver(jeton, toutes)
    return trouvee


LA_SIENNE = Ensemble[CommandeDeBesoin](
    pages={"confirmer_commande": page_de(confirmer_commande)},
    gabarit="inclusion/ma_commande.html",
    contexte=lambda request, commande: {"commande": commande},
    par_lien=True,
)


@personnelle(_commande, lambda request: lien_inconnu(request, "aucune commande", app="inclusion"))
def ma_commande(request: HttpRequest, commande: CommandeDeBesoin, jeton: Any) -> HttpResponse:
    """The provider confirms, and says its price."""
    return LA_SIENNE.page(request, lambda: CommandeDeBesoin.objects.get(pk=commande.pk))
