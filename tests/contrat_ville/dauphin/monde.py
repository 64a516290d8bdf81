"""A Dauphin file of one dossier in three rows, and its import up to the report or to the end."""

from django.core.files.uploadedfile import SimpleUploadedFile

from contrat_ville.dauphin import actes as actes_dauphin
from contrat_ville.dauphin import tour
from contrat_ville.models import DossierImporte

Sort, Choix = DossierImporte.Sort, DossierImporte.Choix
ENTETES = "Référence administrative;Intitulé;Porteur;SIRET;Statut;Poste;Montant;Financeur;Montant voté"
SIRET = "20004071500019"
DOSSIER = f"""00012345-1;Jardin partagé;Les Jardins;{SIRET};Transmise;604;1 000,00 €;;
00012345-1;Jardin partagé;Les Jardins;{SIRET};Transmise;74epci;800;Grenoble-Alpes Métropole;
00012345-1;Jardin partagé;Les Jardins;{SIRET};Transmise;756;200;;
"""


def envoi(texte, nom="dauphin.csv"):
    return SimpleUploadedFile(nom, texte if isinstance(texte, bytes) else texte.encode())


def examiner(lignes, agent, *, entetes=ENTETES, relies=None, exercice=2026):
    """Import a file up to its report."""
    texte = lignes if isinstance(lignes, bytes) else f"{entetes}\n{lignes}"
    choisi = actes_dauphin.ouvrir_import(envoi(texte), par=agent, exercice=exercice)
    actes_dauphin.relier_colonnes(choisi.pk, relies=relies or choisi.relies, exercice=exercice)
    tour.avancer_import(choisi.pk)
    choisi.refresh_from_db()
    return choisi


def appliquer(choisi):
    actes_dauphin.lancer_application(choisi.pk)
    tour.avancer_import(choisi.pk)


def importer(lignes, agent, **autres):
    """Import a file and apply it."""
    choisi = examiner(lignes, agent, **autres)
    appliquer(choisi)
    choisi.refresh_from_db()
    return choisi


def sorts(choisi):
    return {str(d): d.sort for d in DossierImporte.objects.filter(import_dauphin=choisi)}
