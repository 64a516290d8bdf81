"""Pages of the acts on a pétition and on the tasks of its campaign."""

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone

from participation.seances.models import PointDossier
from participation.seances.workflow import Etat as EtatSeance
from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import accorder, jour_texte, nombre
from participation.socle.http import RequeteConnectee
from participation.socle.models import ReglageService
from participation.socle.views.pages import Lettre, Page
from participation.suites import actes as actes_suites
from participation.suites.actes import AjouterSuiteForm
from petitions.campagne import actes as campagne
from petitions.collecte import actes as collecte
from petitions.conseil import actes as conseil
from petitions.models import Jalon, Petition, TacheCampagne
from petitions.pseudonymisation import actes as pseudonymisation
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import comite
from petitions.recevabilite.lectures import petitions_proches
from petitions.recevabilite.lettres import lettre_de_decision
from petitions.seuils import actes as seuils
from petitions.trouver import BUREAU, petition_du_bureau, points_de


def petition_du_comite(request: RequeteConnectee, pk: int) -> Petition:
    """Raise PermissionDenied for accounts outside the back office, whether or not the pétition exists."""
    if request.user.roles.isdisjoint(BUREAU):
        raise PermissionDenied
    return petition_du_bureau(request, pk)


def tache_du_bureau(request: RequeteConnectee, pk: int) -> TacheCampagne:
    petitions = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        TacheCampagne.objects.filter(petition__in=petitions).select_related("petition"), pk=pk
    )


# Acts of the comité
def contexte_examen(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition, "proches": petitions_proches(petition)}


