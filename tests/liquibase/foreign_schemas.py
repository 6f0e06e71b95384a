"""Schemas of SQL Server and Oracle, and what a developer makes of them, as Liquibase snapshots.

snapshot() writes a schema down in the form of `liquibase snapshot --snapshot-format=json`: classes,
references, values with the name of their Java class behind them.
"""
import json

CORE = 'liquibase.structure.core.'
PRO = 'com.datical.liquibase.ext.'
INT, BIG = 'java.lang.Integer', 'java.math.BigInteger'
NAMES = {'Catalog': 'catalog', 'Schema': 'schema', 'Table': 'table', 'Column': 'column',
         'PrimaryKey': 'primaryKey', 'UniqueConstraint': 'uniqueConstraint', 'Index': 'index',
         'ForeignKey': 'foreignKey', 'Sequence': 'sequence', 'View': 'view',
         'StoredProcedure': 'storedProcedure'}
PRO_CLASSES = {'Function': 'storedlogic.function.Function', 'Trigger': 'storedlogic.trigger.Trigger',
               'CheckConstraint': 'storedlogic.checkconstraint.CheckConstraint',
               'DatabasePackage': 'storedlogic.databasepackage.DatabasePackage',
               'Synonym': 'appdba.synonym.Synonym'}


def typed(value, java):
    return '%s!{%s}' % (value, java)


def now(text):
    """A default that is an expression."""
    return typed(text, 'liquibase.statement.DatabaseFunction')


def number(value):
    return typed(value, 'java.math.BigDecimal' if isinstance(value, float) else INT)


def col(name, type, notnull=False, **more):
    """`type`: a name, or name and size, or name, size and digits."""
    parts = (type,) if isinstance(type, str) else type
    return dict(more, name=name, type=parts, notnull=notnull)


