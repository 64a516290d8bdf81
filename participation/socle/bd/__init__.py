"""What the site asks of PostgreSQL beside the ORM.

`preparees`: the two hot INSERTs, planned once for each connection. `sondes`: many small queries in one statement.
`traces`: what erases the remains of deleted rows. `attente`: waits that end even if the server is frozen. `sceaux`:
the column of a new seal, drawn row by row. `cache`: what is kept of it in memory, and a shared cache that may be lost.
"""
