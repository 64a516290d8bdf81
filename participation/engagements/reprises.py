"""Take up a table of propositions: its columns mapped by an agent, its rows noted, or refused with a reason."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.engagements.models import Collectif, Proposition, Reprise
from participation.engagements.propositions.actes import promettre, publier_proposition
from participation.engagements.workflow import RETENUES, EtatProposition
from participation.socle.actions import Neuf, ouvrir_en_nombre, references_libres
from participation.socle.actions.pieces import nommer
from participation.socle.actions.tableaux import lire_aussitot, recevoir_tableau
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_case, champ_choix, champ_parmi
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Direction
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import jour_venu, simplifier
from participation.socle.views.exports import lignes_refusees
from participation.socle.workflow import Role

# Field → its name on the page of the mapping.
CHAMPS: Mapping[str, str] = {
    "titre": "La proposition, en une phrase",
    "texte": "Son texte entier",
    "numero": "Son numéro",
    "theme": "Thème",
    "portee_par": "Qui la porte",
    "etat": "La réponse : oui, en partie, non",
    "retour": "Pourquoi",
    "deliberation": "Numéro de la délibération",
    "decidee_par": "Qui a décidé",
    "decidee_le": "Date de la décision",
    "direction": "Direction",
}
SYNONYMES: Mapping[str, tuple[str, ...]] = {
    "titre": ("titre", "intitulé", "proposition", "nom", "objet"),
    "texte": ("texte", "description", "contenu", "détail", "la proposition", "proposition", "formulation"),
    "numero": ("numéro", "n°", "no", "num", "identifiant", "id"),
    "theme": ("thème", "thématique", "axe", "domaine", "groupe"),
    "portee_par": ("portée par", "porteur", "qui la porte"),
    "etat": ("réponse", "décision", "état", "statut", "suite donnée"),
    "retour": ("retour", "retour argumenté", "argumentaire", "pourquoi", "commentaire", "réponse argumentée"),
    "deliberation": ("délibération", "numéro de délibération", "n° délibération", "delib_id"),
    "decidee_par": ("décidée par", "décidé par", "qui a décidé", "élu"),
    "decidee_le": ("décidée le", "date de la décision", "date décision", "date"),
    "direction": ("direction", "service", "pilote", "direction pilote"),
}
# What people write in the column of the answer, simplified.
ETATS: Mapping[str, EtatProposition] = {
    **dict.fromkeys(("", "a decider", "en attente", "a l etude", "sans reponse"), EtatProposition.A_DECIDER),
    **dict.fromkeys(
        ("oui", "retenue", "retenu", "acceptee", "validee", "favorable"), EtatProposition.RETENUE
    ),
    **dict.fromkeys(
        ("en partie", "partiellement", "retenue en partie", "partielle", "oui en partie"),
        EtatProposition.RETENUE_EN_PARTIE,
    ),
    **dict.fromkeys(
        ("non", "non retenue", "refusee", "rejetee", "defavorable", "non retenu"), EtatProposition.NON_RETENUE
    ),
}
LONGUEURS = {
    "titre": 160, "texte": 8000, "numero": 20, "theme": 120, "portee_par": 160, "retour": 8000,
    "decidee_par": 160, "deliberation": 120,
}  # fmt: skip
TITRE_MAX = 160


def lire_ligne(dit: Mapping[str, str], aujourdhui: date) -> dict[str, Any]:
    """Return the fields of a row; `direction` as it is written. Raises ValueError, a sentence.

    A text without a title gives it its beginning.
    """
    titre = dit.get("titre", "") or _debut(dit.get("texte", ""))
    texte = dit.get("texte", "") or titre
    if not titre:
        raise ValueError("il manque la proposition.")
    if len(titre) > TITRE_MAX and not dit.get("texte"):
        texte, titre = titre, _debut(titre)
    lus = {**dit, "titre": titre, "texte": texte}
    for champ, longueur in LONGUEURS.items():
        if len(lus.get(champ, "")) > longueur:
            raise ValueError(f"« {lus[champ][:40]}… » a plus de {longueur} caractères.")
    etat = ETATS.get(simplifier(dit.get("etat", "")))
    if etat is None:
        raise ValueError(f"« {dit['etat'][:40]} » ne dit ni oui, ni en partie, ni non.")
    jour = jour_venu(dit.get("decidee_le", ""), aujourdhui)
    if etat != EtatProposition.A_DECIDER and not dit.get("retour"):
        raise ValueError("elle a une réponse, mais pas sa raison.")
    if etat != EtatProposition.A_DECIDER and jour is None:
        raise ValueError("elle a une réponse, mais pas sa date.")
    if etat == EtatProposition.A_DECIDER and jour is not None:
        raise ValueError("elle a une date de décision, mais pas de réponse.")
    ecrits = ("numero", "theme", "portee_par", "retour", "deliberation", "decidee_par", "direction")
    return {
        "titre": titre,
        "texte": texte,
        "etat": etat,
        "decidee_le": jour,
        **{champ: dit.get(champ, "") for champ in ecrits},
    }


def _debut(texte: str) -> str:
    """Return the first words of a text, as a title."""
    if len(texte) <= TITRE_MAX:
        return texte
    return texte[: TITRE_MAX - 1].rsplit(" ", 1)[0].rstrip(",;: ") + "…"


CELLULE_GARDEE = 10_000  # characters


class FichierForm(ActeForm):
    collectif = champ_parmi("Qui propose", Collectif.objects.all(), erreur="Dites qui propose.")
    fichier = ChampFichier(
        label="Tableau des propositions",
        help_text="XLSX, ODS ou CSV, une proposition par ligne ; la première ligne dit le nom des colonnes.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,text/csv"}),
    )


class RelierForm(ActeForm):
    objet: Reprise

    publier = champ_case(
        "Publier aussitôt celles qui ont une réponse, ou une direction pour la préparer", requis=False
    )
    demander = champ_case(
        "Demander aux directions où en sont celles qui sont retenues",
        "Une suite, et une lettre, par proposition retenue dont la direction est connue. Elles sont alors publiées.",
        requis=False,
    )
    field_order = (*CHAMPS, "publier", "demander")

    def preparer(self) -> None:
        colonnes = [("", "Aucune colonne"), *((nom, nom) for nom in self.objet.entetes)]
        for champ, libelle in CHAMPS.items():
            self.fields[champ] = champ_choix(libelle, colonnes, requis=False)
            self.initial[champ] = self.objet.relies.get(champ, "")
        self.order_fields(self.field_order)

    def relies(self) -> dict[str, str]:
        return {champ: self.cleaned_data[champ] for champ in CHAMPS if self.cleaned_data.get(champ)}


def ouvrir_reprise(collectif: Collectif, *, par: Compte, fichier: UploadedFile) -> Reprise:
    """Read the table and guess its columns. Raises ErreurMetier when it is too heavy or cannot be read."""
    octets = recevoir_tableau(fichier)
    forme = lire_aussitot(octets).forme
    lignes = [
        [rang, [cellule[:CELLULE_GARDEE] for cellule in ligne]]
        for rang, ligne in enumerate(tableaux.lignes_de(octets, forme), 2)
        if any(cellule.strip() for cellule in ligne)
    ]
    return Reprise.objects.create(
        collectif=collectif,
        nom=nommer(fichier.name or "", ".csv"),
        entetes=list(forme.entetes),
        lignes=lignes,
        relies=tableaux.deviner(forme.entetes, SYNONYMES),
        total=len(lignes),
        par=par,
    )


@transaction.atomic
def reprendre_propositions(
    numero: int, *, par: Compte, relies: dict[str, str], publier: bool = False, demander: bool = False
) -> Reprise:
    """Note the propositions of the table with their answers. A row that cannot be read, or is here already, is refused.

    Raises ActeInterdit when it was done already, ErreurMetier for a wrong mapping.
    """
    reprise = Reprise.objects.select_for_update().select_related("collectif").get(pk=numero)
    if reprise.etat != Reprise.Etat.A_RELIER:
        raise ActeInterdit("Ce tableau est déjà repris.")
    if not relies.keys() & {"titre", "texte"}:
        raise ErreurMetier("Dites quelle colonne tient la proposition : en une phrase, ou son texte entier.")
    if len(set(relies.values())) < len(relies):
        raise ErreurMetier("Une colonne est choisie deux fois.")
    verrou(f"reprise:{reprise.collectif_id}")  # two tables of one group at once: each row is noted once
    lues, refus = _lire(reprise, relies)
    for _, champs in lues:  # what has its answer needs nobody to prepare it
        champs["est_publie"] = publier and champs["etat"] != EtatProposition.A_DECIDER
    propositions = _noter(reprise, lues, par)
    for proposition in propositions:
        _publier(proposition, par, publier=publier, demander=demander)
    reprise.relies, reprise.etat, reprise.lignes = relies, Reprise.Etat.FINIE, []
    reprise.neuves, reprise.refus = len(propositions), refus
    reprise.save()
    return reprise


def _lire(
    reprise: Reprise, relies: dict[str, str]
) -> tuple[list[tuple[int, dict[str, Any]]], list[dict[str, Any]]]:
    lecteur, lues, refus = _Lecteur(reprise.collectif), [], []
    for rang, ligne in reprise.lignes:
        try:
            lues.append((rang, lecteur.lire(tableaux.valeurs_de(ligne, reprise.entetes, relies))))
        except ValueError as faute:
            refus.append({"ligne": rang, "valeurs": ligne, "raison": str(faute)})
    return lues, refus


def _noter(reprise: Reprise, lues: Sequence[tuple[int, dict[str, Any]]], par: Compte) -> list[Proposition]:
    if not lues:
        return []
    maintenant = timezone.now()
    neufs = [
        Neuf(
            Proposition(),
            par,
            {**champs, "collectif": reprise.collectif, "ouvert_le": maintenant, "agent": par},
            {"reprise": reprise.pk, "ligne": rang},
        )
        for rang, champs in lues
    ]
    references = references_libres(neufs[0].dossier)
    for neuf in neufs:
        neuf.dossier.reference = next(references)
    ouvrir_en_nombre("saisir_proposition", neufs)
    notees: Any = Proposition.objects.filter(pk__in=[neuf.dossier.pk for neuf in neufs])
    return list(notees.select_related("direction", "collectif").order_by("pk"))


def _publier(proposition: Proposition, par: Compte, *, publier: bool, demander: bool) -> None:
    est_retenue = proposition.etat in RETENUES and proposition.direction_id is not None
    attend = proposition.etat == EtatProposition.A_DECIDER and proposition.direction_id is None
    if not proposition.est_publie and ((publier and not attend) or (demander and est_retenue)):
        publier_proposition(proposition, par=par)
    if demander and est_retenue:
        promettre(proposition, par=par)


class _Lecteur:
    """Reads rows against what is known: directions, propositions that are here."""

    def __init__(self, collectif: Collectif) -> None:
        self.directions = {
            simplifier(nom): direction
            for direction in Direction.objects.filter(est_active=True)
            for nom in (direction.nom, direction.sigle)
            if nom
        }
        siennes: Any = collectif.propositions
        self.numeros = set(siennes.exclude(numero="").values_list("numero", flat=True))
        self.titres = {simplifier(titre) for titre in siennes.values_list("titre", flat=True)}

    def lire(self, dit: dict[str, str]) -> dict[str, Any]:
        """Return the fields of the proposition. Raises ValueError, a sentence."""
        champs = lire_ligne(dit, timezone.localdate())
        numero, titre, direction = champs["numero"], simplifier(champs["titre"]), champs["direction"]
        if numero and numero in self.numeros:
            raise ValueError(f"la proposition {numero} est déjà là.")
        if titre in self.titres and not numero:
            raise ValueError(f"« {champs['titre'][:60]} » est déjà là.")
        if direction and simplifier(direction) not in self.directions:
            raise ValueError(f"« {direction[:60]} » n’est pas une direction connue.")
        self.numeros |= {numero} - {""}
        self.titres.add(titre)
        return {**champs, "direction": self.directions[simplifier(direction)] if direction else None}


MONTREES, REFUS_MONTRES, EXTRAIT = 20, 50, 5


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def reprises(request: RequeteConnectee) -> HttpResponse:
    """Last tables, with the form of a new one."""
    form = FichierForm(request.POST or None, request.FILES or None, objet=None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(
                ouvrir_reprise(
                    form.cleaned_data["collectif"], par=request.user, fichier=form.cleaned_data["fichier"]
                )
            )
        except ErreurMetier as erreur:
            form.add_error("fichier", erreur.message)
    return render(
        request,
        "engagements/reprises.html",
        {
            "form": form,
            "des_collectifs": Collectif.objects.exists(),
            "reprises": Reprise.objects.select_related("par", "collectif").defer("lignes", "refus")[
                :MONTREES
            ],
        },
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def reprise(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Mapping of columns before it is taken up, then what became of the rows."""
    choisie = get_object_or_404(Reprise.objects.select_related("par", "collectif"), pk=pk)
    if choisie.etat == Reprise.Etat.FINIE:
        return render(
            request, "engagements/reprise.html", {"choisi": choisie, "refus": choisie.refus[:REFUS_MONTRES]}
        )
    form = RelierForm(request.POST or None, objet=choisie)
    if request.method == "POST" and form.is_valid():
        try:
            reprendre_propositions(
                choisie.pk,
                par=request.user,
                relies=form.relies(),
                publier=form.cleaned_data["publier"],
                demander=form.cleaned_data["demander"],
            )
            return redirect(choisie)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
    extrait = [ligne[: len(choisie.entetes)] for _, ligne in choisie.lignes[:EXTRAIT]]
    return render(
        request, "engagements/reprise_colonnes.html", {"choisi": choisie, "form": form, "extrait": extrait}
    )


@reserve_a(Role.AGENT)
@require_safe
def refus(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    choisie = get_object_or_404(Reprise, pk=pk)
    return lignes_refusees(f"propositions-refusees-{choisie.pk}", choisie.entetes, choisie.refus)
