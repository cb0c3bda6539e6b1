"""A stand-in for Amazon's order side, for sellers' programs: order feeds, orders and reports over SP-API and MWS."""

__version__ = "0.1.0"
