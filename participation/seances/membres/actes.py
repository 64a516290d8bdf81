"""Acts on members: name, change, end a mandate, replace; the access that it opens; the end of mandates announced; their forms."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from crispy_forms.layout import Fieldset, Row
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.seances.instances.actes import changes, dire_changes, plan
from participation.seances.membres import lettres
from participation.seances.membres.fins import _finir, _seances_tenues
from participation.seances.membres.lectures import a_partir_du, dire_la_lettre, dire_le_siege, suppleants_de
from participation.seances.models import College, Mandature, Membre
from participation.socle.actions import consigner, enregistrer, exiger
from participation.socle.actions.comptes import donner_une_boite, ouvrir_compte
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    propose,
)
from participation.socle.francais import a_qui, accorder, de, jour_texte, majuscule
from participation.socle.models import Appartenance, Commune, Compte, Quartier
from participation.socle.views.pages import Page, acte
from participation.socle.workflow import Role

Fonction, Rang = Membre.Fonction, Membre.Rang


def dire_remplacement(membre: Membre) -> str:
    jusque = f", jusqu’au {jour_texte(membre.terme)}" if membre.terme else ""
    siens = " ".join(
        f"{suppleant}, qui suppléait ce siège, peut le prendre : écrivez son adresse, {suppleant.compte.courriel}. "
        "Sa suppléance prend alors fin."
        for suppleant in suppleants_de(membre)
    )
    return f"La personne nommée siège pour la durée qui restait{jusque}. {siens}".strip()


def compte_du_membre(courriel: str, *, prenom: str, nom: str, telephone: str = "") -> Compte:
    """Return the account of this address, opened if needed. Fill in only the names and telephone it lacks."""
    compte = ouvrir_compte(courriel, est_prouve=False, prenom=prenom, nom=nom, telephone=telephone)
    manques = {
        champ: valeur
        for champ, valeur in (("prenom", prenom), ("nom", nom), ("telephone", telephone))
        if valeur and not getattr(compte, champ)
    }
    if manques:
        for champ, valeur in manques.items():
            setattr(compte, champ, valeur)
        compte.save(update_fields=list(manques))
    return compte


class CommuneMixin(ActeForm):
    """Commune, and quartier prioritaire. They must agree; the quartier sets the commune."""

    commune = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Non précisée")
    quartier = champ_parmi(
        "Quartier prioritaire", Quartier.objects.select_related("commune"), requis=False, vide="Aucun"
    )

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        commune, quartier = reponses.get("commune"), reponses.get("quartier")
        if quartier is not None and commune is not None and quartier.commune_id != commune.pk:
            self.add_error(
                "quartier", f"Ce quartier est {a_qui(quartier.commune.en_phrase)} : choisissez l’un des deux."
            )
        elif quartier is not None:
            reponses["commune"] = quartier.commune
        return reponses


class MandatMixin(ActeForm):
    """Fields of a mandate."""

    organisme = champ_ligne(
        "Au nom de",
        "Association, groupe politique, administration. Vide pour une personne qui siège en son nom.",
        maximum=160,
        requis=False,
    )
    fonction = champ_choix(
        "Fonction",
        [(valeur, majuscule(mot)) for valeur, mot in Membre.Fonction.choices],
        initial=Membre.Fonction.MEMBRE,
    )
    copie_a = champ_courriel(
        "Copie à son secrétariat",
        "Reçoit les convocations et les changements, sans le lien personnel. Pour une élue ou un élu, par exemple.",
        requis=False,
    )
    rang = champ_choix(
        "Rang",
        [(valeur, majuscule(mot)) for valeur, mot in Membre.Rang.choices],
        boutons=True,
        initial=Membre.Rang.TITULAIRE,
    )
    suppleant_de = champ_parmi(
        "Supplée",
        Membre.objects.none(),
        "Pour un suppléant : le titulaire du même collège qu’il remplace quand il est absent.",
        requis=False,
        vide="Personne en particulier",
    )
    du = champ_jour("Siège depuis le", initial=timezone.localdate)
    au = champ_jour(
        "Siège jusqu’au",
        "Vide : jusqu’au terme prévu par le règlement, au plus tard à la fin de la mandature.",
        requis=False,
    )
    nomme_par = champ_ligne("Nommé par", "Délibération, arrêté, courrier.", maximum=160, requis=False)

    def preparer(self) -> None:
        college = self.objet if isinstance(self.objet, College) else self.objet.college
        if not college.a_des_suppleants:
            del self.fields["suppleant_de"], self.fields["rang"]
        else:
            titulaires = Membre.objects.titulaires().filter(college=college).select_related("compte")
            if isinstance(self.objet, Membre):
                titulaires = titulaires.exclude(pk=self.objet.pk)
            self.choisir("suppleant_de", titulaires)

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if reponses.get("rang") == Membre.Rang.TITULAIRE:
            reponses["suppleant_de"] = None
        return reponses


class PersonneMixin(ActeForm):
    """Fields of a person. The address finds the account; names fill in only what the account lacks."""

    courriel = champ_courriel(
        "Adresse de courriel",
        "Si cette adresse a déjà un compte, la personne le garde.",
        erreur="Écrivez l’adresse de la personne.",
    )
    prenom = champ_ligne(
        "Prénom", maximum=80, erreur="Écrivez le prénom de la personne.", attributs={"autocomplete": "off"}
    )
    nom = champ_ligne(
        "Nom", maximum=80, erreur="Écrivez le nom de la personne.", attributs={"autocomplete": "off"}
    )
    telephone = champ_ligne(
        "Téléphone",
        "Les autres membres ne le voient que si elle l’accepte.",
        maximum=20,
        requis=False,
        attributs={"autocomplete": "off"},
    )


class NommerForm(MandatMixin, CommuneMixin, PersonneMixin):
    def preparer(self) -> None:
        super().preparer()
        mandat = [nom for nom in ("rang", "suppleant_de") if nom in self.fields]
        self.helper = plan(
            self,
            Fieldset(
                "La personne", "courriel", Row("prenom", "nom"), "telephone", Row("commune", "quartier")
            ),
            Fieldset("Le mandat", "organisme", "fonction", "copie_a", *mandat, Row("du", "au"), "nomme_par"),
        )


@acte(
    Page[College](
        form=NommerForm,
        consequence="La personne reçoit une lettre, avec le lien de son espace de membre.",
        succes=lambda _, membre: f"{dire_le_siege(membre)} {dire_la_lettre(membre)}",
        retour=lambda college, _: college.mandature.adresse,
    )
)
@transaction.atomic
def nommer(
    college: College,
    compte: Compte | None = None,
    *,
    par: Compte | None,
    courriel: str = "",
    prenom: str = "",
    nom: str = "",
    telephone: str = "",
    avec_lettre: bool = True,
    **champs: Any,
) -> Membre:
    """Give a seat of `college` to `compte`, or to the account of `courriel` (found or opened).

    `champs`: fields of Membre. Without `au`, the mandate ends with the mandature or at the duration of the
    règlement, whichever comes first. Raises ValidationError (seats, functions, substitutes), ErreurMetier
    (account closed).
    """
    exiger(college, "nommer", par=par)
    if compte is None:
        compte = compte_du_membre(courriel, prenom=prenom, nom=nom, telephone=telephone)
    if not compte.is_active:
        raise ErreurMetier(
            "Le compte de cette adresse est fermé. Demandez une autre adresse à cette personne."
        )
    membre = Membre(college=college, compte=compte, **champs)
    if membre.au is None:
        membre.au = terme_par_defaut(college.mandature, membre.du)
    membre.terme = membre.au
    _verifier(membre)
    enregistrer(membre)
    ouvrir_le_bureau(membre)
    if membre.remplace is not None and membre.rang == Rang.TITULAIRE:
        # The substitutes of the former member become those of the new one.
        siens = membre.remplace.suppleants.encore_la().exclude(compte=membre.compte)
        siens.update(suppleant_de=membre)
    consigner(
        membre,
        "nommer",
        par=par,
        fait=f"Nomination {de(membre)}, collège « {college} », {membre.get_rang_display()}",
        motif=membre.nomme_par,
        nomme=[membre.compte],
    )
    if avec_lettre:
        lettres.nommer(membre)
    return membre


def terme_par_defaut(mandature: Mandature, du: date) -> date | None:
    """Return the end of the mandature, or the end by the règlement's duration if earlier."""
    reglement = mandature.instance.reglement_du(du) or mandature.instance.reglement_du()
    fins = [mandature.fin] if mandature.fin else []
    if reglement is not None and reglement.duree_mandat_mois:
        fins.append(ajouter_mois(du, reglement.duree_mandat_mois) - timedelta(days=1))
    return min(fins, default=None)


