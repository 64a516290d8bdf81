"""What HTTP needs beside the views: `requete`, `decorateurs`, `contexte`, `intergiciels`, and modules of one question each."""
