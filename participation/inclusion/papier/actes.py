"""A table of paper: sent, read by the worker, approved line by line, closed, forgotten."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Annotated, Any

import segno
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.choices import flatten_choices

from participation.inclusion.models import LignePapier, LotPapier
from participation.inclusion.papier.tableau import Lecteur, genres
from participation.inclusion.workflow import EtatLigne, EtatLot
from participation.socle.actions import avancer, exiger, ouvrir
from participation.socle.actions.documents import demander_document
from participation.socle.actions.pieces import nommer
from participation.socle.actions.tableaux import lire_tableau, recevoir_tableau
from participation.socle.bd.verrous import verrou, verrou_de_session
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import ChampFichier, champ_cases, champ_choix, champ_ligne
from participation.socle.francais import accorder, enumerer, nombre
from participation.socle.models import Compte, Document, ReglageService
from participation.socle.regles import tableaux
from participation.socle.travaux import differes
from participation.socle.views.pages import Page, Reserve, acte
from participation.socle.vitrine import GenreDePapier

TACHE = "inclusion.lire_lot"
MONTREES = 100  # lines on one page


class EnvoyerForm(ActeForm):
    pour = champ_choix("Pour quoi", [], "Ce que disent les papiers, et la démarche.")
    fichier = ChampFichier(
        label="Tableau", widget=forms.FileInput(attrs={"accept": ".csv,text/csv,.tsv,.xlsx,.ods,.xls"})
    )

    def preparer(self) -> None:
        self.fields["pour"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "Choisissez"),
            *(
                (genre.titre, [(f"{genre.cle}:{numero}", nom) for numero, nom in objets])
                for genre in genres().values()
                if genre.inscrire is not None and (objets := list(genre.objets()))
            ),
        ]
        self.fields["fichier"].help_text = (
            f"CSV ou classeur, une personne par ligne, {nombre(settings.PAPIER_LIGNES_MAX)} lignes au plus. "
            "La première ligne dit le nom des colonnes : partez du modèle."
        )


@acte(
    Page(
        form=EnvoyerForm,
        consequence="Le site lit le tableau et dit ce qui ne va pas dans chaque ligne. Rien ne compte avant que vous l’approuviez.",
        succes="Le tableau est reçu : sa lecture commence.",
        retour=lambda _, lot: lot.get_absolute_url() if lot else reverse("inclusion:lots"),
        ouvre=True,
    )
)
@transaction.atomic
def envoyer_lot(lot: LotPapier, *, par: Compte, pour: str, fichier: UploadedFile) -> LotPapier:
    """Raises ErreurMetier for a file too heavy, ValidationError for one that was sent already."""
    cle, _, cible = pour.partition(":")
    genre, octets = genres()[cle], recevoir_tableau(fichier)
    nom = dict(genre.objets()).get(int(cible), "")
    lot.genre, lot.cible, lot.nom = cle, int(cible), nommer(fichier.name or "", ".csv")
    lot.empreinte = hashlib.sha256(octets).hexdigest()
    verrou(f"lot:{cle}:{cible}:{lot.empreinte}")
    ouvrir(lot, "envoyer_lot", par=par, champs={"titre": f"{genre.titre}, {nom}"[:200]})
    lot.fichier.save(lot.nom, ContentFile(octets))
    differes.confier(TACHE, lot.pk, priorite=differes.ATTENDU)
    return lot


def lire_lot(numero: int) -> None:
    """Read the rows in the worker, with what is wrong in each. A file that cannot be read is set aside, with its sentence."""
    with verrou_de_session(f"inclusion-lot:{numero}") as libre:
        trouve = LotPapier.objects.filter(pk=numero, etat=EtatLot.A_LIRE).first() if libre else None
        lot: LotPapier | None = trouve  # type: ignore[assignment]  # typed as the spine
        if lot is None:
            return
        try:
            colonnes, lignes = _lire(lot)
        except ErreurMetier as erreur:
            ecarter_lot(lot, raison=erreur.message)
        else:
            ouvrir_lot(lot, colonnes, lignes)
        lot.fichier.delete(save=False)
        LotPapier.objects.filter(pk=lot.pk).update(fichier="")


def _lire(lot: LotPapier) -> tuple[list[tuple[str, str]], list[LignePapier]]:
    """Return the columns of the table, as (field, title) in the order of the form, and its rows."""
    lecteur = Lecteur.de(genres()[lot.genre], lot.cible, lot.agent)
    with lot.fichier.open("rb") as ouvert:
        octets = ouvert.read()
    lu = lire_tableau(octets, classeurs=True)
    if lu.total > settings.PAPIER_LIGNES_MAX:
        raise ErreurMetier(
            f"Ce tableau a {nombre(lu.total)} lignes, plus que les {nombre(settings.PAPIER_LIGNES_MAX)} d’un lot. Partagez-le."
        )
    relies = lecteur.relier(lu.forme.entetes)
    lignes = []
    for rang, cellules in enumerate(
        tableaux.lignes_de(octets, lu.forme), 2
    ):  # the names of the columns are row 1
        if any(cellule.strip() for cellule in cellules):
            dites = tableaux.valeurs_de(cellules, lu.forme.entetes, relies)
            valeurs = {nom: valeur[:4000] for nom, valeur in dites.items() if valeur}
            _, fautes = lecteur.formulaire(valeurs)
            lignes.append(
                LignePapier(
                    lot=lot,
                    numero=rang,
                    valeurs=valeurs,
                    etat=EtatLigne.EN_FAUTE if fautes else EtatLigne.A_VOIR,
                    raison=" ".join(fautes)[:1000],
                )
            )
    return [(nom, titre) for nom, titre in lecteur.titres.items() if nom in relies], lignes


def ecarter_lot(lot: LotPapier, *, raison: str) -> None:
    avancer(lot, "ecarter_lot", par=None, champs={"raison": raison[:300]})


@transaction.atomic
def ouvrir_lot(lot: LotPapier, colonnes: Sequence[tuple[str, str]], lignes: Sequence[LignePapier]) -> None:
    en_faute = sum(ligne.etat == EtatLigne.EN_FAUTE for ligne in lignes)
    avancer(
        lot,
        "ouvrir_lot",
        par=None,
        fait=f"Lot lu : {accorder(len(lignes), 'ligne', 'lignes')}, dont {en_faute} en faute",
        champs={"colonnes": colonnes},
    )
    LignePapier.objects.bulk_create(lignes)


def reprendre_les_lots() -> None:
    """Give again the lots left by a stopped worker."""
    differes.confier_chacun(TACHE, LotPapier.objects.filter(etat=EtatLot.A_LIRE).values_list("pk", flat=True))


class LignesForm(ActeForm):
    objet: LotPapier

    lignes = champ_cases(
        "Lignes", [], "Cochez celles que vous avez comparées au papier.", erreur="Cochez au moins une ligne."
    )

    def preparer(self) -> None:
        self.fields["lignes"].choices = [  # type: ignore[attr-defined]  # a choice field
            (str(ligne.numero), f"{ligne.numero} : {' · '.join(ligne.valeurs.values())[:300]}")
            for ligne in self.objet.lignes.filter(etat=EtatLigne.A_VOIR).order_by("numero")[:MONTREES]
        ]


def _dire_retenues(lot: LotPapier, fait: list[str]) -> str:
    return Reserve(" ".join(fait)) if len(fait) > 1 else fait[0]


@acte(
    Page(
        form=LignesForm,
        consequence="Ces lignes comptent comme si vous les aviez saisies une par une.",
        succes=_dire_retenues,
    )
)
@transaction.atomic
def retenir_lignes(lot: LotPapier, *, par: Compte, lignes: list[str]) -> list[str]:
    """Enter each line as its own act would: one that is refused there is at fault, with the reason; the others count.

    Returns what was done, then what was refused, in sentences. Raises ActeInterdit when somebody decided a line meanwhile.
    """
    pas = exiger(lot, "retenir_lignes", par=par)
    lecteur = Lecteur.de(genres()[lot.genre], lot.cible, par)
    retenues, refus = 0, []
    for ligne in _a_voir(lot, lignes):
        ligne.par, ligne.etat = par, EtatLigne.RETENUE
        if raison := _inscrire(lecteur, ligne, par):
            ligne.etat, ligne.raison = EtatLigne.EN_FAUTE, raison[:1000]
            refus.append(f"Ligne {ligne.numero} : {raison}")
        else:
            ligne.valeurs, retenues = {}, retenues + 1
        ligne.save()
    pas.avancer(fait=accorder(retenues, "ligne retenue", "lignes retenues"))
    return [f"{accorder(retenues, 'ligne retenue', 'lignes retenues')}.", *refus]


def _a_voir(lot: LotPapier, numeros: Sequence[str]) -> list[LignePapier]:
    """Return the lines, which the lock of the lot keeps; each is decided once."""
    lignes = list(lot.lignes.filter(numero__in=numeros).select_related("par").order_by("numero"))
    deja = [ligne for ligne in lignes if ligne.etat != EtatLigne.A_VOIR]
    if deja:
        dites = enumerer([f"la ligne {ligne.numero} est {ligne.get_etat_display()}" for ligne in deja[:3]])
        raise ActeInterdit(f"Quelqu’un a décidé avant vous : {dites}.")
    return lignes


def _inscrire(lecteur: Lecteur, ligne: LignePapier, par: Compte) -> str:
    """Do what the line asks; return why not, "" once done."""
    form, fautes = lecteur.formulaire(ligne.valeurs)
    inscrire = lecteur.genre.inscrire
    if fautes or inscrire is None:
        return " ".join(fautes) or "Ces papiers se saisissent un par un."
    try:
        with transaction.atomic():
            inscrire(lecteur.cible, form, par, _cle(ligne))
    except ErreurMetier as erreur:
        return erreur.message
    except ValidationError as erreur:
        return " ".join(erreur.messages)
    return ""


def _cle(ligne: LignePapier) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"papier:{ligne.lot.empreinte}:{ligne.lot_id}:{ligne.numero}")


class RefuserForm(LignesForm):
    motif = champ_ligne("Pourquoi", "Écrit dans le fichier des lignes refusées.", maximum=200)


@acte(
    Page(form=RefuserForm, consequence="Elles ne comptent pas. Le fichier des lignes refusées dit pourquoi.")
)
@transaction.atomic
def refuser_lignes(lot: LotPapier, *, par: Compte, lignes: list[str], motif: str) -> None:
    """Raises ActeInterdit when somebody decided a line meanwhile."""
    pas = exiger(lot, "refuser_lignes", par=par)
    for ligne in _a_voir(lot, lignes):
        ligne.par, ligne.etat, ligne.raison = par, EtatLigne.REFUSEE, motif
        ligne.save()
    pas.avancer(fait=accorder(len(lignes), "ligne refusée", "lignes refusées"), motif=motif)


@acte(
    Page(consequence="Gardez le papier. Le fichier des lignes refusées reste à télécharger quelques jours.")
)
def clore_lot(lot: LotPapier, *, par: Compte) -> None:
    avancer(lot, "clore_lot", par=par, champs={"clos_le": timezone.now()})


@acte(
    Page(
        consequence="Rien n’est enregistré, et les réponses sont effacées. Le même fichier pourra être envoyé de nouveau."
    )
)
@transaction.atomic
def annuler_lot(
    lot: LotPapier, *, par: Compte, motif: Annotated[str, champ_ligne("Pourquoi", maximum=160)]
) -> None:
    avancer(lot, "annuler_lot", par=par, motif=motif, champs={"clos_le": timezone.now()})
    lot.lignes.update(valeurs={})


def oublier_les_lots() -> None:
    """Erase what paper said, some days after it was sent: what was retained is elsewhere."""
    LignePapier.objects.filter(lot__ouvert_le__lt=il_y_a_plus_de(settings.PAPIER_JOURS)).exclude(
        lot__etat=EtatLot.A_APPROUVER
    ).exclude(valeurs={}).update(valeurs={})


NATURE = "inclusion/formulaire"
CHOIX_IMPRIMES = 12  # above, the answer is written on a line


def imprimer_formulaire(genre: GenreDePapier, cible: int, *, par: Compte | None, en_gros: bool) -> Document:
    """Ask for the printed form, with the code that leads to the same on line. It is made once for the same questions."""
    deja = formulaire_imprime(genre, cible, en_gros=en_gros)
    titre = f"{genre.titre} : formulaire{' en gros caractères' if en_gros else ''}"
    return deja or demander_document(
        nature=NATURE, titre=titre, donnees=_a_imprimer(genre, cible, en_gros), par=par, est_public=True
    )


def formulaire_imprime(genre: GenreDePapier, cible: int, *, en_gros: bool) -> Document | None:
    """Return the form already made, or being made, for the questions of today."""
    faits = Document.objects.filter(nature=NATURE, donnees=_a_imprimer(genre, cible, en_gros))
    return faits.exclude(etat=Document.Etat.ECHEC).order_by("-pk").first()


def _a_imprimer(genre: GenreDePapier, cible: int, en_gros: bool) -> dict[str, Any]:
    lecteur, service = Lecteur.de(genre, cible, None), ReglageService.actuel()
    adresse = settings.SITE_URL + genre.en_ligne(cible) if genre.en_ligne is not None else ""
    saisie = settings.SITE_URL + genre.saisie(cible) if genre.saisie is not None else ""
    return {
        "quoi": dict(genre.objets())[cible],
        "questions": [_question(lecteur, nom) for nom in lecteur.champs],
        "texte": genre.texte(cible),
        "adresse": adresse,
        "qr": _qr(adresse),
        "qr_de_saisie": _qr(saisie),
        "courriel": any(isinstance(champ, forms.EmailField) for champ in lecteur.champs.values()),
        "retour": service.adresse_postale,
        "contact": " ou ".join(filter(None, [service.telephone, service.contact])),
        "en_gros": en_gros,
    }


def _qr(adresse: str) -> str:
    return segno.make(adresse, error="m", micro=False).svg_data_uri(scale=3, border=1) if adresse else ""


def _question(lecteur: Lecteur, nom: str) -> dict[str, Any]:
    champ: Any = lecteur.champs[nom]
    choix: list[str] = []
    if isinstance(champ, forms.BooleanField):
        choix = ["Oui"]
    elif nom in lecteur.mots:
        dits: list[tuple[Any, Any]] = list(flatten_choices(champ.choices))
        choix = [str(libelle) for valeur, libelle in dits if str(valeur)]
    return {
        "libelle": lecteur.genre.mots.get(nom) or str(champ.label),
        "choix": choix if len(choix) <= CHOIX_IMPRIMES else [],
        "facultatif": not champ.required,
        "lignes": 5 if isinstance(champ.widget, forms.Textarea) else 1,
    }
