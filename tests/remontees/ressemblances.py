"""Invented texts: pairs that say the same thing, and texts without a twin. They measure the likeness of the triage."""

PAIRES = [
    (
        "Le lampadaire devant l’école Jean-Jaurès est éteint depuis lundi, on ne voit rien en sortant.",
        "Il n’y a plus de lumière devant l’école Jean-Jaurès le soir, le lampadaire ne s’allume plus.",
    ),
    (
        "Les poubelles du quartier ne sont plus ramassées depuis deux semaines, ça déborde sur le trottoir.",
        "Bacs à ordures qui débordent rue des Lilas : la collecte n’est pas passée depuis quinze jours.",
    ),
    (
        "Un nid-de-poule énorme avenue de la République, j’ai crevé un pneu.",
        "Trou dans la chaussée avenue de la République, dangereux pour les vélos et les pneus.",
    ),
    (
        "Le bus 12 arrive toujours avec un quart d’heure de retard le matin à l’arrêt Mairie.",
        "Ligne 12 : jamais à l’heure à l’arrêt Mairie, encore vingt minutes d’attente ce matin.",
    ),
    (
        "Des rats sortent des égouts près de la place du marché.",
        "J’ai vu plusieurs rats place du marché, ils viennent de la bouche d’égout.",
    ),
    (
        "Le banc de la place de la Fontaine est cassé, il manque deux lattes.",
        "Place de la Fontaine, le banc est abîmé, on ne peut plus s’asseoir.",
    ),
    (
        "Dépôt sauvage de matelas et de gravats au bout du chemin des Prés.",
        "Quelqu’un a jeté des gravats et des vieux matelas chemin des Prés.",
    ),
    (
        "L’eau du robinet est trouble et sent le chlore depuis hier.",
        "Depuis hier soir l’eau qui coule du robinet est marron et a une odeur de chlore.",
    ),
    (
        "La piste cyclable du cours Berriat est bloquée par des voitures garées tous les matins.",
        "Voitures stationnées sur la bande cyclable cours Berriat, on doit rouler sur la route.",
    ),
    (
        "L’ascenseur de la station de tram Gare est en panne, ma mère en fauteuil ne peut pas monter.",
        "Ascenseur du tram Gare hors service : impossible avec une poussette ou un fauteuil roulant.",
    ),
    (
        "Il fait trop chaud dans le bus, pas de climatisation ligne C3.",
        "Ligne C3 : la climatisation ne marche pas, c’est une étuve.",
    ),
    (
        "Les jeux du parc Bachelard sont cassés, la balançoire n’a plus de chaîne.",
        "Parc Bachelard : balançoire dangereuse, une chaîne manque.",
    ),
]

SEULS = [
    "La piscine ferme trop tôt le samedi, on voudrait y aller après le travail.",
    "Merci pour les nouveaux arbres plantés sur la place, c’est très agréable.",
    "Le bruit des motos la nuit sur les quais nous empêche de dormir.",
    "Pourquoi la médiathèque n’ouvre pas le lundi ?",
    "On demande un composteur collectif au pied de l’immeuble.",
    "La facture d’eau a doublé cette année sans explication.",
    "Il faudrait un passage piéton devant la boulangerie, les voitures vont trop vite.",
    "Les trottinettes sont abandonnées partout sur les trottoirs.",
    "Le guichet de la maison des habitants était fermé sans prévenir.",
    "Les feuilles mortes rendent le trottoir glissant devant la crèche.",
    "Le feu de la place Verdun reste rouge trop longtemps pour les piétons.",
    "La déchèterie refuse les pneus, où les porter ?",
    "On n’a pas de réseau de bus le dimanche dans notre village.",
    "Le jardin partagé manque d’eau, le robinet est fermé.",
]