class Maker:
    def __init__(self, schema):
        self.schema = schema
        self.objects = {}
        self.n = 0

    def add(self, cls, attrs):
        self.n += 1
        full = CORE + cls if cls in NAMES else PRO + PRO_CLASSES[cls]
        attrs['snapshotId'] = 'a1b2%03d' % self.n
        key = NAMES.get(cls, cls[0].lower() + cls[1:])
        self.objects.setdefault(full, []).append({key: attrs})
        return '%s#%s' % (full, attrs['snapshotId'])

    def column(self, c, table, order):
        size = c['type'][1:]
        t = {'typeName': c['type'][0]}
        for key, value in zip(('columnSize', 'decimalDigits'), size):
            if value is not None:
                t[key] = typed(value, INT)
        if c.get('unit'):
            t['columnSizeUnit'] = typed(c['unit'], CORE + 'DataType$ColumnSizeUnit')
        out = {'name': c['name'], 'nullable': not c['notnull'], 'relation': table, 'type': t,
               'order': typed(order, INT)}
        if 'identity' in c:
            start, by = c['identity']
            out['autoIncrementInformation'] = {'startWith': typed(start, BIG),
                                               'incrementBy': typed(by, BIG)}
            if 'identity_kind' in c:
                out['autoIncrementInformation']['generationType'] = c['identity_kind']
        for key, attr in (('default', 'defaultValue'), ('remarks', 'remarks'),
                          ('default_name', 'defaultValueConstraintName'),
                          ('notnull_name', 'notNullConstraintName')):
            if key in c:
                out[attr] = c[key]
        return self.add('Column', out)

    def index(self, table, name, columns, unique=False, clustered=None, **more):
        items = []
        for c in columns:
            item = {'name': c.split(' ')[0] if c.endswith(' DESC') else c}
            if c.endswith(' DESC'):
                item['descending'] = True
            if '(' in c:
                item['computed'] = True
            items.append({'column': item})
        attrs = dict(more, name=name, table=table, unique=unique, columns=items)
        if clustered is not None:
            attrs['clustered'] = clustered
        return self.add('Index', attrs)

    def table(self, name, t, schema):
        attrs = {'name': name, 'schema': schema}
        if 'remarks' in t:
            attrs['remarks'] = t['remarks']
        ref = self.add('Table', attrs)
        columns = {c['name']: self.column(c, ref, i + 1) for i, c in enumerate(t['columns'])}
        attrs['columns'] = list(columns.values())
        clustered = self.schema['product'] == 'mssql'
        if 'pk' in t:
            pk, names = t['pk'][:2]
            backing = self.index(ref, pk, names, True,
                                 clustered and not t.get('heap', False) if clustered else None)
            attrs['primaryKey'] = self.add('PrimaryKey', {
                'name': pk, 'table': ref, 'columns': [columns[n] for n in names],
                'backingIndex': backing})
        for uq, names in t.get('unique', {}).items():
            backing = self.index(ref, uq, names, True, False if clustered else None)
            self.add('UniqueConstraint', {
                'name': uq, 'table': ref, 'columns': [columns[n] for n in names],
                'backingIndex': backing, 'deferrable': False, 'initiallyDeferred': False,
                'disabled': False})
        for ix, spec in t.get('index', {}).items():
            names, unique = (spec, False) if isinstance(spec, list) else spec
            self.index(ref, ix, names, unique, False if clustered else None)
        return ref, columns

    def keys(self, tables):
        for name, t in self.schema['tables'].items():
            for fk, (names, to, there, *rules) in t.get('fk', {}).items():
                rule = dict(rules[0]) if rules else {}
                no = 'importedKeyNoAction'
                self.add('ForeignKey', {
                    'name': fk, 'foreignKeyTable': tables[name][0],
                    'foreignKeyColumns': [tables[name][1][n] for n in names],
                    'primaryKeyTable': tables[to][0],
                    'primaryKeyColumns': [tables[to][1][n] for n in there],
                    'deferrable': rule.get('deferrable', False), 'initiallyDeferred': False,
                    'deleteRule': typed(rule.get('delete', no), CORE + 'ForeignKeyConstraintType'),
                    'updateRule': typed(rule.get('update', no), CORE + 'ForeignKeyConstraintType')})

    def make(self, pro):
        s = self.schema
        catalog = self.add('Catalog', {'name': s['catalog'], 'default': True})
        schema = self.add('Schema', {'name': s['schema'], 'catalog': catalog, 'default': True})
        tables = {n: self.table(n, t, schema) for n, t in s['tables'].items()}
        self.keys(tables)
        for name, q in s.get('sequences', {}).items():
            attrs = {'name': name, 'schema': schema}
            for key in ('startValue', 'incrementBy', 'minValue', 'maxValue', 'cacheSize'):
                if key in q:
                    attrs[key] = typed(q[key], BIG)
            attrs.update({k: q[k] for k in ('willCycle', 'ordered', 'dataType') if k in q})
            self.add('Sequence', attrs)
        for name, text in s.get('views', {}).items():
            self.add('View', {'name': name, 'schema': schema, 'definition': text})
        for name, text in s.get('procedures', {}).items():
            self.add('StoredProcedure', {'name': name, 'schema': schema, 'body': text})
        for cls, name, more in s.get('pro', ()) if pro else ():
            more = {k: tables[v][0] if k == 'table' else v for k, v in more.items()}
            self.add(cls, dict(more, name=name, schema=schema))
        return self.objects


def snapshot(schema, path, pro=False):
    """Writes it; how many objects it holds."""
    objects = Maker(schema).make(pro)
    database = {'shortName': schema['product'], 'majorVersion': schema['version'].split('.')[0],
                'minorVersion': '0', 'productName': schema['title'],
                'productVersion': schema['version'], 'user': 'dev',
                'url': 'jdbc:%s://host/db' % schema['product']}
    with open(path, 'w') as f:
        json.dump({'snapshot': {'created': '2026-11-21T02:16:56.136', 'database': database,
                                'objects': dict(sorted(objects.items()))}}, f, indent=2)
    return sum(len(v) for v in objects.values())


