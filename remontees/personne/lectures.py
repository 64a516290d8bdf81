"""Sentences for the person on their follow-up page."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from participation.socle.regles.traces import est_masque
from participation.socle.templatetags.composants import jour_texte
from remontees.models import CourrielRecu, Rapporteur, Remontee
from remontees.models.remontees import EFFACES
from remontees.personne.regles import titre_de
from remontees.workflow import Canal, Etat

REPONDUE: dict[str, str] = {
    Rapporteur.Prefere.COURRIEL: _("Vous recevrez la réponse par courriel."),
    Rapporteur.Prefere.SMS: _("Vous recevrez la réponse par SMS."),
    Rapporteur.Prefere.LETTRE: _("Vous recevrez la réponse par une lettre."),
    Rapporteur.Prefere.RAPPEL: _("Vous recevrez la réponse par un appel."),
}


def courriel_d_ou_elle_vient(remontee: Remontee) -> CourrielRecu | None:
    """Return the mail that made the remontée, which says whether its address was checked."""
    if remontee.canal != Canal.COURRIEL:
        return None
    recus = CourrielRecu.objects.filter(remontee=remontee, sort=CourrielRecu.Sort.REMONTEE)
    return recus.only("preuve").order_by("recu_le").first()


def titre_pour_elle(remontee: Remontee) -> str:
    """Return the title for who spoke: what is masked to services is put back, in her own words."""
    if not est_masque(remontee.titre) or remontee.verbatim in EFFACES:
        return remontee.titre
    return titre_de(remontee.verbatim)


def ce_qui_suit(remontee: Remontee) -> str:
    """Say what happens next, and by when; empty once finished."""
    match remontee.etat:
        case Etat.NOUVELLE:
            return gettext("nous lisons votre message et choisissons qui s’en occupe.")
        case Etat.TRANSMISE:
            return _ce_que_doivent_les_services(remontee)
        case Etat.A_REPONDRE:
            return gettext("les services nous ont répondu ; nous écrivons votre réponse.")
        case Etat.GROUPEE:
            return gettext("d’autres personnes disent la même chose : une seule réponse sert à toutes.")
    return ""


def _ce_que_doivent_les_services(remontee: Remontee) -> str:
    due = remontee.echeances.ouvertes().order_by("date_limite").first()
    if due is None or due.suspendue_le is not None:
        return gettext("les services à qui nous l’avons donnée nous répondent, puis nous vous écrivons.")
    jour = jour_texte(due.date_limite)
    if due.est_en_retard:
        return gettext(
            "les services à qui nous l’avons donnée devaient nous répondre au plus tard le %(jour)s ; ils sont en retard."
        ) % {"jour": jour}
    return gettext(
        "les services à qui nous l’avons donnée nous répondent au plus tard le %(jour)s, puis nous vous écrivons."
    ) % {"jour": jour}


def comment_elle_l_apprend(remontee: Remontee) -> str:
    """Say how the answer will arrive; nothing is promised to a person without contact."""
    rapporteur = getattr(remontee, "rapporteur", None)
    moyen = rapporteur.moyen_d_envoi if rapporteur is not None else ""
    if not moyen:
        return gettext("Gardez l’adresse de cette page : la réponse s’y affichera. Rien ne vous est envoyé.")
    return gettext(REPONDUE[moyen])
