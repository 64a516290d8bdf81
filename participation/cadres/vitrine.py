"""What the cadres show on shared pages: menus, site map, personal data, what must be set."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.cadres.models import Condition
from participation.cadres.niveaux import publics
from participation.cadres.workflow import Niveau
from participation.socle.francais import majuscule
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import EntreeBureau, EntreePublique, Etape, PageDuPlan, Reglage, Rubrique


def menu_public() -> EntreePublique:
    return EntreePublique(Rubrique.SUIVRE, gettext("Démarches"), reverse("cadres:demarches"))


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    if not compte.est_agent:
        return None
    return EntreeBureau("Démarches", reverse("cadres:cadres"), app="cadres")


def plan_du_site() -> list[PageDuPlan]:
    return [
        PageDuPlan(reverse("cadres:demarches")),
        *(PageDuPlan(cadre.get_public_url(), cadre.modifie_le) for cadre in publics()),
    ]


def traitements() -> list[Traitement]:
    return [
        Traitement(
            cle="cadres-evaluer",
            titre="Évaluer une démarche",
            personnes="Qui est invité à évaluer une démarche.",
            donnees="Nom, qualité et adresse électronique ; réponses à la grille, et ce qui s’y ajoute.",
            finalite="Comparer ce qui était attendu d’une démarche et ce qu’elle a été.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD).",
            duree="Tant que la démarche est suivie, ou jusqu’à votre demande : vos notes restent alors, sans vous.",
            destinataires="Les agents du service participation. Le public lit des moyennes, sans nom.",
            tables=("cadres.Evaluateur",),
        ),
        Traitement(
            cle="cadres-cahiers",
            titre="Recevoir les cahiers d’acteurs",
            personnes="Qui dépose un cahier pour une organisation.",
            donnees="Nom de l’organisation, adresse électronique, résumé et document.",
            finalite="Publier ce que les organisations pensent d’un dossier, et leur dire s’il est publié.",
            base_legale="Mission d’intérêt public (article 6.1.e du RGPD) ; publication avec l’accord de l’organisation.",
            duree="Une adresse que personne ne confirme est effacée. Celle d’un cahier déposé l’est à votre demande.",
            destinataires="Les agents du service participation. Le cahier publié est lu de tous, sans l’adresse.",
            tables=("cadres.Cahier",),
        ),
    ]


def mise_en_place() -> list[Reglage]:
    """The conditions of each level: without them no cadre is announced."""
    vides = [majuscule(n.label) for n in Niveau if not Condition.objects.du(n, timezone.localdate()).exists()]
    return [
        Reglage(
            Etape.REGLES,
            "Écrire les conditions de chaque niveau de participation",
            f"sans condition : {', '.join(vides)}" if vides else "",
            "Une démarche de ce niveau ne peut pas être annoncée.",
            reverse("admin:cadres_condition_changelist"),
            aux_tables=True,
            peut_attendre=True,
        )
    ]
