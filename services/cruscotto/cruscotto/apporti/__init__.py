"""Che cosa ogni evento aggiunge alle misure: un file per linea."""
