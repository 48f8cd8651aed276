"""Il rapporto al finanziatore: bozza, poi approvato e fermo; ciò che dice si ricalcola e si confronta con oggi."""
