"""What happens next in a séance, in a sentence."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import DemandePoint, Seance
from participation.seances.proces_verbaux.lectures import a_faire
from participation.seances.workflow import A_VENIR, Etat, EtatPV
from participation.socle.francais import heure, jour_texte
from participation.socle.models import Compte


def demandes_a_inscrire(seance: Seance) -> list[DemandePoint]:
    """Return what members asked for and no agenda has yet, while this one can still take it. Each has `nombre`: of those who support it."""
    if not seance.est_deliberante or seance.etat not in A_VENIR:
        return []
    demandes = DemandePoint.objects.filter(
        instance=seance.instance_id, etat__in=[DemandePoint.Etat.OUVERTE, DemandePoint.Etat.DUE]
    )
    return list(
        demandes.select_related("auteur__compte", "instance", "mandature")
        .annotate(nombre=Count("soutiens"))
        .order_by("-etat", "-creee_le")
    )


SUITES_DU_PV: dict[str, tuple[str, str]] = {
    EtatPV.BROUILLON: (
        "le procès-verbal s’écrit, puis il est approuvé à la séance suivante.",
        "[relisez le procès-verbal]({pv}), puis soumettez-le aux membres.",
    ),
    EtatPV.SOUMIS: (
        "les membres lisent le procès-verbal ; il est approuvé à la séance suivante.",
        "inscrivez son approbation à l’ordre du jour de la prochaine séance.",
    ),
    EtatPV.APPROUVE: ("le procès-verbal est approuvé, tout est écrit.", ""),
}


def phrases(seance: Seance, compte: Compte | None) -> tuple[str, str]:
    """Return two sentences: what happens next, and what the reader has to do."""
    mots = {
        "limite": jour_texte(seance.date_limite),
        "debut": f"{jour_texte(seance.debut, 'long')} à {heure(seance.debut)}",
        "pv": reverse("seances:proces_verbal", args=[seance.pk]),
    }
    apparence = seance.apparence
    roles = seance.roles_de(compte)
    pour = next((phrase for role, phrase in apparence.pour.items() if role in roles), "")
    suite = apparence.ensuite.format(**mots)
    seconde = getattr(seance, "seconde", None)
    if seance.etat == Etat.REPORTEE and (seconde is not None or not seance.points_a_reprendre()):
        suite = (
            f"la seconde convocation est partie, pour le {jour_texte(seconde.debut)}."
            if seconde is not None
            else "tous ses points ont été traités avant que le quorum manque : il n’y a pas de seconde convocation."
        )
        pour = "[écrivez le procès-verbal]({pv}) de cette séance." if pour and seance.pv is None else ""
    elif seance.etat == Etat.LEVEE and seance.pv is not None:
        # After the end, the next step is that of the procès-verbal.
        suite, pour_agent = SUITES_DU_PV[seance.pv.etat]
        pour = a_faire(seance.pv, pour_agent) if pour else ""
    if (
        seance.etat == Etat.PROGRAMMEE
        and seance.est_deliberante
        and seance.date_limite < timezone.localdate()
    ):
        suite = "les membres sont convoqués hors délai, ou la séance change de jour."
        agent = "[convoquez](convoquer) en disant pourquoi, ou [modifiez la date](modifier)."
        if seance.debut <= timezone.now():
            suite = "personne n’a été convoqué et l’heure est passée : la séance change de jour, ou elle est annulée."
            agent = "[modifiez la date](modifier), ou [annulez la séance](annuler)."
        pour = agent if pour else ""
    return suite, pour.format(**mots)
