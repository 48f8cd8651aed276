"""Che cosa si chiede e a quando: filtri, prove, il passato, la freschezza, la qualità, i Punti."""
