"""A budget and its phases: prepared, published, moved, closed; what may be done today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Min, OuterRef, Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from participation.budgets import phases
from participation.budgets.conservation import AUTEURS, a_proposer, auteurs_a_effacer
from participation.budgets.models import AuteurIdee, Budget, Idee, Phase, ProjetQuartier
from participation.budgets.phases import Periode
from participation.budgets.trouver import budget_du_bureau
from participation.budgets.workflow.budget import (
    LAUREATS,
    Capacite,
    EtatIdee,
    EtatProjetQuartier,
    NaturePhase,
)
from participation.droits.eliminations.actes import eliminee
from participation.socle import langues
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_jour, champ_ligne, champ_nombre, champ_texte
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import accorder, majuscule, periode_texte
from participation.socle.graphiques import EtapeFrise, Statut
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Combien, Compte, Courriel
from participation.socle.views.dossier import Bouton, Boutons, avec_actes, boutons_de, pages_du_journal
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role


def frise(budget: Budget, jour: date | None = None) -> list[EtapeFrise]:
    """Phases with their dates and what may be done: past, in progress, to come."""
    jour = jour or timezone.localdate()
    etapes = []
    for periode in budget.periodes:
        statut: Statut = "passe" if periode.fin < jour else "en_cours" if periode.debut <= jour else "a_venir"
        etapes.append(
            EtapeFrise(
                majuscule(periode.nom),
                majuscule(periode_texte(periode.debut, periode.fin)),
                CE_QUI_SE_PASSE[NaturePhase(periode.nature)],
                statut,
            )
        )
    return etapes


CE_QUI_SE_PASSE: dict[NaturePhase, str] = {
    NaturePhase.IDEES: "Chacun propose des idées : en ligne, sur papier, par téléphone, en atelier.",
    NaturePhase.DISCUSSION: "Au forum et dans les quartiers, les idées sont discutées et réunies en projets.",
    NaturePhase.FAISABILITE: ici_plus_tard(
        "Les directions de la {metropole} disent si chaque projet est faisable, et ce qu’il coûte."
    ),
    NaturePhase.VOTE: "Les habitantes et habitants des quartiers votent.",
    NaturePhase.REALISATION: "Les projets lauréats sont réalisés, étape par étape.",
}


@dataclass(frozen=True, slots=True)
class Maintenant:
    """What may be done today, in words, and the next phase; said in the language of the page that shows them."""

    ici: Periode | None
    apres: Periode | None
    a_commence: bool
    permis: Sequence[str]

    @property
    def phrase(self) -> str:
        if self.ici:
            dits = {"phase": majuscule(gettext(self.ici.nom)), "jour": langues.jour(self.ici.fin)}
            return gettext("%(phase)s, jusqu’au %(jour)s") % dits
        if not self.apres:
            return gettext("Toutes les phases sont passées")
        return gettext("Entre deux phases") if self.a_commence else gettext("Bientôt")

    @property
    def ensuite(self) -> str:
        if not self.apres:
            return ""
        dits = {"phase": gettext(self.apres.nom), "jour": langues.jour(self.apres.debut)}
        return gettext("Ensuite : %(phase)s, à partir du %(jour)s.") % dits


def maintenant(budget: Budget, jour: date | None = None) -> Maintenant:
    jour = jour or timezone.localdate()
    periodes = budget.periodes
    return Maintenant(
        phases.en_cours(periodes, jour),
        phases.suivante(periodes, jour),
        bool(periodes) and periodes[0].debut <= jour,
        [str(Capacite(c).label) for c in Capacite.values if c in budget.capacites(jour)],
    )


def dire_la_cloture(budget: Budget) -> str:
    fin = "Plus rien ne change. Le délai de conservation des coordonnées des auteurs commence."
    if budget.est_au_bout:
        return fin
    phase = budget.phrase_de_phase().rstrip(".")
    return f"Ce budget n’est pas fini ({phase}) : une fois clos, on n’y dépose plus d’idée et on n’y vote plus. {fin}"


class BudgetForm(ActeForm):
    titre = champ_ligne("Titre", "Par exemple « Budget des quartiers 2027 ».", maximum=120)
    annee = champ_nombre("Année", minimum=2024, maximum=2100)
    montant = ChampMontant("Somme à répartir (€)", positif=True)
    texte = champ_texte(
        "Présentation", "Ce que c’est, qui peut participer, en phrases simples.", maximum=4000
    )
    regles = champ_texte(
        "Règles des idées",
        "Ce qu’une idée doit respecter : une règle par ligne.",
        maximum=3000,
        lignes=4,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"annee": timezone.localdate().year + 1}


@acte(
    Page[Budget](
        ouvre=True,
        form=BudgetForm,
        consequence="Personne ne le voit avant que vous le publiiez.",
        succes="Budget préparé. Fixez maintenant les dates des phases.",
        retour=lambda budget, fait: budget.get_absolute_url() if fait else reverse("budgets:budgets"),
        contexte=lambda *_: {"sujet": ""},
    )
)
def preparer_budget(
    budget: Budget, *, par: Compte, titre: str, annee: int, montant: Decimal, texte: str, regles: str = ""
) -> Budget:
    """Create a draft, not visible before its publication."""
    champs = {"titre": titre, "annee": annee, "montant": montant, "texte": texte, "regles": regles}
    avancer(budget, "preparer_budget", par=par, champs=champs)
    return budget


class ModifierBudgetForm(BudgetForm):
    motif = champ_texte(
        "Pourquoi la somme change",
        "Demandé si la somme change une fois le budget publié. Public.",
        maximum=1000,
        lignes=2,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {nom: getattr(self.objet, nom) for nom in ("titre", "annee", "montant", "texte", "regles")}


@acte(Page[Budget](form=ModifierBudgetForm))
def modifier_budget(budget: Budget, *, par: Compte, motif: str = "", **champs: Any) -> None:
    """Change the texts or the amount.

    Once published, a new amount needs a reason, and the line of the journal is public.
    """
    avant = budget.montant
    est_public = budget.est_public and champs.get("montant", avant) != avant
    if est_public and not motif.strip():
        raise ValidationError({"motif": "Dites pourquoi la somme change : c’est public."})
    avancer(budget, "modifier_budget", par=par, champs=champs, motif=motif, est_publique=est_public)


class FixerPhasesForm(ActeForm):
    """First and last day of each phase. `clean` returns them as `dates`, by phase."""

    def preparer(self) -> None:
        actuelles = {p.nature: p for p in self.objet.periodes}
        for nature in NaturePhase:
            for bout, mot in (("debut", "du"), ("fin", "au")):
                champ = champ_jour(f"{majuscule(nature.label)}, {mot}", erreur="Donnez ce jour.")
                champ.widget.attrs["class"] = "champ-court"
                self.fields[f"{nature}_{bout}"] = champ
                if nature in actuelles:
                    self.initial[f"{nature}_{bout}"] = getattr(actuelles[nature], bout)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if self.errors:
            return dit
        dates = {str(n): (dit[f"{n}_debut"], dit[f"{n}_fin"]) for n in NaturePhase}
        for phrase in phases.defauts(phases.Periode(n, *bornes) for n, bornes in dates.items()):
            self.add_error(None, phrase)
        return {"dates": dates}


@acte(
    Page[Budget](
        form=FixerPhasesForm,
        consequence="Cinq phases, dans cet ordre, jamais deux le même jour. Ce qui peut être fait chaque jour en découle.",
    )
)
@transaction.atomic
def fixer_phases(budget: Budget, *, par: Compte, dates: Mapping[str, tuple[date, date]]) -> None:
    """Set all the phases, before the publication. Raises ValidationError when they are not in order."""
    pas = exiger(budget, "fixer_phases", par=par)
    defauts = phases.defauts(Periode(nature, *bornes) for nature, bornes in dates.items())
    if defauts:
        raise ValidationError(defauts)
    budget.phases.all().delete()
    for nature, (debut, fin) in dates.items():
        enregistrer(Phase(budget=budget, nature=nature, date_debut=debut, date_fin=fin))
    pas.avancer(details={nature: [d.isoformat(), f.isoformat()] for nature, (d, f) in dates.items()})


class DeplacerPhaseForm(ActeForm):
    date_debut = champ_jour("Premier jour")
    date_fin = champ_jour("Dernier jour")
    motif = champ_texte("Pourquoi", "Public : la raison est lue avec les dates.", maximum=1000, lignes=2)

    def initiales(self) -> Mapping[str, Any]:
        return {"date_debut": self.objet.date_debut, "date_fin": self.objet.date_fin}


@acte(
    Page[Phase](
        form=DeplacerPhaseForm,
        consequence="Les nouvelles dates et la raison sont publiques. Les autres phases gardent leurs dates.",
    )
)
@transaction.atomic
def deplacer_phase(phase: Phase, *, par: Compte, date_debut: date, date_fin: date, motif: str) -> None:
    """Change the dates of a phase that is not over, with a public reason.

    Raises ValidationError if they overlap another phase, or change the first day of a phase already begun.
    """
    pas = exiger(phase, "deplacer_phase", par=par)
    jour = timezone.localdate()
    if (date_debut, date_fin) == (phase.date_debut, phase.date_fin):
        raise ValidationError({"date_debut": "Ce sont déjà les dates de cette phase."})
    if phase.date_debut <= jour and date_debut != phase.date_debut:
        raise ValidationError({"date_debut": "La phase a commencé : son premier jour ne change plus."})
    if date_fin < jour:
        raise ValidationError({"date_fin": "Ce jour est passé. Choisissez aujourd’hui ou plus tard."})
    autres = [p for p in phase.budget.periodes if p.nature != phase.nature]
    if defauts := phases.defauts([*autres, Periode(phase.nature, date_debut, date_fin)]):
        raise ValidationError(defauts)
    nom = NaturePhase(phase.nature).label
    pas.avancer(
        champs={"date_debut": date_debut, "date_fin": date_fin},
        fait=f"Phase « {nom} » : {periode_texte(date_debut, date_fin)}",
        motif=motif.strip(),
        details={"avant": [phase.date_debut.isoformat(), phase.date_fin.isoformat()]},
    )


@acte(
    Page[Budget](
        consequence="La page du budget et ses dates deviennent publiques. Ensuite, une date ne change qu’avec une raison publique."
    )
)
def publier_budget(budget: Budget, *, par: Compte) -> None:
    avancer(budget, "publier_budget", par=par)


@acte(
    Page[Budget](form=demander_texte("Un mot de bilan, public", facultatif=True), consequence=dire_la_cloture)
)
def clore_budget(budget: Budget, *, par: Compte, motif: str = "") -> None:
    avancer(budget, "clore_budget", par=par, champs={"clos_le": timezone.now()}, motif=motif)


@acte(
    Page[Budget](
        consequence=lambda budget: (
            f"{accorder(auteurs_a_effacer(budget).count(), 'personne')} : nom, adresse, téléphone et lettres sont "
            "effacés sans retour. Les idées restent."
        )
    )
)
@transaction.atomic
def effacer_auteurs(budget: Budget, *, par: Compte) -> int:
    """Erase the authors of the idées and their letters. The idées stay. Return the number of authors."""
    pas = exiger(budget, "effacer_auteurs", par=par)
    auteurs = list(auteurs_a_effacer(budget).values_list("pk", "idee"))
    oublier_auteurs([pk for pk, _ in auteurs])
    eliminee(AUTEURS, budget.pk, len(auteurs))
    Courriel.objects.filter(dossier__in={idee for _, idee in auteurs}).delete()
    pas.avancer(
        fait=f"Coordonnées effacées : {accorder(len(auteurs), 'auteur')}", details={"nombre": len(auteurs)}
    )
    return len(auteurs)


def oublier_auteurs(numeros: list[int]) -> None:
    AuteurIdee.objects.filter(pk__in=numeros).update(
        nom="", courriel="", telephone="", confirme_le=None, efface_le=timezone.now()
    )
    # The position is personal as long as no agent has read the idée.
    Idee.objects.filter(auteurs__in=numeros, etat=EtatIdee.A_LIRE).update(latitude=None, longitude=None)


PRINCIPAUX = ("publier_budget", "creer_projet_quartier", "clore_budget")
AILLEURS = {"deplacer_phase", "effacer_auteurs"}


@reserve_a(Role.AGENT)
@require_safe
def budgets(request: RequeteConnectee) -> HttpResponse:
    lignes = [
        (budget, budget.ensuite())
        for budget in Budget.objects.avec_phases().annotate(
            # Two joins would make a row of each idée beside each projet.
            combien_d_idees=Combien(Idee.objects.filter(budget=OuterRef("pk"))),
            combien_de_projets=Combien(ProjetQuartier.objects.filter(budget=OuterRef("pk"))),
        )
    ]
    return render(request, "budgets/cycle/budgets.html", {"lignes": lignes, "a_effacer": a_proposer()})


@reserve_a(Role.AGENT)
@require_safe
def budget(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of a budget: état, what may be done today, pending idées and projets."""
    trouve = budget_du_bureau(request, pk)
    apparence, mots = trouve.apparence, trouve.mots_de_suite()
    return render(
        request,
        "budgets/cycle/budget.html",
        {
            "budget": trouve,
            "apparence": apparence,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": avec_actes(trouve, request.user, apparence.pour.get(Role.AGENT, "")),
            "boutons": boutons(trouve, request.user),
            "maintenant": maintenant(trouve),
            "phases": [(phase, boutons_de(phase, request.user)) for phase in trouve.phases.all()],
            "avant_de_publier": trouve.manques("publier_budget", request.user)
            if trouve.etat == "preparation"
            else [],
            "attentes": attentes(trouve),
            "sommes": sommes(trouve),
            "forums": trouve.forums.all(),
            "actes": trouve.actes_permis_a(request.user),
            "peut_noter": trouve.peut(Capacite.SAISIR),
            "a_effacer": auteurs_a_effacer(trouve).count(),
            "journal": pages_du_journal(request, trouve),
        },
    )


