"""What was asked becomes a promise."""

from datetime import date

from django.db import transaction

from participation.socle.actions import exiger
from participation.socle.collectivite import collectivite, ici_plus_tard
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne
from participation.socle.francais import ponctuer
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from participation.suites.actes import Nature, dire, exiger_promesse
from participation.suites.models import ChangementSuite, Suite


class PromettreForm(ActeForm):
    promise_le = champ_jour("Promis le", erreur=ici_plus_tard("Dites quand la {metropole} l’a promis."))
    acte_promesse = champ_ligne(
        "Par quel acte",
        ici_plus_tard("Public. Par exemple « délibération n° 12 du {conseil} »."),
        maximum=200,
        erreur="Dites par quel acte : une délibération, un arrêté, une réponse publique.",
    )


@acte(
    Page[Suite](
        form=PromettreForm,
        consequence=lambda s: (
            f"{s.naissance} : {ponctuer(s.intitule)} Demander n’est pas promettre : notez ici l’acte par lequel la {collectivite().sorte.mot} s’engage. "
            "Il est public, et envoyé aux auteurs et aux personnes qui suivent le dossier."
        ),
    )
)
@transaction.atomic
def promettre(suite: Suite, *, par: Compte, promise_le: date, acte_promesse: str) -> None:
    """Record that the Métropole promised what was only asked, by which act and on which day. Followers are told."""
    pas = exiger(suite, "promettre", par=par)
    exiger_promesse(promise_le, acte_promesse)
    pas.avancer(
        fait=f"La {collectivite().sorte.mot} l’a promis : {suite.intitule}",
        motif=acte_promesse,
        details={"suite": suite.pk, "promise_le": promise_le.isoformat()},
        est_publique=suite.est_publiee,
        champs={"promise_le": promise_le, "acte_promesse": acte_promesse.strip()},
    )
    precision = f"Promise {suite.promesse}"[:200]
    dire(suite, ChangementSuite.retenir(suite, Nature.PROMESSE, par=par, precision=precision))
