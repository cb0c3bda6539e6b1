"""Submissions in DynamoDB: handed in, found, claimed, ended."""
