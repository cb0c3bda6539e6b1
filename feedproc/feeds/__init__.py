"""Submissions, messages and reports; knows nothing of orders."""
