"""The picture pipeline: what is accepted, how it is kept, and where it is served."""
