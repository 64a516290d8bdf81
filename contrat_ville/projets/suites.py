"""Suites asked by a dossier, and policies of the metropolis that a projet serves.

Their letters go to the team of the projet, the référents of the quartier, the followers.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404

from contrat_ville.models import GroupeDiscussion, Politique, Projet
from participation.socle.actions import exiger
from participation.socle.collectivite import ici, ici_plus_tard
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_cases
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Dossier
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page, acte
from participation.suites import actes as actes_suites
from participation.suites.abonnements import prevenir_abonnes
from participation.suites.models import ChangementSuite, Suite
from participation.suites.workflow import Origine


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


@transaction.atomic
def ajouter_suite(dossier: Projet | GroupeDiscussion, *, par: Compte, **champs: Any) -> Suite:
    """Add a suite, asked or promised, and tell the people who asked.

    Raises ErreurMetier for a promise on a focus group: its suites are asked first, then promised by another
    act.
    """
    if isinstance(dossier, GroupeDiscussion) and champs.get("origine") == Origine.PROMISE:
        raise ErreurMetier(
            ici("Ce qu’un groupe de discussion demande n’est pas une promesse de la {metropole}.")
        )
    suite = actes_suites.ajouter_suite(dossier, par=par, **champs)
    dire_la_suite(suite)
    return suite


class RelierPolitiquesForm(ActeForm):
    objet: Projet

    politiques = champ_cases(
        ici_plus_tard("Politiques {metropolitaines}"), (), "Celles que le projet sert.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"politiques": [str(pk) for pk in self.objet.politiques.values_list("pk", flat=True)]}

    def preparer(self) -> None:
        # Inactive policies stay available for the projets that already have them.
        siennes = set(self.objet.politiques.values_list("pk", flat=True))
        self.possibles = [p for p in Politique.objects.all() if p.est_active or p.pk in siennes]
        choix: Any = self.fields["politiques"]
        choix.choices = [(str(p.pk), p.nom) for p in self.possibles]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        choisies = set(donnees.get("politiques", []))
        donnees["politiques"] = [p for p in self.possibles if str(p.pk) in choisies]
        return donnees


@acte(
    Page[Projet](
        form=RelierPolitiquesForm, consequence="Dit sur la fiche du projet, et dans les filtres de la liste."
    )
)
@transaction.atomic
def relier_politiques(projet: Projet, *, par: Compte, politiques: Sequence[Politique]) -> None:
    """Link the projet to these policies; none removes all links."""
    pas = exiger(projet, "relier_politiques", par=par)
    projet.politiques.set(politiques)
    noms = ", ".join(politique.nom for politique in politiques)
    pas.avancer(motif=noms, fait="" if politiques else ici("Relié à aucune politique {metropolitaine}"))


class AjouterSuiteForm(actes_suites.AjouterSuiteForm):
    def initiales(self) -> Mapping[str, Any]:
        """The direction that carries out the dossier, else the one in charge of a policy of the projet."""
        direction = self.objet.direction_id
        if direction is None and isinstance(self.objet, Projet):
            conduites = self.objet.politiques.filter(direction__est_active=True)
            direction = conduites.values_list("direction", flat=True).first()
        return {"direction": direction}

    def preparer(self) -> None:
        super().preparer()
        if isinstance(self.objet, GroupeDiscussion):
            # A suite of a focus group is always « demandée », never « promise ».
            for champ in ("origine", "promise_le", "acte_promesse"):
                del self.fields[champ]


def voix_du_bureau(request: RequeteConnectee, pk: int) -> Projet | GroupeDiscussion:
    """Return a dossier of the Contrat de Ville that can have suites; 404 else."""
    trouve = trouver_dossier(request.user, pk)
    if not isinstance(trouve, Projet | GroupeDiscussion):
        raise Http404
    return trouve


DES_SUITES: dict[str, Page[Any]] = {
    "ajouter_suite": Page(
        ajouter_suite,
        AjouterSuiteForm,
        "La direction reçoit un lien pour répondre. Qui l’a demandé est prévenu, maintenant puis à chaque étape. "
        "La suite est publique si le dossier l’est.",
        retour="#suites",
    )
}
