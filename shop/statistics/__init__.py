"""Metrics, tallies and drill-down."""
