"""Gli eventi della linea lavoro: la rete per il lavoro, i candidati, i tirocini, il Fondo Esperienze."""
