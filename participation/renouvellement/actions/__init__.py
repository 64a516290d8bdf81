"""Acts of a renewal, in order: `campagne`, `candidatures`, `selection`, `nomination`, `effacement`."""
