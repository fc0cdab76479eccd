"""Benchmarks: programs that measure the shop, never timed tests."""
