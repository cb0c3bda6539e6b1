"""Bytes to messages, results to bytes."""
