"""Demonstration: the former mandature of the commission, the current one, and its renewal, whose call is open."""

from ccspl.demo.troupe import Troupe
from participation.renouvellement.campagne import actes as actes_campagne
from participation.renouvellement.candidatures import actes as candidatures
from participation.renouvellement.candidatures import eligibilite
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, CritereCampagne
from participation.seances.instances.actes import installer
from participation.seances.membres.fins import mettre_fin
from participation.seances.models import Mandature, Membre

# Members with an account to sign in.
MEMBRES = {"Perrin-Bey": "membre", "Ziani": "membre2"}


def ancienne_mandature(t: Troupe) -> None:
    """Create the former mandature, ended two years ago, in which habitants did not vote."""
    with t.le(-1500):
        mandature = Mandature.objects.create(
            instance=t.ccspl,
            intitule="Mandature précédente",
            debut=t.jour(-1500),
            fin=t.jour(-731),
            installee_le=t.jour(-1490),
        )
        elus, associations, habitants = t.colleges(mandature, (3, 4, 3), None)
        for (prenom, nom, cle, groupe, *_), (a_prenom, a_nom, asso, *_), (
            h_prenom,
            h_nom,
            commune,
            *_,
        ) in zip(
            t.donnees["elus"][:3], t.donnees["associations"][:3], t.donnees["habitants"][:3], strict=True
        ):
            t.membre(elus, t.jour(-1500), t.personne(prenom, nom, cle), organisme=groupe)
            t.membre(associations, t.jour(-1500), t.personne(a_prenom, a_nom), organisme=asso)
            t.membre(
                habitants,
                t.jour(-1500),
                t.personne(h_prenom, h_nom, MEMBRES.get(h_nom, "")),
                commune=t.communes[commune],
            )


def installer_mandature(t: Troupe) -> Mandature:
    d = t.donnees
    debut, fin = t.jour(-730), t.jour(170)
    with t.le(-735):
        mandature = Mandature.objects.create(
            instance=t.ccspl,
            intitule=f"{debut.year}-{fin.year}",
            debut=debut,
            fin=fin,
            deliberation="Délibération n° 8",
        )
        elus, associations, habitants = t.colleges(mandature, (7, 20, 20), t.jour(-650))
        qualites = Membre.Fonction
        fonctions = {
            "Orsini": qualites.PRESIDENT,
            "Collomb": qualites.COPRESIDENT,
            "Renaud": qualites.COPRESIDENT,
            "Perrin-Bey": qualites.DELEGUE,
        }
        titulaires: dict[str, Membre] = {}
        for prenom, nom, cle, groupe, commune, genre, age in d["elus"]:
            titulaires[groupe] = t.membre(
                elus, debut, t.personne(prenom, nom, cle), organisme=groupe, commune=t.communes[commune],
                fonction=fonctions.get(nom, qualites.MEMBRE),
            )  # fmt: skip
            t.profil(titulaires[groupe], genre, age, publie_commune=True)
        for prenom, nom, asso, genre, age in d["associations"]:
            titulaires[asso] = t.membre(
                associations,
                debut,
                t.personne(prenom, nom),
                organisme=asso,
                fonction=fonctions.get(nom, qualites.MEMBRE),
            )
            t.profil(titulaires[asso], genre, age, partage_courriel=True)
        for prenom, nom, commune, genre, age in d["habitants"]:
            membre = t.membre(
                habitants,
                debut,
                t.personne(prenom, nom, MEMBRES.get(nom, "")),
                commune=t.communes[commune],
                fonction=fonctions.get(nom, qualites.MEMBRE),
            )
            t.profil(membre, genre, age, publie_commune=True, partage_courriel=nom < "N")
        for college, suppleants in (
            (elus, d["suppleants_elus"]),
            (associations, d["suppleants_associations"]),
        ):
            for prenom, nom, organisme in suppleants:
                t.membre(
                    college, debut, t.personne(prenom, nom), organisme=organisme,
                    rang=Membre.Rang.SUPPLEANT, suppleant_de=titulaires[organisme],
                )  # fmt: skip
    with t.le(-720):
        installer(mandature, par=t.agent, le=t.jour(-720))
    with t.le(-90):
        partante = Membre.objects.en_fonction().get(compte__nom="Nave", college=habitants)
        mettre_fin(partante, par=t.agent, au=t.jour(-85), motif="Déménage hors de la Métropole.")
    return mandature


