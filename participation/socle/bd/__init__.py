"""PostgreSQL, where Django asks it more than it should: each part says what Django does, what is done here, and what it gives.

The engine (settings.DATABASES) is `base`, with `attente` (no endless wait) and `compilateur` (the SQL written quicker). Statements written
once and planned once are `preparees`; they serve `lignes` (one row by its number), `ensembles` (what every page of the office asks) and
`sondes` (many small questions in one). `traces` is what stays of rows deleted.
"""
