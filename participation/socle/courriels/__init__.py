"""All of e-mail and SMS, from what is written to how it leaves.

`ecriture` keeps a letter, `lettres` are those of the socle, `porte` is the only way to a stranger, `retenue` holds after a
restore, `message` and `html` compose, `transport` and `sms` send, `alertes` tells that the site fails.
"""
