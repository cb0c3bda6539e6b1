"""What the Xerces-J parser would say of a document, worked out without Java."""
