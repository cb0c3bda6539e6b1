"""Sellers in DynamoDB, their secrets encrypted by KMS."""
