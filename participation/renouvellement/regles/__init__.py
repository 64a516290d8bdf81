"""Pure rules of a selection: means, assignment of readers, shares."""
