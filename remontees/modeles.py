"""Models of answer: text with variables such as « {commune} », replaced once (no other syntax), previewed on a real remontée."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions import enregistrer
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import jour_texte, majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, ReglageService
from participation.socle.regles.versions import exiger_version
from participation.socle.views.pages import essayer, lier
from participation.socle.workflow import Role
from remontees.categories import choisir_categorie
from remontees.models import Categorie, ModeleDeReponse, Remontee, Sujet
from remontees.models.referentiel import ETAT_DU_SUJET, ETATS
from remontees.workflow import EtatSujet, Issue

# Names of the variables, with the explanation that agents read.
VARIABLES: dict[str, str] = {
    "référence": "la référence du dossier",
    "titre": "ce qui a été dit, en une phrase",
    "catégorie": "sa catégorie",
    "commune": "la commune",
    "lieu": "le lieu, aussi précis qu’il est connu",
    "date": "le jour où elle a été dite",
    "service": "le service qui a répondu",
    "réponse du service": "ce que ce service a écrit",
    "démarche": "l’adresse de la démarche en ligne",
    "téléphone": "le téléphone du service participation",
}


TROU = re.compile(r"\{([^{}]*)\}")


A_COMPLETER = re.compile(r"\[à compléter : [^\[\]]*\]")


def simple(nom: str) -> str:
    """Normalise a name: « Référence », « reference » and « REFERENCE » are the same variable."""
    nu = "".join(c for c in unicodedata.normalize("NFD", nom) if not unicodedata.combining(c))
    return " ".join(nu.lower().replace("_", " ").split())


CONNUES = {simple(nom): nom for nom in VARIABLES}


def fautes(texte: str) -> list[str]:
    """Return the errors in the variables of a text, as sentences."""
    inconnues = dict.fromkeys(nom for nom in TROU.findall(texte) if simple(nom) not in CONNUES)
    phrases = [
        f"« {{{nom}}} » n’est pas une variable. Choisissez parmi : {', '.join(VARIABLES)}."
        if nom.strip()
        else "Il manque un nom entre les accolades « {} »."
        for nom in inconnues
    ]
    if "{" in (reste := TROU.sub("", texte)) or "}" in reste:
        phrases.append("Une accolade est seule : une variable s’écrit entre deux, comme {commune}.")
    return phrases


def remplir(texte: str, valeurs: Mapping[str, str]) -> str:
    """Replace all variables in one pass, so that a value is never read as a variable.

    Variables without value become « [à compléter : …] ».
    """

    def valeur(trou: re.Match[str]) -> str:
        nom = CONNUES.get(simple(trou[1]), trou[1])
        return valeurs.get(nom) or f"[à compléter : {nom}]"

    return TROU.sub(valeur, texte)


def a_completer(texte: str) -> str:
    """Return the first « [à compléter : …] » of a text; empty without any."""
    trouve = A_COMPLETER.search(texte)
    return trouve[0] if trouve else ""


def reprendre(modele: str, ecrit: str) -> str:
    """Put the text of a model before what was typed, without repeating either."""
    modele, ecrit = ("\n".join(texte.split("\r\n")).strip() for texte in (modele, ecrit))
    if modele in ecrit:
        return ecrit
    return modele if ecrit in modele else f"{modele}\n\n{ecrit}"


def modeles_pour(dossier: Remontee | Sujet) -> list[ModeleDeReponse]:
    """Return the models of its category first, then of its theme, then for any category."""
    etat = ETAT_DU_SUJET.get(EtatSujet(dossier.etat)) if isinstance(dossier, Sujet) else dossier.etat
    categorie = dossier.categorie
    theme = categorie.parent_id if categorie is not None else None
    siens = Q(categorie=None)
    if categorie is not None:
        siens |= Q(categorie__in=[numero for numero in (categorie.pk, theme) if numero])
    return list(
        ModeleDeReponse.objects.filter(siens, Q(etat="") | Q(etat=etat or ""), est_actif=True)
        .annotate(
            loin=Case(
                When(categorie=categorie.pk if categorie is not None else None, then=Value(0)),
                When(categorie=theme, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("loin", "nom")
    )


def valeurs_de(dossier: Remontee | Sujet) -> dict[str, str]:
    """Return the values, without names of people: answers are kept, and those of sujets are published."""
    part = dossier.attributions.exclude(repondue_le=None).order_by("-repondue_le").first()
    categorie = dossier.categorie
    if isinstance(dossier, Remontee):
        lieu, jour = dossier.ou, jour_texte(dossier.entendue_le)
    else:
        lieu = str(dossier.quartier or dossier.commune or "")
        jour = jour_texte(dossier.ouvert_le)
    return {
        "référence": dossier.reference or "",
        "titre": dossier.titre,
        "catégorie": categorie.nom if categorie is not None else "",
        "commune": str(dossier.commune or ""),
        "lieu": lieu,
        "date": jour,
        "service": part.en_phrase if part is not None else "",
        "réponse du service": part.reponse if part is not None else "",
        "démarche": categorie.adresse_demarche if categorie is not None else "",
        "téléphone": ReglageService.actuel().telephone,
    }


def exemple_pour(modele: ModeleDeReponse, compte: Compte) -> Remontee | None:
    """Return the last remontée that the model fits, else the last one: the preview is made with it."""
    toutes: Any = (
        Remontee.objects.visibles_par(compte)
        .filter(est_discrimination=False)
        .select_related("categorie", "commune", "quartier")
        .order_by("-pk")
    )
    trouvee: Remontee | None = None
    if modele.categorie is not None:
        trouvee = toutes.filter(Q(categorie=modele.categorie) | Q(categorie__parent=modele.categorie)).first()
    return trouvee or toutes.first()


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
    enregistrer(modele, modifie_par=par, modifie_le=timezone.now())
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


@reserve_a(Role.AGENT)
@require_safe
def modeles(request: RequeteConnectee) -> HttpResponse:
    tous = ModeleDeReponse.objects.select_related("categorie__parent").order_by("-est_actif", "nom")
    return render(request, "remontees/modeles/modeles.html", {"modeles": tous})


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def modele(request: RequeteConnectee, pk: int | None = None) -> HttpResponse:
    """Form of a model. The button « Voir » makes a preview without saving."""
    objet = get_object_or_404(ModeleDeReponse, pk=pk) if pk is not None else ModeleDeReponse()
    nom = str(objet)
    form = lier(request, ModeleForm, objet)
    apercu, exemple = "", None
    if form.is_valid():
        for phrase in fautes(form.cleaned_data["texte"]):
            form.add_error("texte", phrase)
    if form.is_bound and not form.errors:
        dit = form.cleaned_data
        if "voir" in request.POST:
            exemple = exemple_pour(ModeleDeReponse(categorie=dit["categorie"]), request.user)
            apercu = remplir(dit["texte"], valeurs_de(exemple) if exemple is not None else {})
        elif essayer(form, lambda: enregistrer_modele(objet, par=request.user, **dit)) is not None:
            messages.success(request, f"Modèle « {objet} » enregistré.")
            return redirect("remontees:modeles")
    return render(
        request,
        "remontees/modeles/modele.html",
        {
            "modele": objet,
            "nom": nom,
            "form": form,
            "apercu": apercu,
            "exemple": exemple,
            "variables": [(f"{{{variable}}}", quoi) for variable, quoi in VARIABLES.items()],
        },
    )