def renouveler(t: Troupe) -> None:
    with t.le(-20):
        campagne = actes_campagne.preparer_campagne(
            par=t.agent, instance=t.ccspl, titre="Renouvellement de la commission", denomination="la commission",
            mandature_intitule=f"{t.jour(171).year}-{t.jour(171).year + 3}", mandature_debut=t.jour(171),
            presentation="La commission donne son avis sur l’eau, les déchets, l’énergie et les autres services publics de la Métropole. Elle cherche des habitantes, des habitants et des associations pour trois ans.",
            facile="La commission donne son avis.\n\nElle parle de l’eau, des déchets, de l’énergie.\n\nVous pouvez en faire partie.",
            temps_demande="Six séances par an, le soir, et une visite.", soutien="Garde d’enfants, transport et interprète sont pris en charge.",
            ouverture=t.jour(-18), cloture=t.jour(24), conservation_mois=6,
        )  # fmt: skip
        habitants = campagne.colleges.get(nom="Habitantes et habitants")
        habitants.exclut_elus = True
        habitants.save()
        campagne.colleges.filter(nom="Associations").update(
            nature=CollegeCampagne.Nature.ASSOCIATIONS, avec_suppleants=True
        )
        for ordre, (libelle, poids) in enumerate(
            (("Intérêt pour les services publics", 2), ("Disponibilité", 1), ("Expérience d’usage", 1)),
            start=1,
        ):
            CritereCampagne.objects.create(campagne=campagne, ordre=ordre, libelle=libelle, poids=poids)
    with t.le(-18):
        actes_campagne.ouvrir_appel(campagne, par=t.agent)
    _candidater(t, campagne, habitants)


def _candidater(t: Troupe, campagne: Campagne, habitants: CollegeCampagne) -> None:
    personnes = (
        ("Maya", "Brunel", "Grenoble", "femme", "25_39", "J’ai deux enfants et je cours après le dernier bus : je veux parler des horaires."),
        ("Olivier", "Carlin", "Meylan", "homme", "60_74", "Ancien plombier, je lis une facture d’eau et je peux l’expliquer aux autres."),
        ("Zohra", "Amrani", "Échirolles", "femme", "40_59", "Je tiens une loge à Échirolles : je vois ce qui arrive aux poubelles, et à ceux qui les sortent."),
        ("Pierre", "Gaillard", "Vif", "homme", "40_59", "À Vif, l’eau vient de chez nous. Je veux savoir ce qu’elle devient."),
        ("Ludivine", "Mottet", "Domène", "femme", "16_24", "J’ai vingt ans et personne de mon âge ne siège : il en faut un."),
        ("Ahmed", "Selmi", "Fontaine", "homme", "25_39", "Je livre à vélo dans toute l’agglomération, et je vois où les pistes s’arrêtent."),
        ("Colette", "Ruffier", "Grenoble", "femme", "75", "À soixante-seize ans, je marche lentement et je regarde tout. J’ai du temps."),
        ("Julien", "Perret", "Sassenage", "homme", "25_39", "Je chauffe ma maison au bois et je voudrais comprendre le réseau de chaleur."),
    )  # fmt: skip
    for rang, (prenom, nom, commune, genre, age, motivation) in enumerate(personnes):
        with t.le(-16 + rang):
            candidatures.candidater(
                habitants, prenom=prenom, nom=nom, courriel=f"{prenom}.{nom}@demo.example.org".lower(), commune=t.communes[commune],
                motivation=motivation, genre=genre, age=age,
            )  # fmt: skip
            candidature = Candidature.objects.get(campagne=campagne, nom=nom)
            if rang < 7:  # the last one is not confirmed
                candidatures.confirmer_candidature(candidature)
    with t.le(-4):
        for candidature in Candidature.objects.filter(campagne=campagne).order_by("pk")[:4]:
            eligibilite.declarer_eligible(candidature, par=t.agent)