class ModifierMembreForm(MandatMixin, CommuneMixin):
    adresse_postale = champ_ligne(
        "Adresse postale",
        "Cette personne n’a pas de courriel : ses convocations partent par la poste.",
        maximum=240,
    )
    courriel = champ_courriel(
        "Courriel", "Si elle en donne un : elle est alors prévenue par courriel.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        champs = (
            "organisme",
            "fonction",
            "copie_a",
            "adresse_postale",
            "rang",
            "suppleant_de",
            "commune",
            "quartier",
            "du",
            "au",
            "nomme_par",
        )
        return {nom: getattr(self.objet, nom) for nom in champs}

    def preparer(self) -> None:
        super().preparer()
        mandat = [nom for nom in ("rang", "suppleant_de") if nom in self.fields]
        poste = ["adresse_postale", "courriel"] if self.objet.compte.est_par_poste else []
        if not poste:
            del self.fields["adresse_postale"], self.fields["courriel"]
        self.helper = plan(
            self,
            "organisme",
            "fonction",
            *poste,
            *mandat,
            Row("commune", "quartier"),
            Row("du", "au"),
            "nomme_par",
        )


@acte(
    Page[Membre](
        form=ModifierMembreForm,
        bouton="Enregistrer",
        succes="Le mandat est modifié.",
        retour=lambda membre, _: membre.get_absolute_url(),
    )
)
@transaction.atomic
def modifier_membre(membre: Membre, *, par: Compte, **champs: Any) -> None:
    """Change function, organisation, dates… Raises ValidationError.

    A departure before the term goes through `mettre_fin`, so that the person gets a letter.
    """
    pas = exiger(membre, "modifier_membre", par=par)
    if courriel := champs.pop("courriel", ""):
        donner_une_boite(membre.compte, courriel)
        champs["adresse_postale"] = ""
    au = champs.get("au", membre.au)
    if au is not None and au != membre.au and (membre.au is None or au < membre.au) and au != membre.terme:
        raise ValidationError(
            {
                "au": "Pour un départ avant le terme, choisissez « Mettre fin au mandat » : la personne est prévenue."
            }
        )
    if champs.get("au", membre.au) != membre.au:
        champs["terme"] = champs["au"]
    nouveaux = changes(membre, champs)
    for nom in nouveaux:
        setattr(membre, nom, champs[nom])
    _verifier(membre)
    if nouveaux:
        dits = dire_changes(membre, [nom for nom in nouveaux if nom != "terme"])
        pas.avancer(champs=champs, fait=f"{membre} : {dits}", nomme=[membre.compte])
        ouvrir_le_bureau(membre)


