"""Where documents are put and fetched without a token, as with S3's presigned addresses."""
