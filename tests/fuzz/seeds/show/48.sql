sequence
numbers
CREATE SEQUENCE `numbers` start with 5 minvalue -5 maxvalue 2000 increment by 3 nocache cycle ENGINE=InnoDB