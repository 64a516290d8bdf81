"""Acts on the run-of-show: steps, delays, printed sheet."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from participation.rencontres.deroule import lectures, regles
from participation.rencontres.models import Animateur, Bloc, Rencontre
from participation.socle.actions import exiger
from participation.socle.actions.documents import demander_document
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, champ_nombre, champ_texte
from participation.socle.francais import accorder, enumerer, heure
from participation.socle.models import Compte, Document
from participation.socle.views.pages import Page, Reserve, acte

CHAMPS = (
    "rang", "titre", "minutes", "piste", "qui", "consignes", "materiel", "est_public", "au_moins", "peut_sauter",
)  # fmt: skip


class BlocForm(ActeForm):
    rang = champ_nombre(
        "Place dans le déroulé", "Les étapes qui suivent sont décalées.", minimum=1, maximum=200
    )
    titre = champ_ligne("Titre", maximum=120)
    minutes = champ_nombre("Durée (minutes)", minimum=1, maximum=1440)
    piste = champ_ligne(
        "Piste",
        "Vide si toute la salle y est. Sinon un lieu ou un groupe : les étapes de pistes différentes qui se suivent se tiennent en même temps.",
        maximum=40,
        requis=False,
    )
    qui = champ_ligne("Qui fait quoi", "« Sami garde le temps, Inès note ».", maximum=200, requis=False)
    consignes = champ_texte(
        "Consignes pour l’animation", "Lues par qui anime, jamais publiées.", maximum=2000, lignes=4, requis=False
    )  # fmt: skip
    materiel = champ_ligne("Matériel", maximum=200, requis=False)
    est_public = champ_case("Dans le programme public", requis=False, initial=True)
    au_moins = champ_nombre("Peut être raccourcie à (minutes)", "En cas de retard. Vide : elle garde sa durée.", minimum=1, maximum=1440, requis=False)  # fmt: skip
    peut_sauter = champ_case("Peut être coupée en cas de retard", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, Bloc):
            return {champ: getattr(self.objet, champ) for champ in CHAMPS}
        return {"rang": self.objet.blocs.count() + 1, "est_public": True}


@acte(Page[Rencontre](form=BlocForm, bouton="Ajouter", retour="#deroule"))
@transaction.atomic
def ajouter_bloc(rencontre: Rencontre, *, par: Compte, **champs: Any) -> Bloc:
    pas = exiger(rencontre, "ajouter_bloc", par=par)
    bloc = Bloc(rencontre=rencontre, **champs)
    bloc.full_clean()
    rencontre.blocs.filter(rang__gte=bloc.rang).update(rang=F("rang") + 1)
    bloc.save()
    pas.avancer(fait=f"Étape ajoutée : {bloc}")
    return bloc


@acte(Page[Bloc](form=BlocForm, bouton="Enregistrer", retour="#deroule"))
@transaction.atomic
def modifier_bloc(bloc: Bloc, *, par: Compte, **champs: Any) -> None:
    pas = exiger(bloc, "modifier_bloc", par=par)
    if champs.get("rang", bloc.rang) != bloc.rang:
        bloc.rencontre.blocs.filter(rang__gte=champs["rang"]).exclude(pk=bloc.pk).update(rang=F("rang") + 1)  # fmt: skip
    avant = bloc.titre
    devenue = f", devenue « {champs['titre']} »" if champs.get("titre", avant) != avant else ""
    pas.avancer(champs={**champs, "jouees": None}, fait=f"Étape modifiée : {avant}{devenue}"[:200])


@acte(Page[Bloc](retour="#deroule"))
@transaction.atomic
def retirer_bloc(bloc: Bloc, *, par: Compte) -> None:
    pas = exiger(bloc, "retirer_bloc", par=par)
    Bloc.objects.filter(pk=bloc.pk).delete()
    pas.avancer(fait=f"Étape retirée : {bloc}")


class RetardForm(ActeForm):
    """`vu`: the durations that the page showed. A delay said twice would count twice."""

    vu = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    minutes = champ_nombre("Retard (minutes)", minimum=1, maximum=240)
    etape = champ_choix("L’étape qui dure", [], "Elle est allongée d’autant.", court=True)
    comment = champ_choix(
        "Ensuite",
        [("couper", "Raccourcir, puis couper ce qui peut l’être"), ("decaler", "Tout décaler")],
        boutons=True,
        initial="couper",
    )

    def preparer(self) -> None:
        ou: Any = self.fields["etape"]
        dit = lectures.deroule(self.objet)
        ou.choices = [(str(li.bloc.pk), f"{heure(li.debut)} {li.bloc}") for li in dit.lignes if not li.bloc.est_coupe]  # fmt: skip

    def initiales(self) -> Mapping[str, Any]:
        en_cours = lectures.deroule(self.objet).en_cours
        return {
            "vu": lectures.durees(self.objet),
            **({"etape": str(en_cours[0].bloc.pk)} if en_cours else {}),
        }


def dire_le_retard(rencontre: Rencontre, fait: regles.Rattrapage) -> str:
    noms = dict(rencontre.blocs.values_list("pk", "titre"))
    coupees = [f"« {noms[cle]} »" for cle, minutes in fait.minutes.items() if not minutes]
    dits = ["Le déroulé est recalculé."]
    if coupees:
        dits.append(f"{'Coupée' if len(coupees) == 1 else 'Coupées'} : {enumerer(coupees)}.")
    if fait.reste:
        dits.append(f"La fin est décalée de {accorder(fait.reste, 'minute')}.")
        return Reserve(" ".join(dits))
    return " ".join([*dits, "L’heure de fin est tenue."])


@acte(
    Page[Rencontre](
        form=RetardForm,
        consequence="Les trois vues changent aussitôt : l’animation, l’écran de la salle, le programme public.",
        bouton="Recalculer",
        succes=dire_le_retard,
        retour="#deroule",
    )
)
@transaction.atomic
def dire_retard(
    rencontre: Rencontre,
    *,
    par: Compte | None,
    minutes: int,
    etape: str,
    comment: str,
    vu: str = "",
    animateur: Animateur | None = None,
) -> regles.Rattrapage:
    """« Nous avons sept minutes de retard. » `par` None: said by the link of `animateur`.

    Raises ErreurMetier when the run-of-show changed since `vu`, ValidationError for a step that is no longer there.
    """
    pas = exiger(rencontre, "dire_retard", par=par)
    if vu and vu != lectures.durees(rencontre):
        raise ErreurMetier("Le déroulé vient de changer : relisez-le, puis dites ce qu’il reste de retard.")
    blocs = lectures.blocs_de(rencontre)
    if etape not in {str(bloc.pk) for bloc in blocs}:
        raise ValidationError({"etape": "Cette étape n’est plus dans le déroulé."})
    fait = regles.retarder(lectures.etapes(blocs), int(etape), minutes, couper=comment == "couper")
    for cle, jouees in fait.minutes.items():
        Bloc.objects.filter(pk=cle, rencontre=rencontre).update(jouees=jouees)
    pas.avancer(
        fait=f"Retard de {accorder(minutes, 'minute')}",
        details={"reste": fait.reste, **({"animateur": animateur.pk} if animateur else {})},
    )
    return fait


@acte(Page[Rencontre](consequence="Chaque étape reprend sa durée prévue.", retour="#deroule"))
@transaction.atomic
def retablir_deroule(rencontre: Rencontre, *, par: Compte) -> None:
    pas = exiger(rencontre, "retablir_deroule", par=par)
    rencontre.blocs.update(jouees=None)
    pas.avancer()


@acte(
    Page[Rencontre](
        consequence="Une feuille pour l’animation : les heures, qui fait quoi, les consignes, le matériel.",
        succes="La feuille se fabrique : elle s’affiche dans les documents.",
        retour="#documents",
    )
)
@transaction.atomic
def imprimer_deroule(rencontre: Rencontre, *, par: Compte) -> Document:
    pas = exiger(rencontre, "imprimer_deroule", par=par)
    dit = lectures.deroule(rencontre)
    lignes = [
        {
            "de": heure(ligne.debut),
            "a": heure(ligne.fin),
            "titre": ligne.bloc.titre,
            "piste": ligne.bloc.piste,
            "qui": ligne.bloc.qui,
            "consignes": ligne.bloc.consignes,
            "materiel": ligne.bloc.materiel,
            "marge": _marge(ligne.bloc),
        }
        for ligne in dit.lignes
        if not ligne.bloc.est_coupe
    ]
    document = demander_document(
        nature="rencontres/deroule",
        titre=f"Déroulé, {rencontre.titre}"[:160],
        dossier=rencontre,
        par=par,
        est_interne=True,
        donnees={"lignes": lignes, "debut": rencontre.debut.isoformat(), "lieu": f"{rencontre.lieu}, {rencontre.adresse}", "equipe": [f"{a}{f' : {a.role}' if a.role else ''}" for a in rencontre.animateurs.order_by("nom", "pk")]},
    )  # fmt: skip
    pas.avancer(details={"document": document.pk})
    return document


def _marge(bloc: Bloc) -> str:
    if bloc.peut_sauter:
        return "peut être coupée"
    return f"peut durer {accorder(bloc.au_moins, 'minute')}" if bloc.au_moins else ""
