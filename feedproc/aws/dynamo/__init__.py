"""DynamoDB: the tables as data, values and statements, reading, and transactions."""
