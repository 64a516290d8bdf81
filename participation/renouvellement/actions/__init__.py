"""The acts of a renewal, in the order of its life: `campagne`, `candidatures`, `selection`, `nomination`, `effacement`."""
