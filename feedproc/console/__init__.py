"""The web console, where a person does what the API does. Whatever a page changes goes through a feed."""
