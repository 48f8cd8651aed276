"""Gli eventi dei Punti di Comunità: luoghi, gruppi, ascolti, fareassieme, aiuti, idee."""
