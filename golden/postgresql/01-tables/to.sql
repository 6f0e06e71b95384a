CREATE TABLE customers (id bigserial PRIMARY KEY, email varchar(200) NOT NULL, phone text, since date DEFAULT '2020-01-01' NOT NULL);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 200 CYCLE MAXVALUE 900000) PRIMARY KEY,
    customer bigint NOT NULL,
    total numeric(12,2) DEFAULT 1,
    note text,
    code char(4) DEFAULT 'abcd',
    gross numeric GENERATED ALWAYS AS (total * 1.19) STORED,
    CONSTRAINT orders_total_check CHECK (total > 0),
    CONSTRAINT total_code UNIQUE (total, code) DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE orders ADD CONSTRAINT who FOREIGN KEY (customer) REFERENCES customers ON DELETE CASCADE NOT VALID;
CREATE TABLE cache (k text PRIMARY KEY, v bytea) WITH (autovacuum_enabled = off);
CREATE TABLE "Odd ""Name" ("select" bigint NOT NULL, "tab	x" text DEFAULT E'\n''');
CREATE TABLE fresh (LIKE orders INCLUDING ALL);
COMMENT ON COLUMN orders.code IS 'four letters';
COMMENT ON CONSTRAINT who ON orders IS 'the buyer';
ALTER TABLE orders ALTER COLUMN note SET STORAGE MAIN;
ALTER TABLE orders ALTER COLUMN note SET (n_distinct = 5);
ALTER TABLE orders REPLICA IDENTITY FULL;
