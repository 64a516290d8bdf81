"""The room where the balls are drawn: its projected screen, then the procès-verbal to be signed there.

After a restore, what was published before it binds what is written after: the file that anybody kept is the proof.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.socle.actions.avancer import exiger
from participation.socle.actions.documents import demander_document, redemander_document
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_texte
from participation.socle.francais import instant_texte, jour_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, Document
from participation.socle.regles.textes import lire_json
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role
from participation.tirage import verification
from participation.tirage.models import Tirage
from participation.tirage.selection.comptes import comptes_de
from participation.tirage.trouver import trouver_tirage
from participation.tirage.verification import FORMATS
from participation.tirage.workflow import EtatTirage

# Who signs in the room.
QUALITES = ["Pour le service", "Qui a tiré les boules", "Témoin, garant ou commissaire de justice"]


def composition(tirage: Tirage, numeros: list[str]) -> list[dict[str, Any]]:
    """Return, for each category, how many of these people have each value. Counts alone: never a profile."""
    profils = (
        tirage.volontaires.filter(numero__in=numeros)
        .order_by()
        .values_list("profil")
        .annotate(combien=Count("pk"))
    )
    assis: dict[tuple[str, str], int] = {}
    for profil, combien in profils:
        for paire in profil.items():
            assis[paire] = assis.get(paire, 0) + combien
    categories: dict[str, list[dict[str, Any]]] = {}
    for quota in tirage.quotas.all():
        categories.setdefault(quota.categorie, []).append(
            {
                "valeur": quota.valeur,
                "assis": assis.get((quota.categorie, quota.valeur), 0),
                "bornes": quota.bornes,
            }
        )
    return [{"categorie": categorie, "valeurs": valeurs} for categorie, valeurs in categories.items()]


def mise_en_pv(tirage: Tirage) -> dict[str, Any]:
    """Return what the procès-verbal says: numbers, never a name of who was drawn. JSON values."""
    panel = verification.panel_tire(tirage)
    comptes = tirage.comptes
    return {
        "pv": {
            "titre": tirage.titre,
            "est_repetition": tirage.est_repetition,
            "objet": tirage.objet,
            "reperes": [
                (
                    "Tirage public",
                    f"{instant_texte(tirage.tire_le)}, {tirage.lieu}" if tirage.tire_le else "",
                ),
                ("Places", str(tirage.places)),
                (
                    "Source de la graine",
                    f"{tirage.get_source_display()}, le {jour_texte(tirage.date_graine)}",
                ),
                ("Précision", tirage.precision_source),
                ("Si la source manque", tirage.repli),
                ("Volontaires", str(comptes.get("volontaires", ""))),
                ("Dans le tirage, une personne par foyer", str(comptes.get("tirables", ""))),
            ],
            "boules": tirage.numero_tire,
            "panel": panel,
            "reserve": comptes.get("reserve", []),
            "composition": composition(tirage, panel),
            "preuves": [
                ("Empreinte de la liste", tirage.empreinte_liste),
                ("Empreinte de la règle", tirage.empreinte_regle),
                ("Graine, comme elle est publiée", tirage.texte_graine),
                ("Graine", tirage.graine),
                ("Empreinte des mille panels", tirage.empreinte_panels),
            ],
            "etapes": [(quoi, instant_texte(quand)) for quoi, quand in verification.etapes(tirage)],
        },
        "qualites": QUALITES,
        "fichier_joint": {
            "nom": "tirage.json",
            "description": "La règle, les empreintes, la graine, les boules et le panel, pour qui vérifie",
            "texte": verification.contenu(tirage, "tirage.json"),
        },
    }


OCTETS_MAX = 5 * 1024 * 1024
# What the file and the draw must not say differently, once both say it.
LIES = {
    "empreinte_liste": "l’empreinte de la liste",
    "regle": "la règle",
    "texte_graine": "la graine",
    "empreinte_panels": "l’empreinte des panels",
}


class ComparerForm(ActeForm):
    fichier = ChampFichier(
        label="Le fichier tirage.json publié avant",
        required=False,
        help_text="Celui que vous avez gardé, ou que quelqu’un a téléchargé. Le plus récent.",
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    motif = champ_texte(
        "Si personne n’a ce fichier, déclarez où en était le tirage",
        "Cette déclaration est publique.",
        requis=False,
        maximum=1000,
        lignes=3,
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        fichier = dit.pop("fichier", None)
        dit["publie"] = lire_publie(fichier.read(OCTETS_MAX + 1), self.objet) if fichier else None
        if not fichier and not dit.get("motif", "").strip():
            self.add_error("motif", "Choisissez le fichier, ou déclarez où en était le tirage.")
        return dit


def lire_publie(octets: bytes, tirage: Tirage) -> dict[str, str]:
    """Return what a published file says beyond the list. Raises ValidationError when it is not a file of this draw."""
    try:
        lu = lire_json(octets) if len(octets) <= OCTETS_MAX else None
    except ValueError:
        lu = None
    if not isinstance(lu, dict) or lu.get("format") not in FORMATS:
        raise ValidationError({"fichier": "Ce n’est pas le fichier tirage.json d’un tirage."})
    for champ, mots in LIES.items():
        dit, ici = str(lu.get(champ, "")), getattr(tirage, champ)
        if dit and ici and dit != ici:
            raise ValidationError(
                {
                    "fichier": f"Ce fichier et le site diffèrent : {mots}. Rien ne peut être écrit avant de savoir pourquoi."
                }
            )
    return {champ: str(lu.get(champ, ""))[:200] for champ in ("texte_graine", "empreinte_panels", "boules")}


@acte(
    Page[Tirage](
        form=ComparerForm,
        consequence="Ce qui était publié avant la restauration ne change pas : la graine, les panels et les boules déjà connus seront les "
        "seuls acceptés.",
        bouton="Comparer",
    )
)
@transaction.atomic
def comparer_publie(tirage: Tirage, *, par: Compte, publie: dict[str, str] | None, motif: str) -> None:
    """Keep what was published: the seed, the panels and the balls that follow must be the same. Or a public statement."""
    pas = exiger(tirage, "comparer_publie", par=par)
    gardes = {**(publie or {}), "compare_le": timezone.now().isoformat()}
    pas.avancer(
        champs={"publies": gardes},
        motif=motif,
        fait="Comparé avec le fichier publié avant la restauration"
        if publie
        else "Déclaration après une restauration",
        details=publie or {},
    )


NATURE = "tirage/proces_verbal"


@acte(
    Page[Tirage](
        en_un_clic=True, succes="Le procès-verbal est demandé. Il sera prêt dans un instant.", retour="#panel"
    )
)
@transaction.atomic
def preparer_pv(tirage: Tirage, *, par: Compte) -> Document:
    """Ask for the PDF, or make it again under the same address. Public as the draw is."""
    pas = exiger(tirage, "preparer_pv", par=par)
    donnees = mise_en_pv(tirage)
    document: Document | None = tirage.proces_verbal
    if document is None:
        document = demander_document(
            nature=NATURE,
            titre=f"Procès-verbal du tirage au sort, {tirage.titre}",
            donnees=donnees,
            par=par,
            est_public=tirage.est_public,
        )
    else:
        Document.objects.filter(pk=document.pk, fige_le=None).update(donnees=donnees)
        redemander_document(document, par=par)
    pas.avancer(champs={"proces_verbal": document}, details={"document": document.pk})
    return document


@reserve_a(Role.AGENT)
@require_safe
def ecran(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Three balls typed, the panel that they name is shown with its composition; then it is validated, or typed again."""
    tirage = trouver_tirage(request, pk)
    dites = request.GET.get("boules", "").strip()[:3]
    boules = tirage.numero_tire or (dites if len(dites) == 3 and dites.isascii() and dites.isdigit() else "")
    est_pret = tirage.etat in {EtatTirage.PUBLIE, EtatTirage.TIRE}
    panel = tirage.panels[int(boules)] if boules and est_pret else []
    return render(
        request,
        "tirage/ecran.html",
        {
            "tirage": tirage,
            "dites": dites,
            "boules": boules if est_pret else "",
            "panel": panel,
            "volontaires": comptes_de(tirage)["volontaires"],
            "composition": composition(tirage, panel) if panel else [],
            "obstacles": tirage.obstacles("tirer", request.user) if tirage.boules is None else [],
            "adresse": request.build_absolute_uri(tirage.get_public_url()) if tirage.est_public else "",
            "ici": reverse("tirage:ecran", args=[tirage.pk]),
        },
    )
