"""Doors on AWS Lambda: one module a function, each with a `handler` that `serverless.yml` names."""
