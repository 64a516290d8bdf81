"""What is told of a suite: to the direction that owes it, to the agent, to who follows the dossier.

Those whose voice it answers are told by their app (`signals`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.socle.courrier import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.models import Courriel, Direction, Dossier
from participation.suites.models import Abonnement, ChangementSuite, ReponseDirection, Suite


def _ecrire(
    lettre: str, suite: Suite, a: Sequence[str], *, cle: str | None = None, **autres: Any
) -> Courriel | None:
    """A letter about the suite, with the link of its direction's answer page."""
    lien = reverse("suites:repondre", args=[suite.jeton()])
    contexte = {"suite": suite, "dossier": suite.dossier, "lien": lien, **autres}
    return ecrire(f"suites/{lettre}", a=a, dossier=suite.dossier, cle=cle, contexte=contexte)


def ajouter_suite(suite: Suite) -> None:
    """Tell the direction what it is asked, or what was promised in its name, and by when, with its link to answer."""
    _ecrire("ajouter_suite", suite, suite.direction.adresses(), cle=f"suite:{suite.pk}")


def relancer(suite: Suite, *, mot: str) -> bool:
    """False when the letter of the day is already written."""
    cle = f"relance-suite:{suite.pk}:{timezone.localdate():%Y%m%d}"
    return _ecrire("relancer", suite, suite.direction.adresses(), cle=cle, mot=mot) is not None


def deplacer_date(suite: Suite, *, changement: ChangementSuite) -> None:
    _ecrire("deplacer_date", suite, suite.direction.adresses(), changement=changement)


def changer_direction(suite: Suite, *, ancienne: Direction, motif: str) -> None:
    """Two letters: to the one that owes it now, with its link, and to the one that owes it no more."""
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
    """Acknowledge to the direction what it sent."""
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
    """The link to confirm; to who follows already, the link to stop. Once a day."""
    ecrire(
        "suites/suivre",
        a=[abonnement.courriel],
        dossier=abonnement.dossier,
        cle=f"suivre:{abonnement.cle}:{timezone.localdate():%Y%m%d}",
        contexte={
            "abonnement": abonnement,
            "dossier": abonnement.dossier,
            "lien": reverse("suites:confirmer", args=[abonnement.cle]),
            "arret": reverse("suites:arreter", args=[abonnement.cle]),
            "page": adresse_publique(abonnement.dossier),
        },
    )


def changer_etat(suite: Suite, *, changement: ChangementSuite) -> None:
    """Tell the followers whom the app has not written to about the same change."""
    if suite.est_publiee:
        prevenir_abonnes(
            suite.dossier,
            "suites/changer_etat",
            {"suite": suite, "changement": changement},
            cle=changement.cle_lettre,
        )


def prevenir_abonnes(dossier: Dossier, lettre: str, contexte: Mapping[str, Any], *, cle: str) -> int:
    """Write `lettre` to each follower of a published dossier, with her way out; returns how many letters are new.

    The template has `dossier`, `lien` (the public page) and `desabonnement`. Addresses already written to under `cle` are
    left out.
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
    """Those who follow the dossier by mail, each with her link to stop."""
    suivis = Abonnement.objects.actifs().filter(dossier=dossier.pk).order_by("pk")
    for courriel, cle in suivis.values_list("courriel", "cle").iterator():
        yield Destinataire(courriel, desabonnement=reverse("suites:arreter", args=[cle]))


def adresse_publique(dossier: Dossier) -> str:
    """Path of its public page; the rendu compte when its app has none."""
    donner = getattr(dossier.enfant, "get_public_url", None)
    return str(donner()) if donner is not None else reverse("suites:rendu_compte")
