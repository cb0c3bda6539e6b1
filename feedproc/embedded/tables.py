"""The tables of the embedded store."""

VERSION = 11
"""Of the tables below; written to `PRAGMA user_version` and checked when a store is opened."""

ORDERS = """
CREATE TABLE orders (
    seller_id TEXT NOT NULL,
    amazon_order_id TEXT NOT NULL,
    merchant_order_id TEXT,
    status TEXT NOT NULL,
    purchased_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE UNIQUE INDEX orders_by_amazon_id ON orders (seller_id, amazon_order_id);
CREATE UNIQUE INDEX orders_by_merchant_id ON orders (seller_id, merchant_order_id)
    WHERE merchant_order_id IS NOT NULL;
CREATE INDEX orders_by_update ON orders (seller_id, updated_at, amazon_order_id, status);
"""
ORDER_INDEXES = """
CREATE INDEX orders_by_status ON orders (seller_id, status, purchased_at, amazon_order_id);
CREATE INDEX orders_by_purchase ON orders (seller_id, purchased_at, amazon_order_id);
"""
SUBMISSION_INDEX = """
CREATE INDEX submissions_by_status ON submissions (seller_id, status, counter);
"""
TALLIES = """
CREATE TABLE tallies (
    seller_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    fact TEXT NOT NULL,
    reason TEXT NOT NULL,
    orders INTEGER NOT NULL,
    PRIMARY KEY (seller_id, day, fact, reason)
) WITHOUT ROWID;
"""
OUTBOX = """
CREATE TABLE outbox (
    entry_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    seller_id TEXT NOT NULL,
    sent_at INTEGER,
    data BLOB NOT NULL
);
CREATE INDEX outbox_by_sent ON outbox (sent_at);
CREATE INDEX outbox_by_seller ON outbox (seller_id);
CREATE INDEX outbox_waiting ON outbox (kind, seller_id) WHERE sent_at IS NULL;
"""
UNDELIVERED = """
CREATE TABLE undelivered (
    entry_id TEXT PRIMARY KEY,
    why TEXT NOT NULL,
    has_nobody INTEGER NOT NULL
) WITHOUT ROWID;
"""
FACTS = """
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value NOT NULL
) WITHOUT ROWID;
"""
"""What the store knows of itself, such as which key its secrets are encrypted with."""
REPETITION_KEYS = """
CREATE TABLE repetition_keys (
    seller_id TEXT NOT NULL,
    key TEXT NOT NULL,
    counter INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    PRIMARY KEY (seller_id, key)
) WITHOUT ROWID;
CREATE INDEX repetition_keys_by_time ON repetition_keys (submitted_at);
"""
IS_REPORT_REQUEST = "feed_type >= 'GET_' AND feed_type < 'GET`'"
"""Which submissions ask for a report: those whose type begins with `GET_` (`feeds.submission.REPORT_PREFIX`)."""
REPORTS = f"""
CREATE INDEX report_requests ON submissions (seller_id, counter) WHERE {IS_REPORT_REQUEST};
CREATE TABLE report_schedules (
    seller_id TEXT NOT NULL,
    report_type TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (seller_id, report_type)
) WITHOUT ROWID;
CREATE INDEX report_schedules_by_time ON report_schedules (next_at);
"""
SUBSCRIPTIONS = """
CREATE TABLE destinations (
    client_id TEXT NOT NULL,
    arn TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (client_id, arn)
) WITHOUT ROWID;
CREATE TABLE subscriptions (
    seller_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    notification_type TEXT NOT NULL,
    payload_version TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (seller_id, client_id, notification_type, payload_version)
) WITHOUT ROWID;
"""
SELLERS = """
CREATE TABLE sellers (
    seller_id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL,
    client_id TEXT NOT NULL,
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX sellers_by_access_key ON sellers (access_key);
CREATE INDEX sellers_by_client ON sellers (client_id);
"""
CHECKSUMS = """
ALTER TABLE orders ADD COLUMN checksum INTEGER;
ALTER TABLE recipients ADD COLUMN checksum INTEGER;
"""
"""The CRC-32 of `data`, by which a bit that flipped is known."""
TABLES = (
    """
CREATE TABLE submissions (
    seller_id TEXT NOT NULL,
    counter INTEGER NOT NULL,
    submission_id TEXT NOT NULL,
    feed_type TEXT NOT NULL,
    status TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    worker TEXT,
    lease_until INTEGER,
    data BLOB NOT NULL,
    PRIMARY KEY (seller_id, counter)
) WITHOUT ROWID;
CREATE UNIQUE INDEX submissions_by_id ON submissions (seller_id, submission_id);
CREATE INDEX open_submissions ON submissions (seller_id, feed_type, counter)
    WHERE status IN ('SUBMITTED', 'IN_PROGRESS');

CREATE TABLE marks (
    seller_id TEXT NOT NULL,
    submission_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    data BLOB NOT NULL,
    results BLOB
);
CREATE UNIQUE INDEX marks_by_number ON marks (seller_id, submission_id, number);

CREATE TABLE recipients (
    seller_id TEXT NOT NULL,
    amazon_order_id TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (seller_id, amazon_order_id)
) WITHOUT ROWID;

CREATE TABLE stock (
    seller_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (seller_id, sku)
) WITHOUT ROWID;
CREATE TABLE stock_changes (
    seller_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    reason TEXT NOT NULL,
    amazon_order_id TEXT,
    submission_id TEXT,
    message_id TEXT,
    changed_at INTEGER NOT NULL
);
CREATE INDEX stock_changes_by_sku ON stock_changes (seller_id, sku);
"""
    + SELLERS
    + ORDERS
    + ORDER_INDEXES
    + SUBMISSION_INDEX
    + TALLIES
    + OUTBOX
    + FACTS
    + UNDELIVERED
    + REPETITION_KEYS
    + REPORTS
    + SUBSCRIPTIONS
    + CHECKSUMS
)
