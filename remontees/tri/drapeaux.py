"""Quick acts of triage: category, the rule’s destination, online procedure, discrimination. Each has its form and its page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_parmi, champ_texte
from participation.socle.francais import a_qui, enumerer
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte
from remontees.categories import choisir_categorie
from remontees.models import Attribution, Categorie, Remontee
from remontees.parts import lettres as lettres_parts
from remontees.parts.actes import REPONSE, TRI, devoir, donner, retirer_attribution
from remontees.personne import dire_a_qui
from remontees.routage.classement import proposees
from remontees.routage.lectures import deja_donnee, destination_de
from remontees.tri.lectures import dire_ce_qui_part
from remontees.workflow import PARTS_VIVANTES, Issue

GABARIT = "remontees/tri/acte_de_tri.html"
CIRCUIT_A_PART = "Elle suit désormais son propre circuit, au service participation seul."


def en_regard(request: RequeteConnectee, remontee: Remontee, form: Any) -> Mapping[str, Any]:
    """Context of the template: the remontée beside the form."""
    return {"remontee": remontee, "semblables": [], "proposees": []}


class ClasserForm(ActeForm):
    objet: Remontee

    categorie: Any = champ_parmi(
        "Catégorie",
        Categorie.objects.none(),
        vide="À choisir",
        erreur="Choisissez une catégorie.",
        attributs={"class": "form-select"},
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"categorie": self.objet.categorie}

    def preparer(self) -> None:
        choisir_categorie(self)


@acte(
    Page[Remontee](
        form=ClasserForm,
        gabarit=GABARIT,
        contexte=lambda _, remontee, form: {
            "remontee": remontee,
            "semblables": [],
            "proposees": proposees(remontee),
        },
        succes=lambda remontee, _: f"Catégorie de {remontee.reference} : {remontee.categorie.chemin}.",  # type: ignore[union-attr]
    )
)
def classer(remontee: Remontee, *, par: Compte, categorie: Categorie) -> None:
    """Set the category and nothing else."""
    avancer(
        remontee,
        "classer",
        par=par,
        champs={"categorie": categorie},
        fait=f"Catégorie : {categorie.chemin}",
        details={"categorie": str(remontee.categorie or ""), "categorie_apres": str(categorie)},
    )


class RouterForm(ActeForm):
    """Confirmation of the destination. `vu`: the one shown; when it changed, the new one is shown first."""

    objet: Remontee

    vu = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def preparer(self) -> None:
        self.destination = destination_de(self.objet)
        self.initial["vu"] = self.destination.vu if self.destination else ""

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if self.destination is not None and dit.get("vu") != self.destination.vu:
            donnees: Any = dict(self.data.items())
            self.data = donnees | {"vu": self.destination.vu}
            # Non-field error: an error on a hidden field would not be shown.
            raise ValidationError(
                f"{deja_donnee(self.objet) or 'La règle ou la remontée a changé depuis.'} Elle irait maintenant {a_qui(self.destination.en_phrase)}."
                if dit.get("vu")
                else f"Relisez : elle irait {a_qui(self.destination.en_phrase)}."
            )
        return dit


def dire_la_destination(remontee: Remontee) -> str:
    destination = destination_de(remontee)
    if destination is None:
        return deja_donnee(remontee) or (
            "Aucune règle ne dit à qui la donner : revenez, et choisissez vous-même le service."
        )
    return dire_ce_qui_part(
        remontee,
        f"{destination.pourquoi} : elle va {a_qui(destination.en_phrase)}, qui reçoit ce qui a été dit",
    )


@acte(
    Page[Remontee](
        form=RouterForm,
        consequence=dire_la_destination,
        gabarit=GABARIT,
        contexte=en_regard,
        succes=lambda remontee, parts: (
            f"{remontee.reference} est donnée à {enumerer(part.en_phrase for part in parts)}."
        ),
    )
)
@transaction.atomic
def router(remontee: Remontee, *, par: Compte, vu: str) -> list[Attribution]:
    """Give a part to each direction of the destination. `vu`: fingerprint of the destination shown.

    Raises ErreurMetier without destination, or when it has changed since.
    """
    pas = exiger(remontee, "router", par=par)
    destination = destination_de(remontee)
    if destination is None and (deja := deja_donnee(remontee)):
        raise ActeInterdit(deja)
    if destination is None:
        raise ErreurMetier("Aucune règle ne dit à qui la donner : choisissez vous-même le service.")
    if destination.vu != vu:
        raise ErreurMetier(
            f"La règle ou la remontée a changé depuis : elle irait maintenant {a_qui(destination.en_phrase)}. Relisez, puis recommencez."
        )
    parts = [
        donner(remontee, par=par, a=direction, date_limite=destination.date_limite)
        for direction in destination.directions
    ]
    champs: dict[str, Any] = {}
    if remontee.direction_id is None:
        champs["direction"] = destination.directions[0]
    if remontee.agent_id is None and destination.referent is not None:
        champs["agent"] = destination.referent
    pas.avancer(
        champs=champs,
        fait=f"Donnée {a_qui(destination.en_phrase)}",
        motif=f"{destination.pourquoi}.",
        details={
            "regle": destination.regle.pk if destination.regle else None,
            "pourquoi": destination.pourquoi,
            "attributions": [part.pk for part in parts],
            "date_limite": destination.date_limite.isoformat(),
        },
    )
    faire_echeance(remontee, TRI)
    return parts


class RenvoyerForm(ActeForm):
    objet: Remontee

    reponse = champ_texte(
        "Votre réponse",
        "L’adresse de la démarche est ajoutée à la fin si elle n’y est pas.",
        maximum=4000,
        lignes=8,
        erreur="Écrivez la réponse.",
    )

    def initiales(self) -> Mapping[str, Any]:
        categorie = self.objet.categorie
        if categorie is None or not categorie.adresse_demarche:
            return {}
        return {
            "reponse": "Votre demande vous concerne personnellement : une démarche en ligne la traite plus vite que nous, "
            f"et vous permet de suivre où elle en est.\n\n{categorie.adresse_demarche}"
        }


@acte(Page[Remontee](form=RenvoyerForm, consequence=dire_a_qui, gabarit=GABARIT, contexte=en_regard))
@transaction.atomic
def renvoyer(remontee: Remontee, *, par: Compte, reponse: str) -> bool:
    """Answer an individual matter with its online procedure.

    Return whether the letter leaves by mail or SMS.
    """
    pas = exiger(remontee, "renvoyer", par=par)
    adresse = remontee.categorie.adresse_demarche if remontee.categorie else ""
    pas.avancer(
        champs={
            "est_individuelle": True,
            "issue": Issue.TRANSMIS,
            "reponse": f"{reponse.strip()}\n\n{adresse}" if adresse not in reponse else reponse,
            "repondue_le": timezone.now(),
        },
        motif=reponse,
        details={"demarche": adresse},
    )
    for cle in (TRI, REPONSE):
        annuler_echeance(remontee, cle)
    return lettres_parts.renvoyer(remontee, adresse=adresse)


SignalerDiscriminationForm = demander_texte(
    "Ce qui le fait penser",
    aide="Lu des référents des discriminations seulement. Le Défenseur des droits peut aider la personne, gratuitement, si elle le veut.",
    maximum=2000,
    erreur="Dites ce qui le fait penser.",
)


@acte(
    Page[Remontee](
        form=SignalerDiscriminationForm,
        consequence="Seuls les référents des discriminations la lisent désormais : ni les services, ni les autres agents. Ils orientent la personne, avec son accord.",
        gabarit=GABARIT,
        contexte=en_regard,
        # To the queue, where the agent may no longer read the remontée.
        retour=lambda remontee, _: (
            remontee.get_absolute_url() if not remontee.est_discrimination else reverse("remontees:trier")
        ),
        succes=lambda remontee, _: (
            f"{remontee.reference} est au circuit des discriminations : ses référents sont prévenus."
        ),
    )
)
@transaction.atomic
def signaler_discrimination(remontee: Remontee, *, par: Compte, motif: str) -> None:
    """Move the remontée to the circuit of discriminations.

    Its services lose their parts, it leaves its sujet, and only the agents who have the right read it. They
    are told. The agent in charge is kept only if they have this right.
    """
    pas = exiger(remontee, "signaler_discrimination", par=par)
    for part in remontee.attributions.filter(etat__in=sorted(PARTS_VIVANTES)).select_related(
        "direction", "commune", "organisme", "par", "dossier"
    ):
        retirer_attribution(part, par=par, motif=CIRCUIT_A_PART)
    agent = remontee.agent if remontee.agent is not None and remontee.agent.lit_les_reserves else None
    pas.avancer(
        champs={"est_discrimination": True, "sujet_commun": None, "direction": None, "agent": agent},
        motif=motif,
    )
    devoir(remontee, TRI, "Orienter la personne : discrimination")
    # Without any word of the remontée: mailboxes are shared.
    ecrire(
        "remontees/signaler_discrimination",
        a=adresses_du_service(remontee),
        dossier=remontee,
        contexte={"remontee": remontee, "lien": remontee.get_absolute_url()},
    )


LeverDiscriminationForm = demander_texte(
    "Pourquoi ce n’en est pas une", maximum=2000, erreur="Dites pourquoi ce n’en est pas une."
)


@acte(
    Page[Remontee](
        form=LeverDiscriminationForm,
        consequence="Elle revient au tri : tous les agents du service la lisent.",
        gabarit=GABARIT,
        contexte=en_regard,
    )
)
@transaction.atomic
def lever_discrimination(remontee: Remontee, *, par: Compte, motif: str) -> None:
    """Move the remontée back to triage, where all agents read it."""
    avancer(remontee, "lever_discrimination", par=par, champs={"est_discrimination": False}, motif=motif)
    devoir(remontee, TRI, "Choisir qui s’en occupe")
