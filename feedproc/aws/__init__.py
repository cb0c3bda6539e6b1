"""The ports on AWS: S3, SQS, DynamoDB and SES; the only room that imports boto3."""
