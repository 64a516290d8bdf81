"""Count of a vote: made by the worker, set aside, departed from, published; its forms."""

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from participation.budgets.depouillement import Choix, Regle, Urne, depouiller
from participation.budgets.depouillement.pb import Entete, ecrire_pb
from participation.budgets.models import NUL, Depouillement, Derogation, ProjetAuVote, Scrutin
from participation.budgets.projets.actes import proclamer_laureat, proclamer_non_retenu
from participation.budgets.vote.regles import pour_le_compte
from participation.budgets.vote.urne import MOTIF
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.calendrier import est_loin
from participation.socle.collectivite import collectivite
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_parmi, champ_texte
from participation.socle.francais import accorder, enumerer, nombre
from participation.socle.models import Compte
from participation.socle.travaux.differes import ATTENDU, confier
from participation.socle.views.pages import Page, acte

ReprendreForm = demander_texte("Pourquoi", aide=MOTIF)


class DepouillerForm(ActeForm):
    """Ask why paper ballots lack, when some do."""

    objet: Scrutin

    motif = champ_texte("Pourquoi des bulletins papier manquent", MOTIF, maximum=600, lignes=2, requis=False)

    def preparer(self) -> None:
        if not self.objet.papiers_manquants:
            del self.fields["motif"]


class DerogerForm(ActeForm):
    objet: Scrutin

    ligne = champ_parmi(
        "Projet",
        ProjetAuVote.objects.none(),
        "Un projet que le résultat retient sera écarté ; un autre sera ajouté, si le budget le permet.",
    )
    raison = champ_texte("Raison, lue par tous", maximum=2000, lignes=4)

    def preparer(self) -> None:
        self.choisir("ligne", self.objet.projets.all())


journal = logging.getLogger(__name__)
TACHE = "budgets.compter_bulletins"
TENTATIVES_MAX = 3
ABANDON = timedelta(minutes=3)
SOUFFLE = 0.5  # seconds between two updates of the progress
EN_COURS = Depouillement.Etat.EN_COURS


@acte(
    Page[Scrutin](
        form=DepouillerForm,
        consequence=lambda s: (
            f"{s.dire_les_manquants()} Tous les bulletins sont comptés par les deux règles. Celle du règlement fait le "
            "résultat. Rien n’est encore publié."
        ).strip(),
        retour="#resultat",
    )
)
@transaction.atomic
def depouiller_scrutin(scrutin: Scrutin, *, par: Compte, motif: str = "") -> Depouillement:
    """Start the count. Raises ValidationError on « motif » when paper ballots lack and nothing says why."""
    pas = exiger(scrutin, "depouiller_scrutin", par=par)
    manquants = scrutin.dire_les_manquants()
    if manquants and not motif.strip():
        raise ValidationError({"motif": f"{manquants} Cherchez dans l’urne et saisissez, ou dites pourquoi."})
    depouillement = Depouillement.objects.create(
        scrutin=scrutin, etape="Lecture des bulletins", total=scrutin.montant
    )
    pas.avancer(motif=f"{manquants} {motif}".strip() if manquants else "")
    confier(TACHE, depouillement.pk, priorite=ATTENDU)
    return depouillement


def compter_bulletins(numero: int) -> bool:
    """Count all ballots by both rules.

    For a worker; safe to call twice, and retried by the sweep after a crash. Return whether the count was
    made.
    """
    with verrou_de_session(f"depouillement:{numero}") as libre:
        demandes = Depouillement.objects.filter(pk=numero, etat=EN_COURS)
        if not libre or not demandes.update(
            tentatives=F("tentatives") + 1, demande_le=timezone.now(), fait=0
        ):
            return False
        depouillement = Depouillement.objects.select_related("scrutin__budget").get(pk=numero)
        if depouillement.tentatives > TENTATIVES_MAX:  # each time, its worker was killed
            demandes.update(etat=Depouillement.Etat.ECHEC, erreur="le travailleur a été arrêté")
            return False
        try:
            _compter(depouillement)
            _enregistrer_depouillement(depouillement)
        except Exception as erreur:
            # Any error is shown on the page. The ballots are not changed.
            journal.exception("Dépouillement %s", numero)
            if depouillement.tentatives >= TENTATIVES_MAX or isinstance(erreur, ErreurMetier):
                demandes.update(etat=Depouillement.Etat.ECHEC, erreur=type(erreur).__name__[:300])
            return False
    return True


@transaction.atomic
def _enregistrer_depouillement(depouillement: Depouillement) -> None:
    avancer(depouillement.scrutin, "enregistrer_depouillement", par=None)
    depouillement.etat, depouillement.fini_le = Depouillement.Etat.FAIT, timezone.now()
    depouillement.save()