class RemplacerForm(CommuneMixin, PersonneMixin):
    du = champ_jour("Siège depuis le", initial=timezone.localdate)
    organisme = champ_ligne("Au nom de", maximum=160, requis=False)
    nomme_par = champ_ligne("Nommé par", maximum=160, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        # The first free day: the day after the last day of the former member.
        membre = self.objet
        libre = [membre.au + timedelta(days=1)] if membre.au else []
        return {"organisme": membre.organisme, "du": propose(max([*libre, timezone.localdate()]))}

    def preparer(self) -> None:
        self.helper = plan(
            self,
            "courriel",
            Row("prenom", "nom"),
            "telephone",
            Row("commune", "quartier"),
            "organisme",
            Row("du", "nomme_par"),
        )


@acte(
    Page[Membre](
        form=RemplacerForm,
        consequence=dire_remplacement,
        succes=lambda membre, nouveau: dire_le_siege(nouveau, f" à la place {de(membre)}"),
        retour=lambda membre, nouveau: (
            membre.college.mandature.adresse if nouveau else membre.get_absolute_url()
        ),
    )
)
@transaction.atomic
def remplacer(
    membre: Membre, compte: Compte | None = None, *, par: Compte, du: date, nomme_par: str = "", **champs: Any
) -> Membre:
    """Name somebody to the seat that `membre` left, for the rest of the mandate (CRPA R133-4).

    A substitute of the collège who takes the seat stops being a substitute. Raises ErreurMetier while the
    mandate runs, ActeInterdit if already replaced, and the same errors as `nommer`.
    """
    suppleances = _suppleances(membre.college, compte, champs.get("courriel", ""), du)
    seances = _seances_tenues(suppleances)
    exiger(membre, "remplacer", par=par)
    if membre.au is not None and membre.renonce_le is None and du <= membre.au:
        raise ValidationError(
            {"du": f"{membre} siège jusqu’au {jour_texte(membre.au)} : le remplacement commence après."}
        )
    if membre.terme is not None and du > membre.terme:
        raise ValidationError(
            {"du": f"Le mandat devait finir le {jour_texte(membre.terme)} : il n’en reste rien."}
        )
    suppleant_de = membre.suppleant_de
    if suppleant_de is not None and not suppleant_de.est_en_fonction(du):
        suppleant_de = None
    for suppleance in suppleances if membre.rang == Rang.TITULAIRE else ():
        if suppleance.du >= du:
            raise ValidationError(
                {"du": f"{suppleance} est dans ce collège depuis ce jour : choisissez un jour après."}
            )
        pas = exiger(suppleance, "mettre_fin", par=par)
        _finir(
            pas,
            suppleance,
            seances,
            au=du - timedelta(days=1),
            motif=f"Siège comme titulaire{a_partir_du(du)}",
        )
    return nommer(
        membre.college,
        compte,
        par=par,
        **{
            "rang": membre.rang,
            "organisme": membre.organisme,
            "suppleant_de": suppleant_de,
            "remplace": membre,
            "du": du,
            "au": membre.terme,
            "nomme_par": nomme_par or membre.nomme_par,
            **champs,
        },
    )


def _suppleances(college: College, compte: Compte | None, courriel: str, jour: date) -> list[Membre]:
    """Return the person's mandate as a substitute in this collège on that day: one at most."""
    elle = Q(compte=compte) if compte is not None else Q(compte__courriel__iexact=courriel.strip())
    siennes = Membre.objects.filter(elle, college=college, rang=Rang.SUPPLEANT).en_fonction(jour)
    return list(siennes.avec_personne())


def _verifier(membre: Membre) -> None:
    """Check the seats of the collège and the functions of the mandature. Raises ValidationError."""
    mandature, college = membre.college.mandature, membre.college
    erreurs: dict[str, str] = {}
    if membre.du < mandature.debut or (mandature.fin is not None and membre.du > mandature.fin):
        erreurs["du"] = "Choisissez un jour de la mandature."
    if membre.au is not None and mandature.fin is not None and membre.au > mandature.fin:
        erreurs["au"] = f"La mandature finit le {jour_texte(mandature.fin)} : le mandat ne va pas au-delà."
    if membre.rang == Rang.SUPPLEANT:
        erreurs |= _verifier_suppleant(membre)
    elif _au_plus_fort(membre, college.membres.titulaires()) > college.sieges:
        erreurs["college"] = (
            f"Le collège « {college} » a {accorder(college.sieges, 'siège')}, tous occupés à ces dates."
        )
    if membre.fonction in {Fonction.PRESIDENT, Fonction.COPRESIDENT}:
        erreurs |= _verifier_fonction(membre)
    if erreurs:
        # The form shows the error at its top when it does not have the field.
        raise ValidationError(dict(erreurs))


def _verifier_suppleant(membre: Membre) -> dict[str, str]:
    college = membre.college
    if not college.a_des_suppleants:
        return {"rang": f"Le collège « {college} » n’a pas de suppléants."}
    titulaire = membre.suppleant_de
    if titulaire is None:
        if _au_plus_fort(membre, college.membres.filter(rang=Rang.SUPPLEANT)) > college.sieges:
            return {"rang": f"Le collège « {college} » a déjà autant de suppléants que de sièges."}
        return {}
    if titulaire.college_id != college.pk or titulaire.rang != Rang.TITULAIRE:
        return {"suppleant_de": "On supplée un titulaire du même collège."}
    if _au_plus_fort(membre, titulaire.suppleants.all()) > 1:
        return {"suppleant_de": f"{titulaire} a déjà un suppléant ou une suppléante."}
    return {}


def _verifier_fonction(membre: Membre) -> dict[str, str]:
    mandature = membre.college.mandature
    if membre.rang == Rang.SUPPLEANT:
        return {"fonction": "La présidence revient à un titulaire."}
    autres = Membre.objects.filter(college__mandature=mandature, fonction=membre.fonction)
    combien = _au_plus_fort(membre, autres)
    if membre.fonction == Fonction.PRESIDENT:
        return {"fonction": "Une autre personne préside déjà à ces dates."} if combien > 1 else {}
    reglement = mandature.instance.reglement_du(membre.du) or mandature.instance.reglement_du()
    maximum = reglement.copresidents_max if reglement is not None else 0
    if combien <= maximum:
        return {}
    if not maximum:
        return {"fonction": "Le règlement ne prévoit pas de coprésidence."}
    return {"fonction": f"Le règlement prévoit {accorder(maximum, 'coprésidence')} au plus."}


def _au_plus_fort(membre: Membre, autres: Any) -> int:
    """Return the largest number of mandates on one day of this one, this one included."""
    voisins = autres.exclude(pk=membre.pk).filter(
        Q(au__isnull=True) | Q(au__gte=membre.du), renonce_le__isnull=True
    )
    if membre.au is not None:
        voisins = voisins.filter(du__lte=membre.au)
    periodes = list(voisins.values_list("du", "au"))
    jours = [membre.du, *(du for du, _ in periodes if du > membre.du)]
    return 1 + max(
        sum(1 for du, au in periodes if du <= jour and (au is None or au >= jour)) for jour in jours
    )


def ouvrir_le_bureau(membre: Membre) -> None:
    """Give the role MEMBRE for the length of the mandate, unless the account already enters the back office.

    Does nothing for an instance whose members do not examine dossiers.
    """
    if membre.college.mandature.instance.ouvre_le_bureau and not membre.compte.a_le_bureau:
        Appartenance.objects.update_or_create(
            compte=membre.compte, role=Role.MEMBRE, depuis=membre.du, defaults={"jusqu_a": membre.au}
        )
