"""Letters about a suite: to its direction, to the agent of the dossier, to the followers of the dossier.

The authors of the dossier are told by their own app, through the signal `suite_changee`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle import porte
from participation.socle.courrier import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.models import Courriel, Direction, Dossier
from participation.suites.models import Abonnement, ChangementSuite, ReponseDirection, Suite


def _ecrire(
    lettre: str, suite: Suite, a: Sequence[str], *, cle: str | None = None, **autres: Any
) -> Courriel | None:
    """Write a letter about the suite, with the signed link to the answer page of its direction."""
    lien = reverse("suites:repondre", args=[suite.jeton()])
    contexte = {"suite": suite, "dossier": suite.dossier, "lien": lien, **autres}
    return ecrire(f"suites/{lettre}", a=a, dossier=suite.dossier, cle=cle, contexte=contexte)


def ajouter_suite(suite: Suite) -> None:
    """Tell the direction what is asked or promised, and for which day, with its link to answer."""
    _ecrire("ajouter_suite", suite, suite.direction.adresses(), cle=f"suite:{suite.pk}")


def relancer(suite: Suite, *, mot: str) -> bool:
    """Remind the direction. Return False when today's reminder was already written."""
    cle = f"relance-suite:{suite.pk}:{timezone.localdate():%Y%m%d}"
    return _ecrire("relancer", suite, suite.direction.adresses(), cle=cle, mot=mot) is not None


def deplacer_date(suite: Suite, *, changement: ChangementSuite) -> None:
    _ecrire("deplacer_date", suite, suite.direction.adresses(), changement=changement)


def changer_direction(suite: Suite, *, ancienne: Direction, motif: str) -> None:
    """Write to both directions: to the new one with its link, and to the former one."""
    for direction in (suite.direction, ancienne):
        est_nouvelle = direction == suite.direction
        _ecrire(
            "changer_direction",
            suite,
            direction.adresses(),
            ancienne=ancienne,
            motif=motif,
            est_nouvelle=est_nouvelle,
        )


def repondre_par_lien(reponse: ReponseDirection) -> None:
    """Acknowledge the answer of the direction."""
    _ecrire("repondre_par_lien", reponse.suite, reponse.direction.adresses(), reponse=reponse)


def annoncer_reponse(reponse: ReponseDirection) -> None:
    """Tell the agent who follows the dossier that an answer is to be published."""
    suite, agent = reponse.suite, reponse.suite.dossier.agent
    a = [agent.courriel] if agent is not None and agent.is_active else []
    _ecrire("annoncer_reponse", suite, a, reponse=reponse, page=suite.get_absolute_url())


def retenir(reponse: ReponseDirection) -> None:
    page = adresse_publique(reponse.suite.dossier)
    _ecrire("retenir", reponse.suite, reponse.direction.adresses(), reponse=reponse, page=page)


def ecarter(reponse: ReponseDirection) -> None:
    _ecrire("ecarter", reponse.suite, reponse.direction.adresses(), reponse=reponse)


def suivre(abonnement: Abonnement) -> None:
    """Send the link that confirms, or the link that stops if the address already follows. One letter a day."""
    porte.ecrire(
        "suites/suivre",
        a=abonnement.courriel,
        sujet=abonnement.dossier,
        dossier=abonnement.dossier,
        cle=f"suivre:{abonnement.cle}:{timezone.localdate():%Y%m%d}",
        mots={
            "est_actif": abonnement.est_actif,
            "titre": porte.lu(abonnement.dossier, "titre"),
            "lien": reverse("suites:confirmer", args=[abonnement.cle]),
            "arret": reverse("suites:arreter", args=[abonnement.cle]),
            "page": adresse_publique(abonnement.dossier),
        },
    )


def changer_etat(suite: Suite, *, changement: ChangementSuite) -> None:
    """Tell the followers, except the addresses that the app already wrote to about this change."""
    if suite.est_publiee:
        prevenir_abonnes(
            suite.dossier,
            "suites/changer_etat",
            {"suite": suite, "changement": changement},
            cle=changement.cle_lettre,
        )


def prevenir_abonnes(dossier: Dossier, lettre: str, contexte: Mapping[str, Any], *, cle: str) -> int:
    """Write `lettre` to each follower of a published dossier. Return how many letters were written.

    The template receives `dossier`, `lien` (public page) and `desabonnement`. Addresses that already have a letter
    with this `cle` are skipped.
    """
    if not dossier.est_publie:
        return 0
    return ecrire_a_plusieurs(
        lettre,
        abonnes(dossier),
        contexte={"dossier": dossier, "lien": adresse_publique(dossier), **contexte},
        dossier=dossier,
        cle=cle,
    )


def abonnes(dossier: Dossier) -> Iterator[Destinataire]:
    """Return the followers of the dossier, each with their own link to unsubscribe."""
    suivis = Abonnement.objects.actifs().filter(dossier=dossier.pk).order_by("pk")
    for courriel, cle in suivis.values_list("courriel", "cle").iterator():
        yield Destinataire(courriel, desabonnement=reverse("suites:arreter", args=[cle]))


def adresse_publique(dossier: Dossier) -> str:
    """Return the path of the public page of the dossier, or of « Rendu compte » when its app has none."""
    donner = getattr(dossier.enfant, "get_public_url", None)
    return str(donner()) if donner is not None else reverse("suites:rendu_compte")
