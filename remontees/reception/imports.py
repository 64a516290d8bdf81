"""Import of a table of posts: its columns mapped, its rows read batch by batch, those refused given back.

A row imported twice makes one remontée.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.actions.pieces import nommer
from participation.socle.actions.tableaux import lire_tableau, recevoir_tableau, se_lit_aussitot
from participation.socle.bd.verrous import verrou_de_session
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_choix
from participation.socle.francais import nombre
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte
from participation.socle.regles import tableaux
from participation.socle.regles.tableaux import jour_de
from participation.socle.travaux import differes as taches_differees
from participation.socle.views.exports import lignes_refusees
from participation.socle.workflow import Role
from remontees.models import Categorie, ColonnesReliees, Import, LigneRejetee
from remontees.reception import arrivees
from remontees.reception.regles import VERBATIM_MAX, Charge, Contact
from remontees.workflow import Canal

ESPACE_DES_CLES = uuid.UUID("0b8f1c57-6f3b-5b57-8a53-9a2f7f3a1e42")


# Fields of a row with their labels; below, the column names that are recognised for each.
CHAMPS: Mapping[str, str] = {
    "verbatim": "Texte du message",
    "source": "Adresse du message",
    "entendue_le": "Date",
    "titre": "Titre",
    "commune": "Commune",
    "lieu": "Lieu",
    "categorie": "Catégorie",
    "nom": "Nom ou pseudonyme",
}


SYNONYMES: Mapping[str, frozenset[str]] = {
    "verbatim": frozenset(
        [
            "verbatim",
            "texte",
            "message",
            "contenu",
            "text",
            "content",
            "commentaire",
            "comment",
            "post",
            "body",
            "description",
            "publication",
        ]
    ),
    "source": frozenset(
        ["source", "url", "lien", "link", "permalink", "permalien", "adresse", "adresse du message"]
    ),
    "entendue_le": frozenset(
        [
            "entendue le",
            "date",
            "jour",
            "created at",
            "created_at",
            "published",
            "date de publication",
            "timestamp",
        ]
    ),
    "titre": frozenset(["titre", "title", "objet", "sujet"]),
    "commune": frozenset(["commune", "ville", "city", "insee"]),
    "lieu": frozenset(["lieu", "rue", "place", "location", "endroit"]),
    "categorie": frozenset(["categorie", "category", "theme", "thematique"]),
    "nom": frozenset(["nom", "auteur", "author", "pseudo", "user", "username", "utilisateur", "name"]),
}


def deviner(entetes: Sequence[str]) -> dict[str, str]:
    """Return field → column; each column is used once. A field always knows the column of its own name."""
    connus = {champ: {*noms, CHAMPS[champ]} for champ, noms in SYNONYMES.items()}
    return tableaux.deviner(entetes, connus)


def reproche(valeurs: Mapping[str, str], jour: date) -> str:
    """Return why a row is refused, as a sentence; empty when it is valid."""
    texte = valeurs.get("verbatim", "")
    if not texte:
        return "Le texte du message est vide."
    if len(texte) > VERBATIM_MAX:
        return f"Le texte dépasse {VERBATIM_MAX} caractères."
    source = valeurs.get("source", "")
    if source and not re.fullmatch(r"https?://\S{3,490}", source):
        return f"L’adresse du message doit commencer par https:// : « {source[:80]} »."
    try:
        le = jour_de(valeurs.get("entendue_le", ""))
    except ValueError:
        return f"La date ne se lit pas : « {valeurs['entendue_le'][:40]} ». Écrivez-la 26/11/2026."
    if le is not None and le > jour:
        return f"La date est à venir : « {valeurs['entendue_le'][:40]} »."
    return ""


def cle_de(valeurs: Mapping[str, str]) -> uuid.UUID:
    """Return the key of a post: from its URL, or from all its values when it has none."""
    if source := valeurs.get("source"):
        return uuid.uuid5(ESPACE_DES_CLES, source)
    return uuid.uuid5(ESPACE_DES_CLES, "\x1f".join(f"{champ}={valeurs[champ]}" for champ in sorted(valeurs)))


TACHE = "remontees.importer"


PAQUET = 500


def ouvrir_import(fichier: UploadedFile, *, par: Compte) -> Import:
    """Save the file; a small one is opened at once, a worker opens the others.

    Raises ErreurMetier when it is too heavy, or cannot be read.
    """
    octets = recevoir_tableau(fichier)
    nouveau = Import(nom=nommer(fichier.name or "", ".csv"), par=par, etat=Import.Etat.A_LIRE)
    if se_lit_aussitot(octets):
        _ouvrir(nouveau, octets)
    nouveau.fichier.save(nouveau.nom, ContentFile(octets), save=False)
    nouveau.save()
    if nouveau.etat == Import.Etat.A_LIRE:
        taches_differees.confier(TACHE, nouveau.pk, priorite=taches_differees.ATTENDU)
    return nouveau


def _ouvrir(choisi: Import, octets: bytes) -> None:
    lu = lire_tableau(octets)
    choisi.encodage, choisi.separateur = lu.forme.encodage, lu.forme.separateur
    choisi.entetes, choisi.total, choisi.extrait = list(lu.forme.entetes), lu.total, lu.extrait
    choisi.relies = _deja_relies(lu.forme.entetes) or deviner(lu.forme.entetes)
    choisi.etat = Import.Etat.A_RELIER


def _lire_le_fichier(numero: int) -> None:
    """Open the file in the worker. One that cannot be read is dropped, with the sentence that says why."""
    with verrou_de_session(f"remontees-import:{numero}") as libre:
        choisi = Import.objects.filter(pk=numero, etat=Import.Etat.A_LIRE).first()
        if choisi is None or not libre:
            return
        try:
            with choisi.fichier.open("rb") as ouvert:
                _ouvrir(choisi, ouvert.read())
        except ErreurMetier as erreur:
            choisi.etat, choisi.erreur = Import.Etat.ECHEC, erreur.message[:300]
            choisi.fini_le = timezone.now()
            choisi.fichier.delete(save=False)
        choisi.save()


def _empreinte(entetes: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(entetes).encode()).hexdigest()


def _deja_relies(entetes: Sequence[str]) -> dict[str, str]:
    connues = ColonnesReliees.objects.filter(pk=_empreinte(entetes)).first()
    return dict(connues.relies) if connues else {}


@transaction.atomic
def lancer_import(numero: int, *, relies: dict[str, str]) -> None:
    """Save the mapping of columns and hand the import to the worker.

    Raises ActeInterdit when already started, ErreurMetier for a wrong mapping.
    """
    choisi = Import.objects.select_for_update().get(pk=numero)
    if choisi.etat != Import.Etat.A_RELIER:
        raise ActeInterdit(f"Cet import a déjà avancé : il est « {choisi.get_etat_display()} ».")
    if "verbatim" not in relies:
        raise ErreurMetier("Dites quelle colonne tient le texte du message.")
    if len(set(relies.values())) < len(relies):
        raise ErreurMetier("Une colonne est choisie deux fois.")
    choisi.relies, choisi.etat, choisi.extrait = relies, Import.Etat.EN_COURS, None
    choisi.save(update_fields=["relies", "etat", "extrait"])
    ColonnesReliees.objects.update_or_create(
        pk=_empreinte(choisi.entetes), defaults={"relies": relies, "le": timezone.now()}
    )
    taches_differees.confier(TACHE, choisi.pk)


def importer(numero: int) -> None:
    """Open the file, or import its rows from the last position, one transaction per batch.

    Another worker can resume it.
    """
    _lire_le_fichier(numero)
    while _un_paquet(numero):
        pass


def reprendre_les_imports() -> None:
    """Give again the imports left by a stopped worker."""
    en_cours = Import.objects.filter(etat__in=[Import.Etat.A_LIRE, Import.Etat.EN_COURS])
    taches_differees.confier_chacun(TACHE, en_cours.values_list("pk", flat=True))


def _un_paquet(numero: int) -> bool:
    with transaction.atomic():
        choisi = (
            Import.objects.select_for_update(skip_locked=True)
            .filter(pk=numero, etat=Import.Etat.EN_COURS)
            .first()
        )
        if choisi is None:
            return False
        forme = tableaux.Forme(choisi.encodage, choisi.separateur, tuple(choisi.entetes))
        with choisi.fichier.open("rb") as ouvert:
            lignes = tableaux.lignes_de(ouvert.read(), forme)
            paquet = list(islice(lignes, choisi.lues, choisi.lues + PAQUET))
        if paquet:
            _recevoir(choisi, paquet)
        choisi.lues += len(paquet)
        if choisi.lues >= choisi.total or not paquet:
            choisi.etat, choisi.fini_le = Import.Etat.FINI, timezone.now()
            # Refused rows are saved apart: the file is no longer needed.
            choisi.fichier.delete(save=False)
        choisi.save()
        return choisi.etat == Import.Etat.EN_COURS


def _recevoir(choisi: Import, paquet: Iterable[Sequence[str]]) -> None:
    jour = timezone.localdate()
    communes = {tableaux.simplifier(c.nom): c.pk for c in Commune.objects.all()}
    communes |= {code: code for code in communes.values()}
    categories: dict[str, Any] = {
        tableaux.simplifier(c.nom): c.pk for c in Categorie.objects.filter(est_active=True)
    }
    charges: dict[uuid.UUID, Charge] = {}
    rejetees: list[LigneRejetee] = []
    for rang, ligne in enumerate(paquet, choisi.lues + 2):  # spreadsheet row numbers: the header is row 1
        if ligne and not any(cellule.strip() for cellule in ligne):
            continue
        valeurs = tableaux.valeurs_de(ligne, choisi.entetes, choisi.relies)
        raison = reproche(valeurs, jour)
        commune = communes.get(tableaux.simplifier(valeurs.get("commune", "")), "")
        categorie = categories.get(tableaux.simplifier(valeurs.get("categorie", "")))
        if not raison and valeurs.get("commune") and not commune:
            raison = f"Commune inconnue : « {valeurs['commune'][:60]} »."
        if not raison and valeurs.get("categorie") and categorie is None:
            raison = f"Catégorie inconnue : « {valeurs['categorie'][:60]} »."
        if raison:
            rejetees.append(
                LigneRejetee(
                    import_fichier=choisi, numero=rang, valeurs=[c[:2000] for c in ligne], raison=raison
                )
            )
            continue
        cle = cle_de(valeurs)
        if cle in charges:
            choisi.doublons += 1
        charges.setdefault(cle, _charge(valeurs, commune, categorie, choisi.par_id))
    LigneRejetee.objects.bulk_create(rejetees)
    neuves = arrivees.deposer_en_nombre(charges)
    choisi.rejetees += len(rejetees)
    choisi.nouvelles += neuves
    choisi.doublons += len(charges) - neuves


def _charge(valeurs: dict[str, str], commune: str, categorie: int | None, par: int) -> Charge:
    return Charge(
        verbatim=valeurs["verbatim"],
        canal=Canal.RESEAU,
        titre=valeurs.get("titre", "")[:160],
        entendue_le=tableaux.jour_de(valeurs.get("entendue_le", "")),
        categorie=categorie,
        commune=commune,
        lieu=valeurs.get("lieu", "")[:200],
        source=valeurs.get("source", ""),
        saisie_par=par,
        contact=Contact(nom=valeurs["nom"][:120], prefere="aucun") if valeurs.get("nom") else Contact(),
    )


class FichierForm(ActeForm):
    fichier = ChampFichier(
        label="Fichier CSV",
        help_text=f"Un message par ligne ; la première ligne dit le nom des colonnes. {nombre(settings.TABLEAU_LIGNES_MAX)} lignes au plus.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.txt,.tsv"}),
    )


class RelierForm(ActeForm):
    objet: Import

    def preparer(self) -> None:
        colonnes = [("", "Aucune colonne"), *((nom, nom) for nom in self.objet.entetes)]
        for champ, libelle in CHAMPS.items():
            self.fields[champ] = champ_choix(
                libelle, colonnes, requis=champ == "verbatim", erreur="Choisissez la colonne."
            )
            self.initial[champ] = self.objet.relies.get(champ, "")

    def relies(self) -> dict[str, Any]:
        return {champ: colonne for champ, colonne in self.cleaned_data.items() if colonne}


MONTRES, REJETS_MONTRES = 20, 50


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: RequeteConnectee) -> HttpResponse:
    """Last imports, with the form of a new one."""
    form = FichierForm(request.POST or None, request.FILES or None, objet=None)
    if request.method == "POST" and form.is_valid():
        try:
            nouveau = ouvrir_import(form.cleaned_data["fichier"], par=request.user)
            return redirect(nouveau)
        except ErreurMetier as erreur:
            form.add_error("fichier", erreur.message)
    return render(
        request,
        "remontees/reception/imports.html",
        {"form": form, "imports": Import.objects.select_related("par")[:MONTRES]},
    )


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_fichier(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Mapping of columns before the start, then progress."""
    choisi = get_object_or_404(Import.objects.select_related("par"), pk=pk)
    if choisi.etat != Import.Etat.A_RELIER:
        return render(
            request,
            "remontees/reception/import_etat.html",
            {"choisi": choisi, "rejets": choisi.lignes_rejetees.all()[:REJETS_MONTRES]},
        )
    form = RelierForm(request.POST or None, objet=choisi)
    if request.method == "POST" and form.is_valid():
        try:
            lancer_import(choisi.pk, relies=form.relies())
            messages.success(request, "L’import commence.")
            return redirect(choisi)
        except ErreurMetier as erreur:
            form.add_error(None, erreur.message)
    reponse = render(
        request,
        "remontees/reception/import_colonnes.html",
        {"choisi": choisi, "form": form, "extrait": choisi.extrait or []},
    )
    if "HX-Request" in request.headers:  # the page of the reading asks whether it is over
        reponse["HX-Refresh"] = "true"
    return reponse


@reserve_a(Role.AGENT)
@require_safe
def rejets(request: RequeteConnectee, pk: int) -> StreamingHttpResponse:
    """CSV of the refused rows with the reason, to be corrected and imported again."""
    choisi = get_object_or_404(Import, pk=pk)
    return lignes_refusees(f"lignes-refusees-{choisi.pk}", choisi.entetes, choisi.lignes_rejetees.all())
