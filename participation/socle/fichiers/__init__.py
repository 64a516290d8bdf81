"""Files: `stockage` writes them whole or not at all, `partage` is the folder of all machines, `publics` those that are
written again, `pdf` and `export` make them.
"""
