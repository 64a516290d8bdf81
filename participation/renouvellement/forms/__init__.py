"""What a renewal asks: of who applies (`candidature`), of the service (`campagne`), of the comité (`selection`)."""
