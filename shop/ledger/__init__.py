"""The book: sales, benefit, days, seals and their proofs."""
