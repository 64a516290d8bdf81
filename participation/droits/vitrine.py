"""What the rights of people show on shared pages: menu, site map, use of personal data."""

from django.urls import reverse

from participation.droits import registre
from participation.droits.eliminations.lectures import LOTS
from participation.droits.models import Bordereau, DemandeDroit, ReglementDroits
from participation.droits.personnes.actes import PapierForm
from participation.droits.workflow import EtatBordereau, EtatDemande
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.conservation import Delai, Traitement
from participation.socle.models import Compte, ReglementCourriels
from participation.socle.vitrine import EntreeBureau, GenreDePapier, Reglage


def menu_bureau(compte: Compte) -> list[EntreeBureau] | None:
    if not compte.est_agent:
        return None
    return [
        EntreeBureau(
            "Droits des personnes",
            reverse("droits:demandes"),
            app="droits",
            retards=lambda: DemandeDroit.objects.filter(etat=EtatDemande.EMPECHEE),
        ),
        EntreeBureau(
            "Éliminations",
            reverse("droits:bordereaux"),
            icone="horloge",
            nombre=lambda: Bordereau.objects.filter(etat=EtatBordereau.VISE, eliminer_le=None),
        ),
    ]


def chiffres_tenus() -> list[Tenu]:
    return [LOTS]


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [registre.JEU]


def traitements() -> list[Traitement]:
    return [_demandes(), _moderation(), _compte(), *_lettres()]


def _compte() -> Traitement:
    return Traitement(
        cle="socle-compte",
        titre="Votre compte",
        personnes="Qui a un compte.",
        donnees="Votre adresse électronique, et votre nom si vous l’avez donné.",
        finalite="Retrouver vos dossiers, et vous répondre.",
        base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
        destinataires="Les agents du service participation.",
        tables=("socle.Compte", "account.EmailAddress"),
        delais=(Delai(ReglementDroits, "inactivite_mois", "sans que vous y entriez, après un courriel"),),
        duree="Sinon, jusqu’à ce que vous fermiez votre compte. Vos brouillons, les lettres que nous vous avons écrites, vos "
        "abonnements et vos candidatures sont alors effacés. Ce que vous avez déposé reste au dossier, sans votre nom.",
    )


def _lettres() -> list[Traitement]:
    """Nothing while no règlement says how long letters are kept: none is erased."""
    if ReglementCourriels.objects.en_vigueur() is None:
        return []
    return [
        Traitement(
            cle="socle-lettres",
            titre="Les lettres que nous écrivons",
            personnes="Toute personne à qui le site écrit.",
            donnees="L’adresse, le texte de la lettre, et si elle est arrivée. Si vous demandez un résumé de ce que vous suivez : l’adresse et le rythme choisi, tant que vous suivez quelque chose.",
            finalite="Prouver ce qui a été dit, renvoyer ce qui n’est pas arrivé.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
            destinataires="Les agents du service. Personne ne lit les codes de connexion.",
            tables=("socle.Courriel", "socle.RythmeDesLettres"),
            delais=(
                Delai(ReglementCourriels, "jours_codes", "pour les codes et les lettres du compte"),
                Delai(ReglementCourriels, "jours", "au plus pour les autres"),
            ),
        )
    ]


def _moderation() -> Traitement:
    return Traitement(
        cle="socle-moderation",
        titre="Ne pas montrer un texte, et répondre à qui conteste",
        personnes="Qui a écrit un texte que le service n’a pas publié.",
        donnees="La raison, ce que dit l’auteur qui conteste, la réponse, et l’adresse où elle part.",
        finalite="Dire pourquoi, faire relire la décision par une autre personne, et en rendre compte en nombres.",
        base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
        destinataires="Les agents du service. Les données ouvertes ne disent ni texte ni nom.",
        tables=("socle.Moderation",),
        duree="Avec le dossier. L’adresse et la contestation sont effacées si vous le demandez.",
    )


def _demandes() -> Traitement:
    return Traitement(
        cle="droits-demandes",
        titre="Répondre à qui demande ses données",
        personnes="Qui demande une copie ou un effacement.",
        donnees="Ce par quoi vous êtes connue ou connu (adresse de courriel, téléphone et nom, code de votre papier), l’adresse où vous répondre, et la copie elle-même.",
        finalite="Vérifier que c’est bien la personne, et faire ce qu’elle demande.",
        base_legale="Obligation légale (RGPD, articles 12, 15 et 17).",
        destinataires="Les agents du service.",
        tables=("droits.DemandeDroit",),
        delais=(Delai(ReglementDroits, "copie_jours", "pour la copie"),),
        duree="Votre nom et ce par quoi vous joindre, jusqu’à ce que la demande soit faite ; la lettre postée, aussi longtemps que la copie. Restent la date et des nombres, sans nom.",
    )


def papiers() -> GenreDePapier:
    """What a person asks on paper: entered by an agent, one by one, once she knows who it is."""
    return GenreDePapier(
        "droits",
        "Droits des personnes",
        lambda: [(1, "Demander une copie ou l’effacement de mes données")],
        lambda cible, reponses, par: PapierForm(reponses, objet=DemandeDroit(), par=par),
        None,
        hors=frozenset({"identite"}),
        en_ligne=lambda cible: reverse("droits:vos_droits"),
        texte=lambda cible: (
            "Dites au moins une chose par quoi nous vous connaissons : un courriel, un téléphone, ou le code d’un de nos papiers. "
            "Un effacement est sans retour. N’envoyez pas de pièce d’identité : nous pouvons vous appeler pour savoir que c’est bien vous."
        ),
        mots={
            "courriel": "Votre adresse de courriel",
            "telephone": "Le téléphone que vous nous avez donné",
            "code": "Le code de votre papier, par exemple R1042-ACDE-FG34",
            "nom": "Vos prénom et nom",
            "adresse": "Votre adresse postale, si vous voulez la réponse par la poste",
            "droit": "Ce que vous voulez",
        },
        est_public=True,
        saisie=lambda cible: reverse("droits:enregistrer_demande"),
    )


def mise_en_place() -> list[Reglage]:
    """Nothing but its règlement."""
    return []
