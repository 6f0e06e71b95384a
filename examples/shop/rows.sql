-- Some rows for production: a changelog must keep them.
INSERT INTO customers (email, name) VALUES ('ana@example.org', 'Ana'), ('ben@example.org', 'Ben');
INSERT INTO products (sku, title, price) VALUES ('T-1', 'Tea', 4.5), ('C-1', 'Cup', 9);
INSERT INTO orders (customer_id, status, note) VALUES (1, 'new', 'a gift'), (2, 'paid', NULL);
INSERT INTO order_lines (order_id, product_id, quantity) VALUES (1, 1, 2), (1, 2, 1), (2, 2, 4);
