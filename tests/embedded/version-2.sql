-- The tables of store version 2, as feedproc wrote them while secrets stood in them in clear.
CREATE TABLE sellers (
    seller_id TEXT PRIMARY KEY,
    access_key TEXT NOT NULL,
    data BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX sellers_by_access_key ON sellers (access_key);

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

CREATE TABLE orders (
    seller_id TEXT NOT NULL,
    amazon_order_id TEXT NOT NULL,
    merchant_order_id TEXT,
    status TEXT NOT NULL,
    purchased_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE UNIQUE INDEX orders_by_amazon_id ON orders (seller_id, amazon_order_id);
CREATE UNIQUE INDEX orders_by_merchant_id ON orders (seller_id, merchant_order_id)
    WHERE merchant_order_id IS NOT NULL;

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

CREATE INDEX orders_by_status ON orders (seller_id, status, purchased_at, amazon_order_id);
CREATE INDEX orders_by_purchase ON orders (seller_id, purchased_at, amazon_order_id);

CREATE INDEX submissions_by_status ON submissions (seller_id, status, counter);

CREATE TABLE tallies (
    seller_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    fact TEXT NOT NULL,
    reason TEXT NOT NULL,
    orders INTEGER NOT NULL,
    PRIMARY KEY (seller_id, day, fact, reason)
) WITHOUT ROWID;

CREATE TABLE outbox (
    entry_id TEXT PRIMARY KEY,
    seller_id TEXT NOT NULL,
    sent_at INTEGER,
    data BLOB NOT NULL
);
CREATE INDEX outbox_by_sent ON outbox (sent_at);
CREATE INDEX outbox_by_seller ON outbox (seller_id);

PRAGMA application_id=1717921124;
PRAGMA user_version=2;