MSSQL_A = {
    'product': 'mssql', 'version': '15.00.2000', 'title': 'Microsoft SQL Server', 'catalog': 'shop',
    'schema': 'dbo',
    'tables': {
        'Customers': {
            'remarks': 'who buys', 'columns': [
                col('Id', 'int', True, identity=(1, 1)), col('Name', ('nvarchar', 50), True),
                col('Email', ('varchar', 200)),
                col('Created', ('datetime2', 27, 7), True, default=now('getdate()'),
                    default_name='DF__Customers__Creat__3B75D760'),
                col('Active', 'bit', True, default=True, default_name='DF_Customers_Active')],
            'pk': ('PK__Customer__3214EC07A30C649F', ['Id']),
            'unique': {'UQ_Customers_Email': ['Email']}, 'index': {'IX_Customers_Name': ['Name']}},
        'Products': {
            'columns': [
                col('Id', 'int', True, identity=(100, 10)), col('Sku', ('varchar', 20), True),
                col('Title', ('nvarchar', 2147483647)),
                col('Price', ('decimal', 10, 2), True, default=number(0),
                    default_name='DF_Products_Price'),
                col('Weight', ('float', 53)), col('Photo', ('varbinary', 2147483647)),
                col('Uid', 'uniqueidentifier', True, default=now('newid()'),
                    default_name='DF_Products_Uid')],
            'pk': ('PK_Products', ['Id']), 'heap': True,
            'unique': {'UQ_Products_Sku': ['Sku']},
            'index': {'IX_Products_Price': ['Price DESC', 'Sku']}},
        'Orders': {
            'columns': [
                col('Id', 'bigint', True, identity=(1, 1)), col('CustomerId', 'int', True),
                col('Status', ('varchar', 10), True, default='new', default_name='DF_Status_X'),
                col('Note', ('nvarchar', 100)), col('Total', ('decimal', 12, 2))],
            'pk': ('PK_Orders', ['Id']),
            'fk': {'FK_Orders_Customers': (['CustomerId'], 'Customers', ['Id'],
                                           {'delete': 'importedKeyCascade'})},
            'index': {'IX_Orders_Status': ['Status'], 'IX_Orders_Customer': ['CustomerId']}},
        'Lines': {
            'columns': [col('OrderId', 'bigint', True), col('No', 'smallint', True),
                        col('ProductId', 'int', True), col('Amount', 'int', True)],
            'pk': ('PK_Lines', ['OrderId', 'No']),
            'fk': {'FK_Lines_Orders': (['OrderId'], 'Orders', ['Id']),
                   'FK_Lines_Products': (['ProductId'], 'Products', ['Id'])}},
        'Old': {'remarks': 'goes', 'columns': [col('Id', 'int', True), col('X', ('char', 3))],
                'pk': ('PK_Old', ['Id'])},
    },
    'sequences': {'OrderNo': {'startValue': 1000, 'incrementBy': 1, 'minValue': 1,
                              'maxValue': 9999999, 'cacheSize': 50, 'dataType': 'bigint'}},
    'views': {'Active': 'SELECT Id, Name FROM dbo.Customers WHERE Active = 1'},
    'procedures': {'Touch': 'CREATE PROCEDURE dbo.Touch @id int AS\n'
                            'UPDATE dbo.Orders SET Note = N\'x\' WHERE Id = @id'},
    'pro': (('CheckConstraint', 'CK_Amount', {'table': 'Lines', 'body': '([Amount]>(0))'}),
            ('Trigger', 'tr_Orders', {'tableName': 'Orders', 'body':
                                      'CREATE TRIGGER tr_Orders ON Orders FOR INSERT AS PRINT 1'}),
            ('Synonym', 'Buyers', {'objectName': 'Customers', 'objectSchema': 'dbo'})),
}

