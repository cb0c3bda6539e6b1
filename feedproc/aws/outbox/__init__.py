"""What is to be sent, and what was, in DynamoDB."""
