"""How e-mails and notifications go out."""