def boutons(budget: Budget, compte: Compte) -> Boutons:
    """Main button: the act that is due. The other acts beside; the dangerous ones folded."""
    offerts = {b.acte: b for b in boutons_de(budget, compte) if b.acte not in AILLEURS}
    dus = [acte for acte in PRINCIPAUX if acte != "clore_budget" or budget.est_au_bout]
    principal = next(
        (offerts[acte] for acte in dus if acte in offerts and not budget.manques(acte, compte)), None
    )
    seconds: list[Bouton] = [b for b in offerts.values() if b is not principal and not b.est_dangereux]
    return Boutons(
        principal, seconds, [b for b in offerts.values() if b.est_dangereux and b is not principal]
    )


def attentes(budget: Budget) -> list[tuple[str, int, str, datetime | None]]:
    """(words, number, end of the URL of the list, date of the oldest one that waits for an agent)."""
    en_etude = frozenset(
        {EtatProjetQuartier.ETUDE, EtatProjetQuartier.FAISABILITE, EtatProjetQuartier.FAISABLE}
    )
    sortes: tuple[tuple[str, Any, Any, str, frozenset[str]], ...] = (
        ("Idées", budget.idees, EtatIdee, "ouvert_le", frozenset({EtatIdee.A_LIRE})),
        ("Projets", budget.projets, EtatProjetQuartier, "modifie_le", en_etude),
    )
    lignes = []
    for nom, voix, etats, le, attendus in sortes:
        lus = voix.order_by().values_list("etat").annotate(n=Count("pk"), depuis=Min(le))
        par_etat = {etat: (combien, depuis) for etat, combien, depuis in lus}
        for etat, mot in etats.choices:
            if etat in par_etat:
                combien, depuis = par_etat[etat]
                adresse = f"{nom.lower().replace('é', 'e')}/?etat={etat}"
                lignes.append((f"{nom} : {mot}", combien, adresse, depuis if etat in attendus else None))
    return lignes


def sommes(budget: Budget) -> dict[str, Any]:
    """Costs of the projets, to compare with the amount of the budget."""
    couts = budget.projets.aggregate(
        au_vote=Sum("cout", filter=Q(etat=EtatProjetQuartier.AU_VOTE)),
        laureats=Sum("cout", filter=Q(etat__in=sorted(LAUREATS))),
    )
    # Apart: joined to the jalons, a cost would count several times.
    return couts | budget.projets.aggregate(depense=Sum("jalons__depense"))
