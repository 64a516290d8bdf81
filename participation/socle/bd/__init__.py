"""What is changed in the way Django uses PostgreSQL.

Each module says what Django does, what is done instead and what is gained. The engine (settings.DATABASES) is
`base`, with `attente` (bounded waits) and `compilateur` (faster writing of the SQL). `preparees` are
statements written and planned once; they serve `lignes` (a row by its number), `ensembles` (queries of every
back-office page) and `sondes` (many small queries in one). `traces` erases what remains of deleted rows.
"""
