"""What must come before an act on a remontée or a sujet, in sentences: the conditions that their rows name. Read-only."""

from typing import Any

from participation.seances.workflow import A_VENIR
from participation.socle.erreurs import Manque
from participation.socle.models import Compte
from remontees.workflow import EtatSujet


def hors_du_circuit(traite: Any, acte: str, par: Compte | None) -> list[str]:
    """These acts would show a discrimination beyond the agents who have the right. A sujet never is one."""
    if getattr(traite, "est_discrimination", False):
        return [
            Manque(
                "Une discrimination a son propre circuit : orientez la personne, avec son accord.",
                acte="orienter",
            )
        ]
    return []


def service_attendu(traite: Any, acte: str, par: Compte | None) -> list[str]:
    if traite.parts_attendues().exists():
        return []
    return ["Aucun service ne doit répondre : rien à presser."]


def pas_deja_urgente(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    return ["Elle est déjà signalée comme urgente."] if remontee.est_urgente else []


def entree_dans_le_circuit(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    if remontee.est_discrimination:
        return ["Elle est déjà dans le circuit des discriminations."]
    manques = []
    if not Compte.objects.referents().exists():
        manques.append(
            "Personne n’est référent des discriminations aujourd’hui : elle ne serait lue de personne. "
            "Demandez qu’un agent le soit (Tables de référence, Comptes)."
        )
    if remontee.liens_points.filter(point__seance__etat__in=A_VENIR).exists():
        manques.append("Elle est à l’ordre du jour d’une séance : retirez-l’en d’abord.")
    return manques


def dans_le_circuit(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    return [] if remontee.est_discrimination else ["Elle n’est pas dans le circuit des discriminations."]


def services_entendus(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    if remontee.parts_attendues().exists():
        return [
            Manque(
                "Un service doit encore répondre : attendez-le, ou retirez-lui la remontée.",
                f"{remontee.get_absolute_url()}#parts",
            )
        ]
    return []


def demarche_connue(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    if remontee.categorie and remontee.categorie.adresse_demarche:
        return services_entendus(remontee, acte, par)
    dit = "Aucune démarche en ligne n’est connue pour cette catégorie : choisissez-en une autre, ou complétez sa fiche."
    return [Manque(dit, acte="classer")]


def joignable(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    rapporteur = getattr(remontee, "rapporteur", None)
    if rapporteur is not None and rapporteur.moyen_d_envoi:
        return []
    return [
        "Cette personne ne peut pas être jointe : elle n’a rien laissé qui le permette, ou ne le veut pas."
    ]


def pas_de_question(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    if remontee.messages.attentes().exists():
        return [
            Manque(
                "Une question est déjà posée à la personne : attendez sa réponse.",
                f"{remontee.get_absolute_url()}#echanges",
            )
        ]
    return joignable(remontee, acte, par)


def personne_nommee(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    rapporteur = getattr(remontee, "rapporteur", None)
    if rapporteur is None:
        return ["Cette personne ne s’est pas nommée : rien ne permet de la joindre."]
    return [] if rapporteur.efface_le is None else ["Ses coordonnées sont effacées, ses courriers aussi."]


def coordonnees_gardees(remontee: Any, acte: str, par: Compte | None) -> list[str]:
    rapporteur = getattr(remontee, "rapporteur", None)
    est_effacee = rapporteur is not None and rapporteur.efface_le is not None
    return ["Ses coordonnées sont effacées : elles ne se corrigent plus."] if est_effacee else []


def sujet_publiable(sujet: Any, acte: str, par: Compte | None) -> list[str]:
    if sujet.est_publie:
        return ["Le sujet est déjà public."]
    if not sujet.texte_public:
        return [Manque("Écrivez d’abord le texte du sujet.", acte="rediger_sujet")]
    if sujet.etat in {EtatSujet.REPONDU, EtatSujet.CLOS} and sujet.est_ecrite_par(par):
        return ["Vous avez écrit la réponse : un autre agent la relit, et publie le sujet."]
    return []


def a_relire_par_un_autre(sujet: Any, acte: str, par: Compte | None) -> list[str]:
    if not sujet.est_a_relire:
        return ["Aucune réponse n’attend d’être relue."]
    if sujet.est_ecrite_par(par):
        return ["Vous avez écrit cette réponse : un autre agent la relit."]
    return []


def sujet_public(sujet: Any, acte: str, par: Compte | None) -> list[str]:
    return [] if sujet.est_publie else ["Le sujet n’est pas public."]
