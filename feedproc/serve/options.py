"""How a machine serves from its store."""

import ipaddress
import logging
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from msgspec import Struct

from feedproc.aws.account import AwsSettings
from feedproc.mws.throttle import QuotaMode
from feedproc.serve.proxy import PublicAddress
from feedproc.spapi.access import LIFE
from feedproc.spapi.call import ORDERS_DELAY


class Options(Struct, frozen=True, kw_only=True):
    """How to serve."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8080
    """0 for any that is free."""
    workers: int = 1
    """Processes."""
    log_level: int = logging.INFO
    """From which level on these log."""
    quotas: QuotaMode = QuotaMode.OFF
    tls: bool = False
    aws: AwsSettings | None = None
    """Where the store is when it is on AWS; then the data directory holds the certificate alone."""
    moto: bool = False
    """AWS is a server for developers in this process."""
    moto_port: int = 0
    """At which that server listens; 0 for any that is free."""
    local_seller: bool = True
    """The local seller's keys are taken where only this machine can reach the server."""
    submits_once: bool = False
    """A signed feed that comes again is answered with the id of the first time, and not taken again."""
    public: PublicAddress | None = None
    """Under which address a proxy lets clients reach it; None when there is no proxy."""
    proxy: IPv4Network | IPv6Network | None = None
    """The addresses from which that proxy connects; None for this machine."""
    token_life: timedelta = LIFE
    """How long an access token of SP-API is good."""
    has_v0_reads: bool = True
    """Orders v0 of SP-API tells orders."""
    orders_delay: timedelta = ORDERS_DELAY
    """How long a new order, or a change of one, stays out of SP-API's lists, but for the local seller."""
    packs_documents: bool = False
    """Results and reports of SP-API are given compressed."""
    has_control: bool = False
    """It is controlled by programs, under `/_feedproc/`; feeds are then processed in its own process."""
    control_token: str = ""
    """Who sends it may control the server from anywhere; without one, this machine's programs alone may."""
    schemas: Path | None = None
    """The folder of the schemas that XML feeds are judged by; None for feedproc's own."""

    @property
    def is_local(self) -> bool:
        """Only this machine can reach it, so that the local seller's keys are good."""
        if self.public is not None:
            return False
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def takes_local_keys(self) -> bool:
        """Programs of this machine may sign with the local seller's keys."""
        return self.is_local and self.local_seller

    @property
    def has_local_seller(self) -> bool:
        """The local seller is there, and its keys are good."""
        return self.takes_local_keys and (self.aws is None or self.moto)
