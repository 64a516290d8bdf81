"""Files from Dauphin: one dossier of three rows, brought up to its report or to its end."""

from django.core.files.uploadedfile import SimpleUploadedFile

from contrat_ville.actions import dauphin
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
    """Up to the report."""
    texte = lignes if isinstance(lignes, bytes) else f"{entetes}\n{lignes}"
    choisi = dauphin.ouvrir_import(envoi(texte), par=agent, exercice=exercice)
    dauphin.relier_colonnes(choisi.pk, relies=relies or choisi.relies, exercice=exercice)
    dauphin.avancer_import(choisi.pk)
    choisi.refresh_from_db()
    return choisi


def appliquer(choisi):
    dauphin.lancer_application(choisi.pk)
    dauphin.avancer_import(choisi.pk)


def importer(lignes, agent, **autres):
    """To the end."""
    choisi = examiner(lignes, agent, **autres)
    appliquer(choisi)
    choisi.refresh_from_db()
    return choisi


def sorts(choisi):
    return {str(d): d.sort for d in DossierImporte.objects.filter(import_dauphin=choisi)}
