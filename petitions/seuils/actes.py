"""Thresholds reached and lost, and closure of the collectes after a last count."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import avancer, exiger, faire_echeance
from participation.socle.actions.avancer import verrouiller
from participation.socle.bd.verrous import verrou
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_texte
from participation.socle.francais import accorder, jour_texte, majuscule, nombre
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from petitions.conseil.jalons import prevoir_debat
from petitions.examen import SEUIL_A_DECIDER
from petitions.models import Decompte, DecompteCommune, Petition, ReglageFraude, SeuilAtteint, SeuilEnAttente
from petitions.nouvelles import annoncer
from petitions.seuils.lectures import arrivees_de
from petitions.seuils.regles import Evaluation, evaluer
from petitions.signatures import lettres as lettres_signatures
from petitions.signatures.decompte import VERROU, compter_sous_verrou
from petitions.signatures.regles import raisons_d_attendre
from petitions.workflow import Etat

SUIVIES = (Etat.EN_COLLECTE, Etat.SUSPENDUE, Etat.A_DEBATTRE)


def contexte_seuil(request: RequeteConnectee, attente: SeuilEnAttente, form: Any) -> dict[str, Any]:
    return {"attente": attente}


def evaluer_petition(petition: Petition, lecture: str = "") -> list[Evaluation]:
    """Evaluate each threshold of the règlement of the pétition, under its own reading or the given one."""
    nombres = list(DecompteCommune.objects.filter(petition=petition).values_list("nombre", flat=True))
    return [
        evaluer(seuil, nombres, lecture or petition.reglement.lecture_du_tiers)
        for seuil in petition.reglement.seuils.order_by("ordre")
    ]


def constater_seuils() -> int:
    """Record thresholds reached or lost for every pétition that can still change. Returns how many changed.

    It compares the current counts with what is recorded, so a crash between the two loses nothing.
    """
    changees = 0
    for petition in Petition.objects.select_related("reglement").filter(etat__in=SUIVIES):
        if _ecarts(petition):
            changees += constater_seuil(petition)
    return changees


Ecart = tuple[Evaluation, SeuilAtteint | None, SeuilEnAttente | None]


def _ecarts(petition: Petition) -> list[Ecart]:
    """Return the thresholds whose evaluation and record differ.

    A threshold that waits for an agent and is still reached does not differ.
    """
    notes = {
        note.seuil_id: note for note in SeuilAtteint.objects.filter(petition=petition, perdu_le__isnull=True)
    }
    attentes = {attente.seuil_id: attente for attente in petition.seuils_en_attente.filter(fini_le=None)}
    ecarts = []
    for evaluation in evaluer_petition(petition):
        note, attente = notes.get(evaluation.seuil.pk), attentes.get(evaluation.seuil.pk)
        confirme = attente is None or attente.etat == SeuilEnAttente.Etat.CONFIRME
        if (note is None and confirme) if evaluation.atteint else (note is not None or attente is not None):
            ecarts.append((evaluation, note, attente))
    return ecarts


@transaction.atomic
def constater_seuil(petition: Petition) -> bool:
    """Record what is reached and what is lost, once: under the lock, a second call finds nothing left to
    do."""
    verrouiller(petition)
    if petition.etat not in SUIVIES:
        return False
    ecarts = _ecarts(petition)
    for evaluation, note, attente in ecarts:
        if not evaluation.atteint:
            if attente is not None:
                attente.fini_le = timezone.now()
                attente.save(update_fields=["fini_le"])
            if note is not None:
                _perdre_seuil(petition, evaluation, note)
        elif attente is not None or not _attendre_un_agent(petition, evaluation):
            _atteindre_seuil(petition, evaluation)
    return bool(ecarts)


def _attendre_un_agent(petition: Petition, evaluation: Evaluation) -> bool:
    """Make an unusual threshold wait for an agent, if there are reasons; only agents are told.

    Returns whether it waits.
    """
    reglage = ReglageFraude.actuel()
    raisons = raisons_d_attendre(evaluation.seuil.signatures, arrivees_de(petition, reglage), reglage)
    if not raisons:
        return False
    attente = SeuilEnAttente.objects.create(petition=petition, seuil=evaluation.seuil, raisons=raisons)
    lettres_signatures.signaler_seuil_en_attente(attente)
    return True


@acte(
    Page[SeuilEnAttente](
        consequence="Le seuil devient public. Les pétitionnaires, et les signataires qui veulent des nouvelles, sont prévenus.",
        gabarit="petitions/fraude/decider_seuil.html",
        contexte=contexte_seuil,
        retour="#signatures",
    )
)
@transaction.atomic
def confirmer_seuil(attente: SeuilEnAttente, *, par: Compte) -> None:
    """Confirm a waiting threshold: it is recorded and told like any other, unless the count has fallen
    since."""
    _decider(attente, "confirmer_seuil", SeuilEnAttente.Etat.CONFIRME, par=par)
    constater_seuil(attente.petition)


@acte(
    Page[SeuilEnAttente](
        form=demander_texte("Pourquoi", erreur="Dites pourquoi ce seuil n’est pas retenu."),
        consequence="Personne n’est prévenu. Le seuil reste non atteint : triez les signatures, ou confirmez-le plus tard.",
        gabarit="petitions/fraude/decider_seuil.html",
        contexte=contexte_seuil,
        retour="#signatures",
    )
)
@transaction.atomic
def ecarter_seuil(attente: SeuilEnAttente, *, par: Compte, motif: str) -> None:
    """Set a waiting threshold aside: it stays not reached. It may still be confirmed later."""
    _decider(attente, "ecarter_seuil", SeuilEnAttente.Etat.ECARTE, par=par, motif=motif)


def _decider(attente: SeuilEnAttente, acte: str, etat: str, *, par: Compte, motif: str = "") -> None:
    pas = exiger(attente, acte, par=par)
    attente.etat, attente.decide_le, attente.decide_par = etat, timezone.now(), par
    attente.save(update_fields=["etat", "decide_le", "decide_par"])
    fait = "vérifié et confirmé" if etat == SeuilEnAttente.Etat.CONFIRME else "non retenu"
    pas.avancer(
        fait=f"{majuscule(attente)} : {fait}",
        motif=motif,
        details={"seuil": attente.seuil_id, "raisons": attente.raisons},
    )


def _details(evaluation: Evaluation) -> dict[str, object]:
    return {
        "seuil": evaluation.seuil.pk,
        "signatures": evaluation.total,
        "retenues": evaluation.retenu,
        "communes": evaluation.communes,
        "plus_forte": evaluation.plus_forte,
        "lecture": evaluation.lecture,
    }


def _atteindre_seuil(petition: Petition, evaluation: Evaluation) -> None:
    seuil = evaluation.seuil
    SeuilAtteint.objects.create(petition=petition, seuil=seuil)
    avancer(petition, "atteindre_seuil", par=None, motif=str(seuil), details=_details(evaluation))
    fois = SeuilAtteint.objects.filter(petition=petition, seuil=seuil).count()
    lettres_signatures.atteindre_seuil(petition, seuil, fois=fois)


def _perdre_seuil(petition: Petition, evaluation: Evaluation, note: SeuilAtteint) -> None:
    note.perdu_le = timezone.now()
    note.save(update_fields=["perdu_le"])
    avancer(petition, "perdre_seuil", par=None, motif=str(evaluation.seuil), details=_details(evaluation))
    fois = SeuilAtteint.objects.filter(petition=petition, seuil=evaluation.seuil).count()
    lettres_signatures.perdre_seuil(petition, evaluation.seuil, fois=fois)


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


def dire_la_cloture(petition: Petition) -> str:
    """Say what closing does and, before the last day, what is lost."""
    fin = petition.fin_des_confirmations()
    evaluations = evaluer_petition(petition)
    perdus = [evaluation.seuil for evaluation in evaluations if not evaluation.atteint]
    if fin is not None and timezone.now() < fin and len(perdus) == len(evaluations):
        return (
            "Aucun seuil n’est atteint aujourd’hui : la collecte ne peut pas être close. Elle se clôt d’elle-même après les dernières "
            f"confirmations, à partir du {jour_texte(fin)}. Seul un seuil atteint au tout dernier comptage permettrait de la clore maintenant."
        )
    phrases = [
        "Les signatures sont comptées une dernière fois. Si un seuil est atteint, le débat au conseil est à préparer ; sinon, la pétition "
        "est close sans débat. Les pétitionnaires et les signataires qui l’ont demandé sont prévenus."
    ]
    jours = (petition.date_fin_collecte - timezone.localdate()).days if petition.date_fin_collecte else 0
    if jours > 0:
        phrases.append(
            f"La collecte devait durer jusqu’au {jour_texte(petition.date_fin_collecte)} : "
            f"{accorder(jours, 'jour')} pour signer {'seront perdus' if jours > 1 else 'sera perdu'}, "
            "et le dernier jour dit partout devient aujourd’hui."
        )
        phrases += [
            f"Le seuil de {nombre(seuil.signatures)} signatures ({seuil.get_effet_display()}) ne pourra plus être atteint."
            for seuil in perdus
        ]
    return " ".join(phrases)


@acte(Page[Petition](form=CloreCollecteForm, consequence=dire_la_cloture))
@transaction.atomic
def clore_collecte(petition: Petition, *, par: Compte | None, motif: str = "") -> bool:
    """Close the collecte: last exact count, thresholds, then the debate to come or the end.

    Before the end of the confirmations, a threshold must be reached. Before the last day, an agent must give
    a reason, which is published, because signers were promised the months of the règlement; the last day then
    becomes today. Returns False when a threshold waits for an agent and the periodic task must try again
    later.
    """
    # Lock of the counts first, then that of the row (always in this order), then the count: it includes the
    # confirmations in progress.
    verrou(VERROU)
    pas = exiger(petition, "clore_collecte", par=par)
    compter_sous_verrou()
    constater_seuil(petition)
    if petition.seuils_a_decider().exists():
        if par is not None:
            raise ErreurMetier(SEUIL_A_DECIDER)
        return False  # the collecte is closed once an agent has decided
    atteints = SeuilAtteint.objects.filter(petition=petition, perdu_le__isnull=True)
    a_debattre = atteints.exists()
    fin = petition.fin_des_confirmations()
    if fin is not None and timezone.now() < fin and not a_debattre:
        raise ErreurMetier(
            "Aucun seuil n’est atteint et la collecte n’est pas finie : elle se clôt d’elle-même après les dernières confirmations."
        )
    champs: dict[str, Any] = {}
    details: dict[str, Any] = {}
    prevue = petition.date_fin_collecte
    est_avant = prevue is not None and timezone.localdate() < prevue
    if est_avant and prevue is not None:
        if par is not None and not motif:
            raise ValidationError({"motif": "Dites pourquoi la collecte est close avant sa fin."})
        champs |= {"date_fin_collecte": timezone.localdate(), "raison_cloture": motif}
        details["date_fin_prevue"] = prevue.isoformat()
    if not a_debattre:
        champs["conservation_jusqu_au"] = ajouter_mois(
            timezone.localdate(), petition.reglement.conservation_sans_seuil_mois
        )
    total = Decompte.objects.filter(petition=petition).values_list("total", flat=True).first() or 0
    pas.avancer(
        vers=Etat.A_DEBATTRE if a_debattre else Etat.COLLECTE_CLOSE,
        motif=motif,
        details={"signatures": total, "seuils": list(atteints.values_list("seuil", flat=True)), **details},
        champs={"collecte_close_le": timezone.now(), **champs},
    )
    faire_echeance(petition, "fin_collecte")
    if a_debattre:
        prevoir_debat(petition)
    # `prevue`: the announced last day, when the collecte is closed before it.
    annoncer(
        petition,
        "clore_collecte",
        {"total": total, "est_a_debattre": a_debattre, "prevue": prevue if est_avant else None},
        aux_signataires=True,
        cle=f"clore_collecte:{petition.pk}",
    )
    return True


def clore_collectes() -> int:
    """Close the collectes whose last day and delay of confirmation are past. Returns how many."""
    closes = 0
    ouvertes = Petition.objects.select_related("reglement").filter(
        etat=Etat.EN_COLLECTE, date_fin_collecte__lt=timezone.localdate()
    )
    for petition in ouvertes:
        fin = petition.fin_des_confirmations()
        if fin is not None and timezone.now() >= fin:
            closes += clore_collecte(petition, par=None)
    return closes
