"""XML feeds: an AmazonEnvelope in, messages out, and a ProcessingReport back."""
