"""Acts that prepare a rencontre, move it, cancel it, say that it was held and close it."""

from typing import Annotated, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.inscriptions import actes as inscriptions
from participation.inscriptions.actes import EvenementForm
from participation.inscriptions.lectures import dire_aux_inscrits
from participation.rencontres.models import Animateur, Format, Rencontre
from participation.rencontres.workflow import EtatFormat, EtatRencontre
from participation.socle.actions import avancer, enregistrer, exiger, ouvrir
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.champs import champ_courriel, champ_ligne, champ_parmi, champ_texte
from participation.socle.models import Compte, Dossier
from participation.socle.views.pages import Page, acte
from participation.suites import actes as suites
from participation.suites.actes import AjouterSuiteForm
from participation.suites.models import Suite


class RencontreForm(EvenementForm):
    CHAMPS = (*EvenementForm.CHAMPS, "but", "format")
    field_order = (
        "titre", "but", "jour", "de", "a", "lieu", "adresse", "acces", "places", "date_limite", "format", "demarche",
    )  # fmt: skip

    titre = champ_ligne("Titre", maximum=160)
    but = champ_texte(
        "Pourquoi se réunir", "La question posée, et ce que la réponse changera. Public.", maximum=2000, lignes=3
    )  # fmt: skip
    format: Any = champ_parmi("Format", Format.objects.none(), requis=False, vide="À choisir plus tard")
    demarche = champ_ligne(
        "Référence de la démarche",
        "Si la rencontre en sert une : « PET-2026-0012 ». Vide sinon.",
        maximum=20,
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir("format", Format.objects.filter(etat=EtatFormat.EN_USAGE))

    def initiales(self) -> dict[str, Any]:
        if not self.objet.pk:  # or what is prepared with its rencontre: a temps fort
            return {}
        origine = self.objet.origine
        return {**super().initiales(), "demarche": origine.reference if origine else ""}

    def clean(self) -> dict[str, Any]:
        dit = super().clean()
        reference = dit.pop("demarche", "").strip().upper()
        dit["origine"] = None
        if reference:
            lisibles: Any = Dossier.objects
            if self.par is not None:
                lisibles = lisibles.visibles_par(self.par)
            dit["origine"] = lisibles.filter(reference=reference).exclude(pk=self.objet.pk).first()
            if dit["origine"] is None:
                self.add_error("demarche", f"Aucun dossier n’a la référence « {reference[:20]} ».")
        return dit


@acte(
    Page[Rencontre](ouvre=True,
        form=RencontreForm,
        consequence="Personne ne la voit avant l’ouverture des inscriptions.",
        retour=lambda rencontre, fait: rencontre.get_absolute_url() if rencontre.pk else rencontre.fil_avant[-1][1],
    )
)  # fmt: skip
@transaction.atomic
def preparer_rencontre(rencontre: Rencontre, *, par: Compte, **champs: Any) -> Rencontre:
    ouvrir(rencontre, "preparer_rencontre", par=par, champs={**champs, "auteur": par})
    return rencontre


@acte(
    Page[Rencontre](
        form=RencontreForm,
        bouton="Enregistrer",
        consequence=lambda rencontre: (
            "Si le jour, l’heure ou le lieu change, toutes les personnes inscrites en sont prévenues."
            if rencontre.etat == EtatRencontre.OUVERTE
            else ""
        ),
    )
)
def modifier_rencontre(rencontre: Rencontre, *, par: Compte, **champs: Any) -> None:
    inscriptions.modifier(rencontre, "modifier_rencontre", par=par, champs=champs)


@acte(
    Page[Rencontre](
        consequence="Sa page publique est en ligne, et chacun peut s’inscrire jusqu’au dernier jour donné."
    )
)
@transaction.atomic
def ouvrir_inscriptions(rencontre: Rencontre, *, par: Compte) -> None:
    avancer(rencontre, "ouvrir_inscriptions", par=par, champs={"est_publie": True})


@acte(Page[Rencontre](consequence="Plus personne ne s’inscrit. La récolte reste ouverte."))
def tenir_rencontre(rencontre: Rencontre, *, par: Compte) -> None:
    avancer(rencontre, "tenir_rencontre", par=par)


@acte(Page[Rencontre](consequence="Plus rien n’y est attendu. Ses suites restent suivies."))
def clore_rencontre(rencontre: Rencontre, *, par: Compte) -> None:
    avancer(rencontre, "clore_rencontre", par=par, champs={"clos_le": timezone.now()})


@acte(Page[Rencontre](consequence=dire_aux_inscrits))
def annuler_rencontre(
    rencontre: Rencontre,
    *,
    par: Compte,
    motif: Annotated[
        str,
        champ_texte(
            "Pourquoi elle n’a pas lieu", "Lu par les personnes inscrites et sur la page publique.", maximum=1000, lignes=3
        ),
    ],
) -> None:  # fmt: skip
    inscriptions.annuler(rencontre, "annuler_rencontre", par=par, motif=motif, clos_le=timezone.now())


@acte(
    Page[Rencontre](
        consequence="Avec une adresse, elle ou il reçoit le lien du déroulé, qui s’ouvre sans compte.",
        retour="#equipe",
    )
)
@transaction.atomic
def ajouter_animateur(
    rencontre: Rencontre,
    *,
    par: Compte,
    nom: Annotated[str, champ_ligne("Nom", maximum=120)],
    role: Annotated[
        str, champ_ligne("Ce qu’elle ou il fait", "« Garde le temps », « note à la table 3 ».", maximum=120, requis=False)
    ] = "",
    courriel: Annotated[str, champ_courriel("Adresse de courriel", requis=False)] = "",
) -> Animateur:  # fmt: skip
    pas = exiger(rencontre, "ajouter_animateur", par=par)
    animateur = enregistrer(
        Animateur(rencontre=rencontre, nom=nom, role=role, courriel=courriel.strip().lower())
    )
    pas.avancer()
    if animateur.courriel:
        # Send the link of the run-of-show, which opens without an account.
        ecrire(
            "rencontres/ajouter_animateur",
            a=[animateur.courriel],
            dossier=animateur.rencontre,
            cle=f"rencontres-animateur:{animateur.pk}",
            contexte={
                "animateur": animateur,
                "rencontre": animateur.rencontre,
                "lien": reverse("rencontres:deroule_par_lien", args=[animateur.jeton()]),
            },
        )
    return animateur


@acte(Page[Animateur](consequence="Son lien ne s’ouvre plus.", retour="#equipe"))
@transaction.atomic
def retirer_animateur(animateur: Animateur, *, par: Compte) -> None:
    pas = exiger(animateur, "retirer_animateur", par=par)
    Animateur.objects.filter(pk=animateur.pk).delete()
    pas.avancer()


@acte(
    Page[Rencontre](
        form=AjouterSuiteForm, consequence="La direction reçoit un lien pour répondre.", retour="#suites"
    )
)
def ajouter_suite(rencontre: Rencontre, *, par: Compte, **champs: Any) -> Suite:
    return suites.ajouter_suite(rencontre, par=par, **champs)