MSSQL_B = {
    'product': 'mssql', 'version': '15.00.2000', 'title': 'Microsoft SQL Server', 'catalog': 'dev',
    'schema': 'dbo',
    'tables': {
        'Customers': {
            'remarks': 'who buys; it\'s ${them}', 'columns': [
                col('Id', 'int', True, identity=(1, 1)), col('Name', ('nvarchar', 80), True),
                col('Email', ('varchar', 200), True, remarks='one each'),
                col('Created', ('datetime2', 23, 3), True, default=now('getdate()'),
                    default_name='DF__Customers__Creat__4D94879B'),
                col('Active', 'bit', True, default=True, default_name='DF_Customers_Active'),
                col('Score', ('decimal', 5, 2), True, default=number(1.5),
                    default_name='DF_Customers_Score')],
            'pk': ('PK__Customer__3214EC0711223344', ['Id']),
            'unique': {'UQ_Customers_Email': ['Email']}, 'index': {'IX_Customers_Name': ['Name']}},
        'Products': MSSQL_A['tables']['Products'],
        'Orders': {
            'columns': [
                col('Id', 'bigint', True, identity=(1, 1)), col('CustomerId', 'int', True),
                col('Status', ('varchar', 20), True, default='open', default_name='DF_Status_X'),
                col('Total', ('decimal', 14, 2)),
                col('Placed', ('datetimeoffset', 7))],
            'pk': ('PK_Orders', ['Id']),
            'fk': {'FK_Orders_Customers': (['CustomerId'], 'Customers', ['Id'])},
            'index': {'IX_Orders_Status': (['Status', 'CustomerId DESC'], True),
                      'IX_Orders_Customer': ['CustomerId']}},
        'Lines': {
            'columns': [col('OrderId', 'bigint', True), col('No', 'smallint', True),
                        col('ProductId', 'int', True), col('Amount', 'int', False)],
            'pk': ('PK_Lines', ['OrderId', 'No']),
            'fk': {'FK_Lines_Orders': (['OrderId'], 'Orders', ['Id'])}},
        'Refunds': {
            'remarks': 'money back', 'columns': [
                col('Id', 'int', True, identity=(1, 1)), col('OrderId', 'bigint', True),
                col('Why', ('nvarchar', 2147483647), remarks='text'),
                col('At', ('time', 3))],
            'pk': ('PK_Refunds', ['Id']), 'unique': {'UQ_Refunds_Order': ['OrderId']},
            'fk': {'FK_Refunds_Orders': (['OrderId'], 'Orders', ['Id'],
                                         {'delete': 'importedKeyCascade'})}},
    },
    'sequences': {'OrderNo': {'startValue': 1000, 'incrementBy': 5, 'minValue': 1,
                              'maxValue': 9999999, 'cacheSize': 50, 'dataType': 'bigint'},
                  'RefundNo': {'startValue': 1, 'incrementBy': 1, 'dataType': 'int'}},
    'views': {'Active': 'SELECT Id, Name, Score FROM dbo.Customers WHERE Active = 1',
              'Back': 'CREATE VIEW dbo.Back AS SELECT OrderId FROM dbo.Refunds'},
    'procedures': {'Touch': 'CREATE PROCEDURE dbo.Touch @id int AS\n'
                            'UPDATE dbo.Orders SET Placed = sysdatetimeoffset() WHERE Id = @id'},
    'pro': (('CheckConstraint', 'CK_Amount', {'table': 'Lines', 'body': '([Amount]>=(0))'}),
            ('Function', 'One', {'body': 'CREATE FUNCTION dbo.One() RETURNS int AS\r\n'
                                         'BEGIN RETURN 1 END'})),
}

