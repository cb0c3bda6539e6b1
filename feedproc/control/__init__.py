"""What a person or a test holds of a running server: its clock, the calls it answered, and the faults it shows."""
