"""Il contratto fra i partner: gli eventi pubblicati, i loro tipi di valore, la busta che li porta."""
