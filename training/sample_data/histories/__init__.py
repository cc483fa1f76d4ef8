"""The secondary tables: past credits, requests and repayments."""