ORACLE_A = {
    'product': 'oracle', 'version': '19.0.0', 'title': 'Oracle', 'catalog': 'SHOP', 'schema': 'SHOP',
    'tables': {
        'CUSTOMERS': {
            'remarks': 'who buys', 'columns': [
                col('ID', ('NUMBER', 10, 0), True, notnull_name='SYS_C007001'),
                col('NAME', ('VARCHAR', 50), True, unit='BYTE', notnull_name='SYS_C007002'),
                col('EMAIL', ('VARCHAR', 200), unit='CHAR'),
                col('CREATED', 'TIMESTAMP(6)', True, default=now('SYSTIMESTAMP')),
                col('ACTIVE', ('CHAR', 1), True, unit='BYTE', default='Y'),
                col('NAME_UP', ('VARCHAR', 50), unit='BYTE',
                    default=now('GENERATED ALWAYS AS (UPPER(NAME))'))],
            'pk': ('SYS_C007010', ['ID']), 'unique': {'UQ_CUSTOMERS_EMAIL': ['EMAIL']},
            'index': {'IX_CUSTOMERS_NAME': ['UPPER("NAME")']}},
        'PRODUCTS': {
            'columns': [
                col('ID', ('NUMBER', 10, 0), True), col('SKU', ('VARCHAR', 20), True, unit='BYTE'),
                col('TITLE', ('NVARCHAR', 100)), col('PRICE', ('NUMBER', 10, 2), True,
                                                     default=number(0)),
                col('WEIGHT', ('FLOAT', 126)), col('PHOTO', 'BLOB'), col('ADDED', ('DATE', 7))],
            'pk': ('PK_PRODUCTS', ['ID']), 'unique': {'UQ_PRODUCTS_SKU': ['SKU']},
            'index': {'IX_PRODUCTS_PRICE': ['PRICE DESC', 'SKU']}},
        'ORDERS': {
            'columns': [
                col('ID', ('NUMBER', 19, 0), True), col('CUSTOMER_ID', ('NUMBER', 10, 0), True),
                col('STATUS', ('VARCHAR', 10), True, unit='BYTE', default='new'),
                col('NOTE', ('VARCHAR', 100), unit='BYTE'), col('TOTAL', ('NUMBER', 12, 2))],
            'pk': ('PK_ORDERS', ['ID']),
            'fk': {'FK_ORDERS_CUSTOMERS': (['CUSTOMER_ID'], 'CUSTOMERS', ['ID'],
                                           {'delete': 'importedKeyCascade'})},
            'index': {'IX_ORDERS_STATUS': ['STATUS'], 'IX_ORDERS_CUSTOMER': ['CUSTOMER_ID']}},
        'LINES': {
            'columns': [col('ORDER_ID', ('NUMBER', 19, 0), True), col('NO', ('NUMBER', 5, 0), True),
                        col('PRODUCT_ID', ('NUMBER', 10, 0), True),
                        col('AMOUNT', ('NUMBER', 10, 0), True)],
            'pk': ('PK_LINES', ['ORDER_ID', 'NO']),
            'fk': {'FK_LINES_ORDERS': (['ORDER_ID'], 'ORDERS', ['ID']),
                   'FK_LINES_PRODUCTS': (['PRODUCT_ID'], 'PRODUCTS', ['ID'])}},
        'OLD': {'columns': [col('ID', ('NUMBER', 10, 0), True), col('X', ('CHAR', 3), unit='BYTE')],
                'pk': ('PK_OLD', ['ID'])},
    },
    'sequences': {'ORDER_NO': {'startValue': 1041, 'incrementBy': 1, 'minValue': 1,
                               'maxValue': '9999999999999999999999999999', 'cacheSize': 20,
                               'ordered': False, 'willCycle': False}},
    'views': {'ACTIVE': 'SELECT id, name FROM customers WHERE active = \'Y\''},
    'procedures': {'TOUCH': 'PROCEDURE touch(p NUMBER) IS\nBEGIN\n'
                            '  UPDATE orders SET note = \'x\' WHERE id = p;\nEND;'},
    'pro': (('Function', 'ONE', {'body': 'FUNCTION one RETURN NUMBER IS BEGIN RETURN 1; END;'}),
            ('DatabasePackage', 'P', {'body': 'PACKAGE p AS x NUMBER; END;'})),
}

