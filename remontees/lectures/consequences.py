"""Sentences shown before an act: who is told, what becomes public, whom no letter reaches."""

from collections.abc import Sequence

from django.utils import timezone

from participation.socle.francais import accorder, enumerer, majuscule, pluriel
from remontees.models import Attribution, Rapporteur, Remontee, Sujet
from remontees.regles.traces import dire_les_traces
from remontees.workflow import Etat


def dire_a_qui(remontee: Remontee) -> str:
    rapporteur = getattr(remontee, "rapporteur", None)
    if rapporteur is None:
        return "Cette personne ne peut pas être prévenue : elle ne s’est pas nommée. La réponse reste au dossier."
    if rapporteur.moyen_d_envoi == Rapporteur.Prefere.COURRIEL:
        return "La personne reçoit votre réponse par courriel, avec un lien pour dire si elle convient."
    if rapporteur.moyen_d_envoi == Rapporteur.Prefere.SMS:
        return "La personne reçoit par SMS ce qu’il en devient, et un lien pour lire votre réponse."
    return str(rapporteur.phrase_d_envoi)


def dire_a_combien(sujet: Sujet) -> str:
    if sujet.est_publie and sujet.relue_le is None:
        return "Ce sujet est public : un autre agent relit sa première réponse avant qu’elle parte."
    combien = sujet.remontees.filter(etat=Etat.GROUPEE).count()
    return f"La réponse part à {accorder(combien, 'personne', 'personnes')} au plus : celles qui ont laissé de quoi les prévenir."


def dire_la_relecture(sujet: Sujet) -> str:
    combien = sujet.remontees.filter(etat=Etat.GROUPEE).count()
    return (
        f"Écrite par {sujet.ecrite_par or 'le service'}. En l’envoyant, vous la rendez publique : elle part à "
        f"{accorder(combien, 'personne')} au plus. Un mot à changer ? Répondez autrement : elle sera relue de nouveau."
    )


def dire_ce_qui_part(remontee: Remontee, debut: str) -> str:
    """Say what the service will read, and the personal data found in the verbatim."""
    traces = dire_les_traces(remontee.verbatim)
    fin = f" {traces} Le service les lira." if traces else ""
    return f"{debut}, sans le nom ni l’adresse de la personne.{fin}"


def parts_a_presser(remontee: Remontee) -> list[Attribution]:
    """Return the awaited parts of the remontée and of its sujet, whose services are told of an urgency."""
    return [part for traite in remontee.traites() for part in Attribution.attendues_de(traite)]


def dire_l_urgence(remontee: Remontee) -> str:
    if remontee.est_urgente:
        return ""
    parts = parts_a_presser(remontee)
    joignables = enumerer([part.en_phrase for part in parts if part.est_joignable])
    dit = []
    if joignables:
        quoi = "l’a reçue" if remontee.etat != Etat.GROUPEE else "l’a reçue, ou a reçu son sujet"
        dit.append(f"Une lettre part aussitôt à qui {quoi} : {joignables}.")
        if any(part.date_limite > timezone.localdate() for part in parts):
            dit.append("La réponse est demandée pour aujourd’hui.")
    elif remontee.etat == Etat.NOUVELLE:
        dit.append("La remontée passe en tête de ce qui est à trier.")
    return " ".join([*dit, dire_les_injoignables(parts)]).strip()


def dire_les_injoignables(parts: Sequence[Attribution]) -> str:
    """Name the services without email address, that the agent must call."""
    muets = [part.en_phrase for part in parts if not part.est_joignable]
    if not muets:
        return ""
    sans = f"{pluriel(len(muets), 'n’a,n’ont')} pas d’adresse électronique"
    return f"{majuscule(enumerer(muets))} {sans} : aucune lettre ne part, appelez {pluriel(len(muets), 'ce service,ces services')}."


def dire_ce_qui_devient_public(sujet: Sujet) -> str:
    dit = dire_les_traces(f"{sujet.titre}\n{sujet.texte_public}\n{sujet.reponse}")
    return f"Le titre, le texte et la réponse deviennent publics. Les remontées, jamais. {dit}".strip()


def dire_ce_qu_on_en_fait(part: Attribution) -> str:
    """Name the dossier and say what becomes of the answer: a letter to one person, or a public answer."""
    dossier = part.dossier
    if isinstance(dossier.enfant, Sujet):
        suite = "Le service participation écrit la réponse publique à partir de la vôtre."
    else:
        suite = "Le service participation écrit à la personne à partir de votre réponse."
    return f"« {dossier.titre} », {dossier.reference}. {suite}"
