"""A feed processor that speaks Amazon's Marketplace Web Service (MWS)."""

__version__ = "0.1.0"
