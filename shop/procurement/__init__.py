"""Institution buying: institutions and their people, budget lists, orders, acceptance, invoices, certificates."""
