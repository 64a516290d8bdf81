"""Acts on the models of answers."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from participation.socle.models import Compte
from participation.socle.regles.versions import exiger_version
from remontees.categories.lectures import choisir_categorie
from remontees.modeles.regles import fautes
from remontees.models import Categorie, ModeleDeReponse
from remontees.models.referentiel import ETATS
from remontees.workflow import Issue


@transaction.atomic
def enregistrer_modele(
    modele: ModeleDeReponse, *, par: Compte, vu: str = "", **champs: Any
) -> ModeleDeReponse:
    """Save a model, new or not; its former text is kept in the admin log.

    Raises TexteDepasse, ValidationError.
    """
    avant = ""
    if modele.pk:
        modele.refresh_from_db(from_queryset=ModeleDeReponse.objects.select_for_update(of=("self",)))
        exiger_version(modele, {nom: champs[nom] for nom in ("nom", "texte")}, vu)
        avant = f"{modele.nom}\n\n{modele.texte}"
    if mal := fautes(champs["texte"]):
        raise ValidationError({"texte": mal})
    for nom, valeur in champs.items():
        setattr(modele, nom, valeur)
    modele.modifie_par, modele.modifie_le = par, timezone.now()
    modele.full_clean()
    modele.save()
    LogEntry.objects.create(
        user=par,
        content_type=ContentType.objects.get_for_model(ModeleDeReponse),
        object_id=str(modele.pk),
        object_repr=modele.nom,
        action_flag=CHANGE if avant else ADDITION,
        change_message=avant,
    )
    return modele


class ModeleForm(ActeForm):
    objet: ModeleDeReponse
    SURVEILLES = ("nom", "texte")

    nom = champ_ligne(
        "Nom", "Celui que les agents choisissent.", maximum=80, erreur="Donnez un nom au modèle."
    )
    categorie: Any = champ_parmi(
        "Catégorie",
        Categorie.objects.none(),
        "Un thème vaut pour tout ce qu’il contient.",
        requis=False,
        vide="Toutes",
    )
    etat = champ_choix(
        "Proposé quand la remontée est",
        [("", "N’importe quand"), *((valeur, majuscule(mot)) for valeur, mot in ETATS)],
        requis=False,
    )
    issue = champ_choix(
        "Ce qu’il en devient",
        [("", "À choisir en répondant"), *((issue.value, majuscule(issue.label)) for issue in Issue)],
        requis=False,
    )
    texte = champ_texte(
        "Texte",
        "Des mots simples. Une variable s’écrit entre accolades.",
        maximum=6000,
        lignes=10,
        erreur="Écrivez le texte du modèle.",
    )
    est_actif = champ_case("Proposé aux agents", requis=False)

    def initiales(self) -> Mapping[str, Any]:
        noms = ("nom", "categorie", "etat", "issue", "texte", "est_actif")
        return {nom: getattr(self.objet, nom) for nom in noms}

    def preparer(self) -> None:
        choisir_categorie(self)
