"""Orders in DynamoDB, with the metrics that count them."""
