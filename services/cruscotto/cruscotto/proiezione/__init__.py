"""Dai lotti di eventi alle tabelle: piegare, sommare, collocare; generazioni e ricostruzione."""
