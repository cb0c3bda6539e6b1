"""Which of Amazon's manners of several years feeds are judged by: the server's, and a seller's own before it."""

from enum import StrEnum

from msgspec import Struct


class CarrierRule(StrEnum):
    """Whether a shipment must tell the code of its carrier."""

    REQUIRED = "required"
    """Since 2021: a code of Amazon's list, or `Other` and a name."""
    OPTIONAL = "optional"
    """As in feeds of before 2021."""


class SchemaFaults(StrEnum):
    """What a report says of an order feed that breaks its schema or is not well-formed."""

    AMAZON = "amazon"
    """What Amazon says of order feeds: 50001, or 5000 and no place."""
    LOCATED = "located"
    """5000, 5001 and 5002 with the parser's place and sentence, as Amazon says of listings."""


class ReportLanguage(StrEnum):
    """In which language reports of flat files are: that of the marketplace, unless the account chose English."""

    ENGLISH = "en"


class Manner(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is set of it; None for what is not."""

    carriers: CarrierRule | None = None
    schema_faults: SchemaFaults | None = None
    report_language: ReportLanguage | None = None

    def fill_from(self, otherwise: "Manner") -> "Manner":
        """Return this, with what is not set as `otherwise` has it."""
        return Manner(
            carriers=self.carriers or otherwise.carriers,
            schema_faults=self.schema_faults or otherwise.schema_faults,
            report_language=self.report_language or otherwise.report_language,
        )

    @property
    def needs_carrier(self) -> bool:
        """Whether a shipment without the code of its carrier is refused."""
        return self.carriers is not CarrierRule.OPTIONAL

    @property
    def is_located(self) -> bool:
        """Whether reports of order feeds tell the parser's place and sentence."""
        return self.schema_faults is SchemaFaults.LOCATED

    @property
    def is_in_english(self) -> bool:
        """Whether reports of flat files are in English, whatever the marketplace speaks."""
        return self.report_language is ReportLanguage.ENGLISH
