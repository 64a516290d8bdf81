"""What is still to be done on a pétition, by role.

The sentence « Pour vous » never asks for what is already done.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import PointDossier
from participation.seances.workflow import Etat as EtatSeance
from participation.seances.workflow import EtatPoint
from participation.socle.francais import accorder, enumerer, jour_texte
from participation.socle.models import Compte, Demande
from participation.socle.workflow import Role
from petitions import examen
from petitions.workflow import Etat

Phrase = Callable[[Any, Compte | None], str]  # the first parameter is a Petition: its module imports this one


def reste_a_faire(petition: Any, role: str, compte: Compte | None) -> str | None:
    """Return the sentence « Pour vous » of this role, or None to use the one that the table gives for the
    état."""
    phrase = PHRASES.get((Etat(petition.etat), role))
    return phrase(petition, compte) if phrase is not None else None


def _agent_deposee(petition: Any, compte: Compte | None) -> str:
    attente = petition.reformulation_ouverte()
    if attente is not None:
        jour = jour_texte(attente.date_limite)
        if attente.date_limite >= timezone.localdate():
            return ""  # it is the author's turn: « Ensuite » says that the delay is stopped, the demande says until when
        adresse = f"{petition.get_absolute_url()}#demandes"
        return f"la nouvelle rédaction était attendue le {jour} : [relancez l’auteur, ou annulez la demande]({adresse})."
    demandes = petition.demandes.filter(nature=Demande.Nature.AVIS, annulee_le__isnull=True)
    attendus = demandes.filter(repondue_le__isnull=True).count()
    gestes = []
    grille = {appreciation for _, appreciation, _ in petition.grille_du_jour()}
    if grille & {"", examen.DEPASSEE}:
        gestes.append("[remplissez la grille d’examen](examiner)")
    elif examen.PARTAGE in grille:
        gestes.append("les avis diffèrent : [notez celui du comité](arreter_avis)")
    if not demandes.exists():
        gestes.append("[demandez les avis utiles](demander_avis)")
    if gestes:
        return f"{enumerer(gestes)}."
    if attendus:
        return f"la grille est remplie ; {accorder(attendus, 'avis est encore attendu', 'avis sont encore attendus')}."
    inscrite = (
        PointDossier.objects.filter(dossier=petition.pk, decision="")
        .exclude(point__etat=EtatPoint.RETIRE)
        .exclude(point__seance__etat__in=[EtatSeance.LEVEE, EtatSeance.ANNULEE])
        .order_by("point__seance__debut")
        .values_list("point__seance__debut", flat=True)
        .first()
    )
    if inscrite is not None:
        return f"la grille est remplie et les avis sont reçus ; le comité décide le {jour_texte(inscrite)}."
    adresse = reverse("petitions:inscrire_au_comite")
    return f"la grille est remplie et les avis sont reçus : [inscrivez la pétition au comité]({adresse})."


def _membre_deposee(petition: Any, compte: Compte | None) -> str:
    if compte is None or petition.est_deporte(compte):
        return ""
    change_le = petition.texte_change_le()
    siens = petition.examens.filter(Q() if change_le is None else Q(le__gte=change_le), par=compte)
    if siens.count() < petition.reglement.criteres.count():
        return "[remplissez la grille d’examen](examiner), ou [déportez-vous](se_deporter)."
    return "vous avez rempli la grille ; le comité décide ensemble."


def _auteur_brouillon(petition: Any, compte: Compte | None) -> str:
    if petition.copetitionnaires_manquants():
        adresse = reverse("petitions:copetitionnaires", args=[petition.pk])
        return f"[invitez des co-pétitionnaires]({adresse}), puis déposez la pétition."
    return f"[relisez la pétition, puis déposez-la]({reverse('petitions:deposer', args=[petition.pk])})."


def _auteur_deposee(petition: Any, compte: Compte | None) -> str:
    deja = petition.__dict__  # annotated by the list, to avoid one query per row
    if deja.get("a_reformuler", petition.reformulation_ouverte() if "a_reformuler" not in deja else None):
        adresse = reverse("petitions:reformuler", args=[petition.pk])
        return f"[proposez la nouvelle rédaction]({adresse}) que le comité demande."
    return "nous vous écrivons dès que le comité a décidé."


def _agent_recevable(petition: Any, compte: Compte | None) -> str:
    if petition.date_ouverture_prevue is None:
        return "[ouvrez la collecte](ouvrir_collecte) à la date convenue avec les pétitionnaires."
    return f"la collecte s’ouvre le {jour_texte(petition.date_ouverture_prevue)}, sans autre geste."


def _agent_en_collecte(petition: Any, compte: Compte | None) -> str:
    ecartees = petition.signatures.filter(etat="ecartee").count()
    taches = petition.taches.filter(faite_le__isnull=True).count()
    gestes = []
    if (attente := petition.seuils_a_decider().first()) is not None:
        adresse = reverse("petitions:confirmer_seuil", args=[attente.pk])
        gestes.append(f"[décidez du seuil qui attend]({adresse})")
    if ecartees:
        combien = accorder(ecartees, "signature mise à l’écart", "signatures mises à l’écart")
        adresse = reverse("petitions:signatures_ecartees", args=[petition.pk])
        gestes.append(f"[examinez {combien}]({adresse})")
    if taches:
        adresse = f"{petition.get_absolute_url()}#campagne"
        gestes.append(f"[faites avancer la campagne]({adresse}) ({accorder(taches, 'tâche')} à faire)")
    if petition.effets_ouverts():
        gestes += _a_preparer(petition)
    return (
        f"{enumerer(gestes)}."
        if gestes
        else "rien n’attend : aucune signature à examiner, aucune tâche de campagne."
    )


def _auteur_en_collecte(petition: Any, compte: Compte | None) -> str:
    affiche = reverse("petitions:affiche", args=[petition.pk])
    return f"faites connaître la pétition : [partagez sa page]({petition.get_public_url()}) et [imprimez l’affiche]({affiche})."


# Steps that the règlement requires before the debate: nature of the jalon that proves it, act, imperative.
AVANT_LE_DEBAT = (
    ("conseil", "inscrire_au_conseil", "[inscrivez le débat au conseil](inscrire_au_conseil)"),
    ("note", "transmettre_note", "[transmettez la note d’information à la commission](transmettre_note)"),
    ("rencontre", "rencontrer", "[fixez la rencontre avec les élus](rencontrer)"),
)


def _a_preparer(petition: Any) -> list[str]:
    """Return, as imperatives, the steps before the debate that are not done."""
    faits = _jalons_dits(petition)
    return [geste for nature, _, geste in AVANT_LE_DEBAT if nature not in faits]


def _jalons_dits(petition: Any) -> set[str]:
    return set(petition.jalons.values_list("nature", flat=True))


def acte_du(petition: Any) -> str | None:
    """Return the act whose button comes first.

    "" when no act is due now; None to use the act due in this état for any dossier.
    """
    if petition.etat == Etat.A_DEBATTRE:
        return _du_avant_le_debat(petition)
    if petition.etat == Etat.EN_COLLECTE and petition.effets_ouverts():
        return _prochain_geste(petition)
    if petition.etat == Etat.REPONDUE:
        return "" if petition.suites.ouvertes().exists() else "clore"
    if petition.etat == Etat.DEPOSEE and _est_a_examiner(petition):
        return "examiner"
    return None


def _est_a_examiner(petition: Any) -> bool:
    return any(appreciation in {"", examen.DEPASSEE} for _, appreciation, _ in petition.grille_du_jour())


def _du_avant_le_debat(petition: Any) -> str:
    """Return the next act before the debate; from the day of the council on, `constater_debat`."""
    if _est_passe(petition):
        return "constater_debat"
    if petition.attend_son_panel:
        return "ouvrir_panel"
    return _prochain_geste(petition)


def _prochain_geste(petition: Any) -> str:
    faits = _jalons_dits(petition)
    return next((acte for nature, acte, _ in AVANT_LE_DEBAT if nature not in faits), "")


def rendez_vous_pris(petition: Any) -> frozenset[str]:
    """Return the acts already done, that could only be corrected: their buttons are folded."""
    if petition.deposee_le is None:
        return frozenset()
    faits = _jalons_dits(petition)
    pris = {acte for nature, acte, _ in AVANT_LE_DEBAT if nature in faits}
    return frozenset(pris | ({"fixer_restitution"} if "restitution" in faits else set()))


def _est_passe(petition: Any) -> bool:
    return petition.date_conseil is not None and petition.date_conseil <= timezone.localdate()


def _agent_a_debattre(petition: Any, compte: Compte | None) -> str:
    passe = _est_passe(petition)
    gestes = ["[ouvrez le panel citoyen](ouvrir_panel)"] if petition.attend_son_panel else []
    gestes += [] if passe else _a_preparer(petition)
    if passe:
        gestes.append("[dites ce que le conseil a dit](constater_debat), une fois le débat tenu")
    return f"{enumerer(gestes)}." if gestes else "tout est prêt pour le débat."


def _agent_debattue(petition: Any, compte: Compte | None) -> str:
    if petition.suites.exists():
        return "[publiez la réponse](repondre)."
    return "[recueillez les suites des directions](ajouter_suite) et [publiez la réponse](repondre)."


def _agent_repondue(petition: Any, compte: Compte | None) -> str:
    if reste := petition.suites.ouvertes().count():
        dit = accorder(reste, "suite reste à réaliser", "suites restent à réaliser")
        return f"[{dit}]({petition.get_absolute_url()}#suites) avant de clore le dossier."
    return "rien ne reste à réaliser : vous pouvez [clore le dossier](clore)."


PHRASES: dict[tuple[Etat, str], Phrase] = {
    (Etat.BROUILLON, Role.AUTEUR): _auteur_brouillon,
    (Etat.DEPOSEE, Role.AGENT): _agent_deposee,
    (Etat.DEPOSEE, Role.MEMBRE): _membre_deposee,
    (Etat.DEPOSEE, Role.AUTEUR): _auteur_deposee,
    (Etat.RECEVABLE, Role.AGENT): _agent_recevable,
    (Etat.EN_COLLECTE, Role.AGENT): _agent_en_collecte,
    (Etat.EN_COLLECTE, Role.AUTEUR): _auteur_en_collecte,
    (Etat.A_DEBATTRE, Role.AGENT): _agent_a_debattre,
    (Etat.DEBATTUE, Role.AGENT): _agent_debattue,
    (Etat.REPONDUE, Role.AGENT): _agent_repondue,
}
