"""Basket, checkout, order, shipment and freight."""