def _compter(depouillement: Depouillement) -> None:
    scrutin = depouillement.scrutin
    en_ligne = Counter(dict(scrutin.bulletins.values_list("choix").annotate(n=Count("pk")).order_by("choix")))
    papiers = Counter(str(m) for m in scrutin.papiers.exclude(retenu=None).values_list("retenu", flat=True))
    nuls = papiers.pop(NUL, 0)
    bulletins: Counter[Choix] = Counter()
    for mots, combien in [*en_ligne.items(), *papiers.items()]:
        bulletins[pour_le_compte(mots)] += combien
    projets = [ligne.mis for ligne in scrutin.projets.all()]
    urne, variante = Urne(bulletins, projets), scrutin.variante()
    _dire(depouillement, "Projets les plus soutenus d’abord", 0)
    resultats = {Regle.GLOUTON: depouiller(urne, variante, Regle.GLOUTON)}
    resultats[Regle.PARTS_EGALES] = depouiller(urne, variante, Regle.PARTS_EGALES, _progres(depouillement))
    _dire(depouillement, "Écriture des bulletins publiés", scrutin.montant)
    depouillement.en_ligne, depouillement.sur_papier = sum(en_ligne.values()), sum(papiers.values()) + nuls
    depouillement.blancs, depouillement.nuls, depouillement.exprimes = urne.blancs, nuls, urne.exprimes
    depouillement.voix = {n: [urne.voix[n], urne.points[n]] for n in urne.projets}
    depouillement.resultats = {str(regle): resultat.en_json() for regle, resultat in resultats.items()}
    depouillement.pb = ecrire_pb(urne, variante, resultats[variante.regle], _entete(scrutin))
    depouillement.empreinte = hashlib.sha256(depouillement.pb.encode()).hexdigest()


def _entete(scrutin: Scrutin) -> Entete:
    lignes = scrutin.projets.all()
    ouvert = timezone.localdate(scrutin.ouvert_le)
    return Entete(
        description=scrutin.budget.titre,
        lieu=collectivite().nom,
        edition=str(scrutin.budget.annee),
        date_debut=ouvert,
        date_fin=scrutin.date_fin or ouvert,
        nombre_max=scrutin.nombre_max,
        points=scrutin.points if scrutin.est_par_points else 0,
        quartiers={str(ligne.numero): ligne.quartiers for ligne in lignes},
    )


def _progres(depouillement: Depouillement) -> Callable[[int, int, int], None]:
    dernier = [0.0]

    def suivre(augmentation: int, depense: int, budget: int) -> None:
        if time.monotonic() - dernier[0] < SOUFFLE:
            return
        dernier[0] = time.monotonic()
        mots = "Parts égales"
        if augmentation:
            mots += f", parts augmentées de {nombre(augmentation)}\u00a0€"
        _dire(depouillement, mots, min(depense, budget))

    return suivre


def _dire(depouillement: Depouillement, etape: str, fait: int) -> None:
    Depouillement.objects.filter(pk=depouillement.pk).update(
        etape=etape, fait=fait, demande_le=timezone.now()
    )


def depouillements_abandonnes() -> list[int]:
    """Return counts that no worker finished: the worker was killed, or the broker lost the message."""
    delaisses = Depouillement.objects.filter(est_loin("demande_le", ABANDON), etat=EN_COURS)
    return list(delaisses.values_list("pk", flat=True)[:20])


@acte(
    Page[Scrutin](
        form=ReprendreForm,
        consequence="Le résultat est mis de côté, et les écarts décidés sont retirés. Les bulletins restent comme ils sont.",
    )
)
@transaction.atomic
def reprendre_depouillement(scrutin: Scrutin, *, par: Compte, motif: str) -> None:
    """Reopen the count, when a paper was forgotten or wrongly settled. Derogations are deleted."""
    pas = exiger(scrutin, "reprendre_depouillement", par=par)
    scrutin.derogations.all().delete()
    pas.avancer(motif=motif)


def dernier_depouillement(scrutin: Scrutin) -> Depouillement | None:
    return scrutin.depouillements.filter(etat=Depouillement.Etat.FAIT).first()