ORACLE_B = {
    'product': 'oracle', 'version': '19.0.0', 'title': 'Oracle', 'catalog': 'SHOP_DEV',
    'schema': 'SHOP_DEV',
    'tables': {
        'CUSTOMERS': {
            'remarks': 'buyers', 'columns': [
                col('ID', ('NUMBER', 10, 0), True, notnull_name='SYS_C009001'),
                col('NAME', ('VARCHAR', 80), True, unit='BYTE', notnull_name='SYS_C009002'),
                col('EMAIL', ('VARCHAR', 200), True, unit='CHAR', remarks='one each'),
                col('CREATED', 'TIMESTAMP(6)', True, default=now('SYSTIMESTAMP')),
                col('ACTIVE', ('CHAR', 1), True, unit='BYTE', default='N'),
                col('NAME_UP', ('VARCHAR', 50), unit='BYTE',
                    default=now('GENERATED ALWAYS AS (UPPER(NAME))')),
                col('SCORE', ('NUMBER', 5, 2), True, default=number(1.5))],
            'pk': ('SYS_C009010', ['ID']), 'unique': {'UQ_CUSTOMERS_EMAIL': ['EMAIL']},
            'index': {'IX_CUSTOMERS_NAME': ['UPPER("NAME")']}},
        'PRODUCTS': ORACLE_A['tables']['PRODUCTS'],
        'ORDERS': {
            'columns': [
                col('ID', ('NUMBER', 19, 0), True), col('CUSTOMER_ID', ('NUMBER', 10, 0), True),
                col('STATUS', ('VARCHAR', 20), True, unit='BYTE'),
                col('TOTAL', ('NUMBER', 14, 2)), col('PLACED', 'TIMESTAMP(3) WITH TIME ZONE')],
            'pk': ('PK_ORDERS', ['ID']),
            'fk': {'FK_ORDERS_CUSTOMERS': (['CUSTOMER_ID'], 'CUSTOMERS', ['ID'])},
            'index': {'IX_ORDERS_STATUS': (['STATUS', 'CUSTOMER_ID DESC'], True),
                      'IX_ORDERS_CUSTOMER': ['CUSTOMER_ID']}},
        'LINES': {
            'columns': [col('ORDER_ID', ('NUMBER', 19, 0), True), col('NO', ('NUMBER', 5, 0), True),
                        col('PRODUCT_ID', ('NUMBER', 10, 0), True),
                        col('AMOUNT', ('NUMBER', 10, 0), False)],
            'pk': ('PK_LINES', ['ORDER_ID', 'NO']),
            'fk': {'FK_LINES_ORDERS': (['ORDER_ID'], 'ORDERS', ['ID'], {'deferrable': True})}},
        'REFUNDS': {
            'remarks': 'money back', 'columns': [
                col('ID', ('NUMBER', 10, 0), True, identity=(1, 1), identity_kind='BY DEFAULT'),
                col('ORDER_ID', ('NUMBER', 19, 0), True), col('WHY', 'CLOB', remarks='text')],
            'pk': ('PK_REFUNDS', ['ID']), 'unique': {'UQ_REFUNDS_ORDER': ['ORDER_ID']},
            'fk': {'FK_REFUNDS_ORDERS': (['ORDER_ID'], 'ORDERS', ['ID'],
                                         {'delete': 'importedKeyCascade'})}},
    },
    'sequences': {'ORDER_NO': {'startValue': 77, 'incrementBy': 5, 'minValue': 1,
                               'maxValue': '9999999999999999999999999999', 'cacheSize': 50,
                               'ordered': True, 'willCycle': False},
                  'REFUND_NO': {'startValue': 1, 'incrementBy': 1, 'minValue': 1,
                                'maxValue': '9999', 'cacheSize': 20, 'willCycle': True}},
    'views': {'ACTIVE': 'SELECT id, name, score FROM customers WHERE active = \'Y\'',
              'BACK': 'SELECT order_id FROM refunds'},
    'procedures': {'TOUCH': 'PROCEDURE touch(p NUMBER) IS\nBEGIN\n'
                            '  UPDATE orders SET placed = SYSTIMESTAMP WHERE id = p;\nEND;'},
    'pro': (('Function', 'ONE', {'body': 'FUNCTION one RETURN NUMBER IS BEGIN RETURN 11; END;'}),
            ('DatabasePackage', 'P', {'body': 'PACKAGE p AS x NUMBER; END;'})),
}
PAIRS = {'mssql': (MSSQL_A, MSSQL_B), 'oracle': (ORACLE_A, ORACLE_B)}
