SELECT mail = 'a@example.org' FROM customer;
SELECT note = 'a note' FROM orders WHERE id = 1;
