"""Ciò che il cruscotto dice a tutti: la tutela, i rilasci mensili, i dati aperti."""
