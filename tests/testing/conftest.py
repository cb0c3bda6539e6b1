"""The fixture as the plugin has it, whether the plugin is installed or feedproc is run from its folder."""

from feedproc.testing.plugin import lend_feedproc

__all__ = ["lend_feedproc"]
