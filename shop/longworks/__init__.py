"""Work that takes longer than a page waits: done step by step, followed, cancelled, gone on with after a stop."""
