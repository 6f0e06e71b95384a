CREATE EXTENSION btree_gist;
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE c (a integer CONSTRAINT a_p REFERENCES p, b integer CONSTRAINT b_p REFERENCES p NOT ENFORCED,
    d integer CONSTRAINT d_positive CHECK (d > 0), e integer CONSTRAINT e_positive CHECK (e > 0) NOT ENFORCED,
    f integer, g integer CONSTRAINT g_p REFERENCES p ON DELETE CASCADE NOT ENFORCED);
CREATE TABLE room (id integer, during tstzrange, CONSTRAINT room_key UNIQUE (id, during WITHOUT OVERLAPS));
CREATE TABLE booking (id integer, room integer, during tstzrange,
    CONSTRAINT booking_room FOREIGN KEY (room, PERIOD during) REFERENCES room (id, PERIOD during));
CREATE TABLE free (id integer, during daterange, UNIQUE (id, during WITHOUT OVERLAPS));
CREATE TABLE price (net integer, tax integer, gross integer GENERATED ALWAYS AS (net + tax + 1) VIRTUAL,
    twice integer GENERATED ALWAYS AS (net * 2 + 0) STORED, kept integer GENERATED ALWAYS AS (net + 1) VIRTUAL,
    plain integer);
CREATE VIEW prices AS SELECT twice FROM price;
CREATE TABLE parts (k integer, v integer GENERATED ALWAYS AS (k + 2) STORED) PARTITION BY LIST (k);
CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);