def contexte_petition(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {"petition": petition}


def contexte_decision(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    attendues = petition.demandes.filter(repondue_le__isnull=True, annulee_le__isnull=True)
    return {
        "petition": petition,
        "signataire": ReglageService.actuel().signataire,
        "avis_attendus": attendues.select_related("direction", "commune", "compte"),
        "seance_prevue": next((lien.point.seance for lien in points_de(petition) if est_a_venir(lien)), None),
    }


def est_a_venir(lien: PointDossier) -> bool:
    """Whether the séance is still to decide: the point is open, and the séance neither over nor cancelled."""
    fini = {EtatSeance.LEVEE, EtatSeance.ANNULEE}
    return not lien.decision and not lien.point.est_clos and lien.point.seance.etat not in fini


DECISION: dict[str, Any] = {"gabarit": "petitions/recevabilite/decision.html", "contexte": contexte_decision}


PAGES_DU_COMITE: dict[str, Page[Petition]] = {
    "examiner": Page(
        recevabilite.examiner,
        recevabilite.ExaminerForm,
        gabarit="petitions/recevabilite/examiner.html",
        contexte=contexte_examen,
    ),
    "arreter_avis": Page(
        comite.arreter_avis,
        comite.ArreterAvisForm,
        gabarit="petitions/recevabilite/arreter_avis.html",
        contexte=contexte_examen,
        retour="#examen",
    ),
    "se_deporter": Page(
        recevabilite.se_deporter,
        recevabilite.SeDeporterForm,
        "Vous ne pourrez plus examiner cette pétition ni décider de sa recevabilité. Le journal garde la date.",
    ),
    "demander_reformulation": Page(
        recevabilite.demander_reformulation,
        recevabilite.DemanderReformulationForm,
        "Le délai du comité s’arrête jusqu’à la réponse de l’auteur.",
        succes="La demande est partie. Le délai est arrêté.",
        gabarit="petitions/recevabilite/demander_reformulation.html",
        contexte=contexte_petition,
    ),
    "demander_avis": Page(
        recevabilite.demander_avis,
        recevabilite.DemanderAvisForm,
        "Chaque direction et chaque commune reçoit une lettre avec un lien pour répondre. Le délai du comité continue de courir.",
        succes="La demande d’avis est partie.",
    ),
    "declarer_recevable": Page(
        recevabilite.declarer_recevable,
        recevabilite.DeclarerRecevableSansComiteForm,
        "L’auteur et les co-pétitionnaires reçoivent la décision. La collecte est ensuite à ouvrir.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_recevable", p, reponses, None),
        **DECISION,
    ),
    "declarer_irrecevable": Page(
        recevabilite.declarer_irrecevable,
        recevabilite.DeclarerIrrecevableSansComiteForm,
        "Le dossier est clos. La décision et ses raisons sont publiées et envoyées aux pétitionnaires.",
        apercu=lambda p, reponses: lettre_de_decision("declarer_irrecevable", p, reponses, None),
        **DECISION,
    ),
    "transmettre": Page(
        recevabilite.transmettre,
        recevabilite.TransmettreSansComiteForm,
        "Le dossier est clos à la Métropole : l’autorité compétente répond aux pétitionnaires, qui en sont avertis.",
        apercu=lambda p, reponses: lettre_de_decision("transmettre", p, reponses, None),
        **DECISION,
    ),
}


# Collecte
def fin_de_collecte(petition: Petition) -> date:
    return ajouter_mois(timezone.localdate(), petition.reglement.duree_collecte_mois)


def lettre_d_ouverture(petition: Petition) -> Lettre:
    a_ouvrir = copy(petition)  # the letter gives a date that is not saved yet
    a_ouvrir.date_fin_collecte = fin_de_collecte(petition)
    contexte = {"petition": a_ouvrir, "lien": petition.get_public_url(), "desabonnement": ""}
    return "petitions/ouvrir_collecte", {**contexte, "lien_signer": "/…"}


PAGES_DE_LA_COLLECTE: dict[str, Page[Petition]] = {
    "programmer_ouverture": Page(
        collecte.programmer_ouverture,
        collecte.ProgrammerOuvertureForm,
        "La pétition sera publiée et ouverte aux signatures ce jour-là, sans autre geste. Ses auteurs recevront alors leur lettre.",
        succes=lambda p, _: f"La collecte s’ouvrira le {jour_texte(p.date_ouverture_prevue)}.",
    ),
    "ouvrir_collecte": Page(
        collecte.ouvrir_collecte,
        consequence=lambda p: (
            "La pétition est publiée. On peut la signer dès maintenant et jusqu’au "
            f"{jour_texte(fin_de_collecte(p))} inclus. Ses auteurs reçoivent une lettre et l’affiche est fabriquée."
        ),
        lettre=lettre_d_ouverture,
    ),
    "amender": Page(
        collecte.amender,
        collecte.AmenderForm,
        "Le texte publié change. Votre note et l’ancien texte restent visibles, et les pétitionnaires sont prévenus.",
    ),
    "ecrire_facile": Page(
        collecte.ecrire_facile,
        collecte.EcrireFacileForm,
        "Cette version a sa propre page, à côté du texte de la pétition.",
    ),
    "prolonger": Page(
        collecte.prolonger,
        collecte.ProlongerForm,
        lambda p: f"Pour l’instant, la collecte finit le {jour_texte(p.date_fin_collecte)}.",
    ),
    "suspendre": Page(
        collecte.suspendre,
        collecte.SuspendreForm,
        "Personne ne peut plus signer et les délais du règlement sont arrêtés, jusqu’à ce que vous repreniez. "
        "Les jours perdus sont rendus.",
    ),
    "reprendre": Page(
        collecte.reprendre,
        consequence="La pétition reprend là où elle s’est arrêtée. Les dates sont repoussées du nombre de jours perdus.",
    ),
    "ajouter_tache": Page(
        campagne.ajouter_tache,
        collecte.TacheForm,
        "La tâche entre dans les échéances du dossier. La direction ou la personne nommée reçoit une lettre.",
        succes="Tâche ajoutée.",
        retour="#campagne",
    ),
}


def dire_la_cloture(petition: Petition) -> str:
    """Say what closing does and, before the last day, what is lost."""
    fin = petition.fin_des_confirmations()
    evaluations = seuils.evaluer_petition(petition)
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


# The URLs of these acts do not start with « dossiers/ ».
PAGES_DES_SIGNATURES: dict[str, Page[Petition]] = {
    "clore_collecte": Page(seuils.clore_collecte, collecte.CloreCollecteForm, dire_la_cloture),
    "pseudonymiser": Page(
        pseudonymisation.pseudonymiser,
        consequence="Noms, adresses et lettres des signataires et des co-pétitionnaires sont effacés pour toujours. "
        "Les nombres par commune et par jour restent.",
    ),
}


PAGES_DES_TACHES: dict[str, Page[TacheCampagne]] = {
    "faire_tache": Page(campagne.faire_tache, retour="#campagne", en_un_clic=True),
    "rouvrir_tache": Page(campagne.rouvrir_tache, retour="#campagne", en_un_clic=True),
    "supprimer_tache": Page(campagne.supprimer_tache, retour="#campagne", en_un_clic=True),
}


# After the thresholds
PANEL_ATTENDU = (
    "Le règlement prévoit qu’un panel citoyen donne son avis avant le débat : ouvrez-le d’abord, ou dites publiquement "
    "pourquoi le conseil a débattu sans lui."
)


def dire_le_rendez_vous(petition: Petition, nature: str, phrase: str) -> str:
    dit = petition.jalons.filter(nature=nature).first()
    if dit is None:
        return phrase
    return f"Déjà annoncé : {dit.quand}. Ce que vous changez ici remplace ce qui a été dit. {phrase}"


def lettre_de_reponse(petition: Petition, reponses: Mapping[str, Any]) -> Lettre:
    repondue = copy(petition)
    repondue.reponse = reponses["reponse"]
    return "petitions/repondre", {
        "petition": repondue,
        "lien": petition.get_public_url(),
        "suites": list(petition.suites.select_related("direction")),
        "desabonnement": "",
    }


PAGES_DES_SUITES: dict[str, Page[Petition]] = {
    "transmettre_note": Page(
        conseil.transmettre_note,
        conseil.TransmettreNoteForm,
        "Le résumé et la note sont publics. Les pétitionnaires sont prévenus.",
    ),
    "rencontrer": Page(
        conseil.rencontrer,
        conseil.RencontrerForm,
        lambda p: dire_le_rendez_vous(
            p,
            Jalon.Nature.RENCONTRE,
            "Les pétitionnaires reçoivent l’invitation à rencontrer les élus avant le débat, avec le rendez-vous pour leur agenda.",
        ),
    ),
    "inscrire_au_conseil": Page(
        conseil.inscrire_au_conseil,
        conseil.InscrireAuConseilForm,
        lambda p: dire_le_rendez_vous(
            p,
            Jalon.Nature.CONSEIL,
            "La date est publique. Les pétitionnaires, et les signataires qui veulent des nouvelles, la reçoivent.",
        ),
    ),
    "ouvrir_panel": Page(
        conseil.ouvrir_panel,
        conseil.OuvrirPanelForm,
        "Le débat attend l’avis du panel. Les pétitionnaires et les signataires qui veulent des nouvelles sont prévenus.",
    ),
    "recevoir_avis_panel": Page(
        conseil.recevoir_avis_panel,
        conseil.RecevoirAvisPanelForm,
        "L’avis est publié tel qu’il est écrit, et la pétition attend son débat.",
    ),
    "constater_debat": Page(
        conseil.constater_debat,
        conseil.ConstaterDebatForm,
        lambda p: (
            "Ce que le conseil a dit est publié et envoyé. "
            f"La réponse est due {p.reglement.delai_reponse_mois} mois après le débat."
            + (f" {PANEL_ATTENDU}" if p.attend_son_panel else "")
        ),
    ),
    "ajouter_suite": Page(
        actes_suites.ajouter_suite,
        AjouterSuiteForm,
        "La suite est publique. La direction reçoit une lettre, puis des rappels avant la date.",
    ),
    "fixer_restitution": Page(
        conseil.fixer_restitution,
        conseil.FixerRestitutionForm,
        lambda p: dire_le_rendez_vous(
            p,
            Jalon.Nature.RESTITUTION,
            "La réunion est annoncée sur la page, aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        ),
    ),
    "repondre": Page(
        conseil.repondre,
        conseil.RepondreForm,
        "La réponse est publiée et envoyée. Relisez la lettre avant l’envoi : elle ne peut pas être reprise.",
        apercu=lettre_de_reponse,
    ),
    "clore": Page(
        conseil.clore,
        conseil.CloreForm,
        "Le dossier ne peut plus changer. La page reste publique ; les échéances encore ouvertes sont annulées.",
    ),
}
