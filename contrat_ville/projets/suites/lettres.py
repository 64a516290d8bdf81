"""Letters about a suite: to the team of a projet, référents of a quartier, followers."""

from collections.abc import Iterator
from typing import Any

from contrat_ville.models import GroupeDiscussion, Projet
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.models import Dossier
from participation.suites.abonnements.lettres import prevenir_abonnes
from participation.suites.models import ChangementSuite, Suite


def dire_la_suite(suite: Suite) -> None:
    """Write once to each person who asked, then to each follower."""
    cle = f"suite-ajoutee:{suite.pk}"
    _dire(suite, "contrat_ville/ajouter_suite", cle=cle)
    if suite.est_publiee:
        prevenir_abonnes(suite.dossier, "contrat_ville/ajouter_suite", {"suite": suite}, cle=cle)


def dire_le_changement(suite: Suite, changement: ChangementSuite, **_: Any) -> None:
    """Receiver of `suites.signals.suite_changee`. The `suites` app writes to the followers itself."""
    if suite.dossier.app == "contrat_ville" and suite.est_publiee:
        _dire(suite, "contrat_ville/changer_suite", cle=changement.cle_lettre, changement=changement)


def _dire(suite: Suite, lettre: str, *, cle: str, **contexte: Any) -> None:
    dossier = suite.dossier.enfant
    valeurs = {"suite": suite, "dossier": dossier, **contexte}
    if isinstance(dossier, Projet):
        _ecrire(dossier, lettre, _equipe(dossier), cle, {**valeurs, "lien": dossier.get_porteur_url()})
    elif isinstance(dossier, GroupeDiscussion):
        # No address of the participants is kept: the référents tell them.
        _ecrire(dossier, lettre, _referents(dossier), cle, {**valeurs, "lien": dossier.get_absolute_url()})


def _ecrire(
    dossier: Dossier, lettre: str, a: Iterator[Destinataire], cle: str, valeurs: dict[str, Any]
) -> None:
    ecrire_a_plusieurs(lettre, a, contexte=valeurs, dossier=dossier, cle=cle)


def _referents(groupe: GroupeDiscussion) -> Iterator[Destinataire]:
    for adresse in groupe.suivi.referents.filter(is_active=True).values_list("courriel", flat=True):
        yield Destinataire(adresse)


def _equipe(projet: Projet) -> Iterator[Destinataire]:
    for adresse in (
        projet.equipe.presents().filter(compte__is_active=True).values_list("compte__courriel", flat=True)
    ):
        yield Destinataire(adresse)