# Result and derogations
def gagnants(scrutin: Scrutin) -> list[ProjetAuVote]:
    """Return the projets taken by the rule of the vote, after the derogations."""
    depouillement = dernier_depouillement(scrutin)
    if depouillement is None:
        return []
    lignes = {str(ligne.numero): ligne for ligne in scrutin.projets.select_related("projet")}
    pris = [lignes[n] for n in depouillement.resultat(scrutin.regle).gagnants]
    ecarts = list(scrutin.derogations.select_related("ligne"))
    ecartes = {e.ligne_id for e in ecarts if e.sens == Derogation.Sens.ECARTER}
    ajoutes = [lignes[str(e.ligne.numero)] for e in ecarts if e.sens == Derogation.Sens.AJOUTER]
    return [ligne for ligne in pris if ligne.pk not in ecartes] + ajoutes


@acte(
    Page[Scrutin](
        form=DerogerForm,
        consequence="La décision s’éloigne du résultat. La raison est publiée avec le résultat du calcul, qui reste montré.",
        retour="#resultat",
    )
)
@transaction.atomic
def deroger(scrutin: Scrutin, *, par: Compte, ligne: ProjetAuVote, raison: str) -> Derogation:
    """Add or remove a projet, against the result. Raises ErreurMetier above the budget."""
    pas = exiger(scrutin, "deroger", par=par)
    pris = gagnants(scrutin)
    est_pris = ligne.pk in {autre.pk for autre in pris}
    sens = Derogation.Sens.ECARTER if est_pris else Derogation.Sens.AJOUTER
    if not est_pris:
        depense = sum(autre.cout for autre in pris) + ligne.cout
        if depense > scrutin.montant:
            raise ErreurMetier(
                f"Avec ce projet, {nombre(depense)}\u00a0€ seraient dépensés pour un budget de {nombre(scrutin.montant)}\u00a0€. "
                "Écartez d’abord un autre projet."
            )
    ecart = enregistrer(Derogation(scrutin=scrutin, ligne=ligne, sens=sens, raison=raison, par=par))
    pas.avancer(fait=f"Écart au résultat : {ligne.titre}, {ecart.get_sens_display()}", motif=raison)
    return ecart


@acte(Page[Derogation](retour="#resultat"))
@transaction.atomic
def lever_derogation(ecart: Derogation, *, par: Compte) -> None:
    """Cancel a derogation. Raises ErreurMetier if the rest exceeds the budget."""
    pas = exiger(ecart, "lever_derogation", par=par)
    scrutin = ecart.scrutin
    ecart.delete()
    if sum(ligne.cout for ligne in gagnants(scrutin)) > scrutin.montant:
        raise ErreurMetier(
            "Sans cet écart, le budget serait dépassé. Retirez d’abord l’ajout qui en a pris la place."
        )
    pas.avancer(fait=f"Écart retiré : {ecart.ligne.titre}")


@acte(
    Page[Scrutin](
        consequence="Le résultat, les bulletins anonymes et de quoi les recompter sont publiés. Les auteurs des idées sont prévenus."
    )
)
@transaction.atomic
def publier_resultats(scrutin: Scrutin, *, par: Compte) -> None:
    """Publish the results. Each projet and its authors are told."""
    pas = exiger(scrutin, "publier_resultats", par=par)
    depouillement = dernier_depouillement(scrutin)
    if depouillement is None:
        raise ValidationError("Le vote n’est pas dépouillé.")
    pris = {ligne.pk for ligne in gagnants(scrutin)}
    pas.avancer(
        champs={"publie_le": timezone.now()},
        fait=f"Résultats publiés : {accorder(len(pris), 'projet lauréat', 'projets lauréats')}",
        details={"bulletins": depouillement.empreinte},
    )
    for ligne in scrutin.projets.select_related("projet").order_by("numero"):
        phrase = phrase_du_vote(ligne, depouillement, scrutin)
        proclamer = proclamer_laureat if ligne.pk in pris else proclamer_non_retenu
        proclamer(ligne.projet, phrase=phrase)


def phrase_du_vote(ligne: ProjetAuVote, depouillement: Depouillement, scrutin: Scrutin) -> str:
    """Return « 245 bulletins l’ont choisi, sur 1 284. », and the derogation if any."""
    voix, points = depouillement.voix.get(str(ligne.numero), [0, 0])
    dits = [f"{accorder(voix, 'bulletin l’a choisi', 'bulletins l’ont choisi')}"]
    if scrutin.est_par_points:
        dits.append(f"avec {accorder(points, 'point')} en tout")
    phrase = (
        f"{enumerer(dits, ',') if len(dits) == 1 else ', '.join(dits)}, sur {nombre(depouillement.exprimes)}."
    )
    ecart = scrutin.derogations.filter(ligne=ligne).first()
    if ecart is not None:
        phrase += f" Ce projet est {ecart.get_sens_display()} : {ecart.raison}"
    return phrase[:300]
