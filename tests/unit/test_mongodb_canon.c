/* Normal forms of MongoDB values: what is one, what stays two. Quotes are written '. */

#include "drivers/mongodb/canon.h"
#include "tests/harness/unit.h"

typedef struct str canon_fn(struct arena *mem, const struct mv *v);

static struct mv *parse(struct arena *mem, const char *text)
{
    struct mv *v = NULL;
    struct err e = {0};
    struct strbuf b = sb_new(mem, 0);
    for (const char *p = text; *p; p++)
        sb_char(&b, *p == '\'' ? '"' : *p);
    assert_ok(mv_from_json(mem, sb_view(&b), &v, &e), e);
    return v;
}

/* The normal form, which is its own normal form. */
static struct str canon(struct arena *mem, canon_fn *fn, const char *text)
{
    struct str s = fn(mem, parse(mem, text));
    if (str_is_null(s))
        return s;
    struct mv *again = NULL;
    struct err e = {0};
    assert_ok(mv_from_json(mem, s, &again, &e), e);
    struct str twice = fn(mem, again);
    if (!str_eq(s, twice))
        fail_msg("%s\nonce  %.*s\ntwice %.*s", text, STR_ARG(s), STR_ARG(twice));
    return s;
}

struct pair {
    const char *a, *b;
};

static void are_equal(struct arena *mem, canon_fn *fn, const struct pair *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str a = canon(mem, fn, v[i].a), b = canon(mem, fn, v[i].b);
        if (!str_eq(a, b) || str_is_null(a) != str_is_null(b))
            fail_msg("should be one:\n%s\n%s\n%.*s\n%.*s", v[i].a, v[i].b, STR_ARG(a), STR_ARG(b));
    }
}

static void are_different(struct arena *mem, canon_fn *fn, const struct pair *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str a = canon(mem, fn, v[i].a), b = canon(mem, fn, v[i].b);
        if (str_eq(a, b) && str_is_null(a) == str_is_null(b))
            fail_msg("should be two:\n%s\n%s\n%.*s", v[i].a, v[i].b, STR_ARG(a));
    }
}

#define EQUAL(fn, rows) are_equal(*state, fn, rows, sizeof(rows) / sizeof *(rows))
#define DIFFERENT(fn, rows) are_different(*state, fn, rows, sizeof(rows) / sizeof *(rows))

static void clauses_are_a_set(void **state)
{
    static const struct pair rows[] = {
        {"{'a':1,'b':2}", "{'b':2,'a':1}"},
        {"{'a':1}", "{'a':{'$eq':1}}"},
        {"{'a':null}", "{'a':{'$eq':null}}"},
        {"{'a':[1,2]}", "{'a':{'$eq':[1,2]}}"},
        {"{'a':{}}", "{'a':{'$eq':{}}}"},
        {"{'a':{'b':1,'c':2}}", "{'a':{'$eq':{'b':1,'c':2}}}"},
        {"{'a':{'$gt':1,'$lt':5}}", "{'a':{'$lt':5,'$gt':1}}"},
        {"{'a':{'$gt':1,'$lt':5}}", "{'$and':[{'a':{'$lt':5}},{'a':{'$gt':1}}]}"},
        {"{'a':1,'b':2}", "{'$and':[{'b':2},{'a':1}]}"},
        {"{'a':1,'b':2}", "{'$and':[{'b':2,'a':1}]}"},
        {"{'a':1}", "{'$and':[{'a':1}]}"},
        {"{'a':1}", "{'$and':[{'a':1},{'a':{'$eq':1.0}}]}"},
        {"{'a':1}", "{'$and':[{'$and':[{'$and':[{'a':1}]}]}]}"},
        {"{'a':1,'b':2,'c':3}", "{'c':3,'$and':[{'b':2},{'$and':[{'a':1}]}]}"},
        {"{'$and':[{'a':1},{'a':2}]}", "{'$and':[{'a':2},{'a':1}]}"},
        {"{'$and':[{'a':1},{'a':2}]}", "{'a':2,'$and':[{'a':1}]}"},
        {"{'$and':[{'a':{'$gt':1}},{'a':{'$gt':2}},{'b':1}]}",
         "{'b':1,'a':{'$gt':2},'$and':[{'a':{'$gt':1}}]}"},
        {"{'a':1}", "{'$or':[{'a':1}]}"},
        {"{'a':1}", "{'$or':[{'a':1},{'a':1}]}"},
        {"{'$or':[{'a':1},{'b':2}]}", "{'$or':[{'b':2},{'a':1}]}"},
        {"{'$or':[{'a':1},{'b':2},{'c':3}]}", "{'$or':[{'$or':[{'c':3},{'a':1}]},{'b':2}]}"},
        {"{'$or':[{'a':1},{'b':2}]}", "{'$or':[{'b':2},{'a':1},{'b':{'$eq':2}}]}"},
        {"{'$or':[{'a':1,'b':2},{'c':3}]}", "{'$or':[{'c':3},{'$and':[{'b':2},{'a':1}]}]}"},
        {"{'$nor':[{'a':1},{'b':2}]}", "{'$nor':[{'b':2},{'a':1}]}"},
        {"{'x':1,'$nor':[{'a':1,'b':2}]}", "{'$nor':[{'b':2,'a':1}],'x':1}"},
        {"{'$and':[{'$or':[{'a':1},{'b':2}]},{'$or':[{'c':1},{'d':2}]}]}",
         "{'$or':[{'d':2},{'c':1}],'$and':[{'$or':[{'b':2},{'a':1}]}]}"},
        {"{'a':1,'$comment':'x'}", "{'$comment':'x','a':1}"},
        {"{'a':1,'$expr':{'$gt':['$a','$b']}}", "{'$expr':{'$gt':['$a','$b']},'a':1}"},
        {"{'$and':[{'a':1},{'$expr':{'$gt':['$a','$b']}}]}", "{'$expr':{'$gt':['$a','$b']},'a':1}"},
    };
    EQUAL(mg_canon_query, rows);
}

static void operands_are_compared_by_what_they_mean(void **state)
{
    static const struct pair rows[] = {
        {"{'a':1}", "{'a':1.0}"},
        {"{'a':1}", "{'a':{'$numberLong':'1'}}"},
        {"{'a':5000000000}", "{'a':5e9}"},
        {"{'a':9007199254740992}", "{'a':9007199254740992.0}"},
        {"{'a':{'b':1,'c':[1,{'d':2.0}]}}", "{'a':{'b':1.0,'c':[1.0,{'d':2}]}}"},
        {"{'a':{'$in':[1,2,3]}}", "{'a':{'$in':[3,2,1,1.0]}}"},
        {"{'a':{'$nin':['x',null]}}", "{'a':{'$nin':[null,'x','x']}}"},
        {"{'a':{'$all':['x','y']}}", "{'a':{'$all':['y','x']}}"},
        {"{'a':{'$all':[{'$elemMatch':{'b':1,'c':2}},{'$elemMatch':{'d':3}}]}}",
         "{'a':{'$all':[{'$elemMatch':{'d':3.0}},{'$elemMatch':{'c':2,'b':1}}]}}"},
        {"{'a':{'$exists':true}}", "{'a':{'$exists':1}}"},
        {"{'a':{'$exists':true}}", "{'a':{'$exists':{'$numberLong':'5'}}}"},
        {"{'a':{'$exists':false}}", "{'a':{'$exists':0.0}}"},
        {"{'a':{'$size':2}}", "{'a':{'$size':2.0}}"},
        {"{'a':{'$mod':[4,1]}}", "{'a':{'$mod':[4.0,{'$numberLong':'1'}]}}"},
        {"{'a':{'$type':'string'}}", "{'a':{'$type':2}}"},
        {"{'a':{'$type':'string'}}", "{'a':{'$type':['string']}}"},
        {"{'a':{'$type':'int'}}", "{'a':{'$type':16.0}}"},
        {"{'a':{'$type':'minKey'}}", "{'a':{'$type':-1}}"},
        {"{'a':{'$type':['int','long']}}", "{'a':{'$type':[18,16,'int']}}"},
        {"{'a':{'$bitsAllSet':[1,5]}}", "{'a':{'$bitsAllSet':[5.0,1]}}"},
        {"{'a':{'$bitsAnySet':35}}", "{'a':{'$bitsAnySet':{'$numberLong':'35'}}}"},
        {"{'a':{'$not':{'$gt':1,'$lt':5}}}", "{'a':{'$not':{'$lt':5.0,'$gt':1}}}"},
        {"{'a':{'$elemMatch':{'$gt':1,'$lt':5}}}", "{'a':{'$elemMatch':{'$lt':5,'$gt':1}}}"},
        {"{'a':{'$elemMatch':{'b':1,'c':2}}}", "{'a':{'$elemMatch':{'c':{'$eq':2},'b':1}}}"},
        {"{'a':{'$elemMatch':{'b':1,'c':2}}}", "{'a':{'$elemMatch':{'$and':[{'c':2},{'b':1}]}}}"},
        {"{'a':{'$elemMatch':{'$or':[{'b':1},{'c':2}]}}}",
         "{'a':{'$elemMatch':{'$or':[{'c':2},{'b':1}]}}}"},
        {"{'a':{'$elemMatch':{'b':{'$elemMatch':{'c':1,'d':2}}}}}",
         "{'a':{'$elemMatch':{'b':{'$elemMatch':{'d':2,'c':1}}}}}"},
        {"{'a':{'$geoWithin':{'$centerSphere':[[1,2],0.5]}}}",
         "{'a':{'$geoWithin':{'$centerSphere':[[1.0,2],0.5]}}}"},
        {"{'a':{'$gte':{'$date':'2020-01-01T00:00:00Z'}}}",
         "{'a':{'$gte':{'$date':{'$numberLong':'1577836800000'}}}}"},
    };
    EQUAL(mg_canon_query, rows);
}

static void spellings_of_a_regular_expression(void **state)
{
    static const struct pair rows[] = {
        {"{'a':{'$regex':'^x','$options':'i'}}", "{'a':{'$options':'i','$regex':'^x'}}"},
        {"{'a':{'$regex':'^x','$options':'i'}}",
         "{'a':{'$regularExpression':{'pattern':'^x','options':'i'}}}"},
        {"{'a':{'$regex':'^x'}}", "{'a':{'$regularExpression':{'pattern':'^x','options':''}}}"},
        {"{'a':{'$regex':'^x','$options':''}}", "{'a':{'$regex':'^x'}}"},
        {"{'a':{'$regex':'^x','$options':'mi'}}", "{'a':{'$regex':'^x','$options':'im'}}"},
        {"{'a':{'$regex':{'$regularExpression':{'pattern':'^x','options':'i'}}}}",
         "{'a':{'$regex':'^x','$options':'i'}}"},
        {"{'a':{'$regex':{'$regularExpression':{'pattern':'^x','options':''}},'$options':'i'}}",
         "{'a':{'$regex':'^x','$options':'i'}}"},
        {"{'a':{'$not':{'$regex':'x','$options':'i'}}}",
         "{'a':{'$not':{'$regularExpression':{'pattern':'x','options':'i'}}}}"},
        {"{'a':{'$exists':true,'$regex':'x','$options':'i'}}",
         "{'a':{'$options':'i','$exists':1,'$regex':'x'}}"},
        {"{'a':{'$exists':true,'$regex':'x','$options':'i'}}",
         "{'$and':[{'a':{'$exists':true}},"
         "{'a':{'$regularExpression':{'pattern':'x','options':'i'}}}]}"},
        {"{'a':{'$elemMatch':{'$regex':'x','$options':'i'}}}",
         "{'a':{'$elemMatch':{'$options':'i','$regex':'x'}}}"},
        {"{'a':{'$in':[{'$regularExpression':{'pattern':'x','options':'im'}},'y']}}",
         "{'a':{'$in':['y',{'$regularExpression':{'pattern':'x','options':'mi'}}]}}"},
    };
    EQUAL(mg_canon_query, rows);
}

static void values_that_differ(void **state)
{
    static const struct pair rows[] = {
        {"{'a':1}", "{'a':2}"},
        {"{'a':1}", "{'b':1}"},
        {"{'a':1}", "{'a':'1'}"},
        {"{'a':1}", "{'a':true}"},
        {"{'a':1}", "{'a':1.5}"},
        {"{'a':1}", "{'a':{'$numberDecimal':'1'}}"},
        {"{'a':{'$numberDecimal':'1'}}", "{'a':{'$numberDecimal':'1.0'}}"},
        {"{'a':0}", "{'a':{'$numberDouble':'-0.0'}}"},
        {"{'a':0}", "{'a':false}"},
        {"{'a':0}", "{'a':null}"},
        {"{'a':{'$numberDouble':'NaN'}}", "{'a':0}"},
        {"{'a':{'$numberDouble':'Infinity'}}", "{'a':{'$numberDouble':'-Infinity'}}"},
        {"{'a':9007199254740993}", "{'a':9007199254740992}"},
        {"{'a':9007199254740994}", "{'a':9007199254740994.0}"},
        {"{'a':9223372036854775807}", "{'a':9223372036854775808.0}"},
        {"{'a':{'b':1,'c':2}}", "{'a':{'c':2,'b':1}}"},
        {"{'a':{'b':1}}", "{'a.b':1}"},
        {"{'a':[1,2]}", "{'a':[2,1]}"},
        {"{'a':[1]}", "{'a':1}"},
        {"{'a':{}}", "{'a':[]}"},
        {"{'a':{}}", "{'a':null}"},
        {"{'a':'x'}", "{'a':{'$symbol':'x'}}"},
        {"{'a':{'$date':{'$numberLong':'1'}}}", "{'a':1}"},
        {"{'a':{'$oid':'0123456789abcdef01234567'}}", "{'a':'0123456789abcdef01234567'}"},
        {"{'a':{'$binary':{'base64':'AAAA','subType':'00'}}}",
         "{'a':{'$binary':{'base64':'AAAA','subType':'04'}}}"},
        {"{'a':{'$timestamp':{'t':1,'i':2}}}", "{'a':{'$timestamp':{'t':1,'i':3}}}"},
        {"{'a':{'$minKey':1}}", "{'a':{'$maxKey':1}}"},
        {"{'a':{'$eq':{'b':1,'c':2}}}", "{'a':{'$eq':{'c':2,'b':1}}}"},
        {"{'a':{'$in':[{'b':1,'c':2}]}}", "{'a':{'$in':[{'c':2,'b':1}]}}"},
        {"{'a':{'$ne':{'b':1,'c':2}}}", "{'a':{'$ne':{'c':2,'b':1}}}"},
        {"{'a':{'$ref':'c','$id':1}}", "{'a':{'$id':1,'$ref':'c'}}"},
        {"{'a':{'b':{'$gt':1,'$lt':2}}}", "{'a':{'b':{'$lt':2,'$gt':1}}}"},
    };
    DIFFERENT(mg_canon_query, rows);
}

static void operators_that_differ(void **state)
{
    static const struct pair rows[] = {
        {"{'a':{'$gt':1}}", "{'a':{'$gte':1}}"},
        {"{'a':{'$gt':1}}", "{'a':1}"},
        {"{'a':{'$eq':{'$gt':1}}}", "{'a':{'$gt':1}}"},
        {"{'a':{'$ne':1}}", "{'a':{'$not':{'$eq':1}}}"},
        {"{'a':{'$in':[1]}}", "{'a':1}"},
        {"{'a':{'$in':[[1,2]]}}", "{'a':{'$in':[[2,1]]}}"},
        {"{'a':{'$in':[1,2]}}", "{'a':{'$nin':[1,2]}}"},
        {"{'a':{'$in':[1,2]}}", "{'a':{'$all':[1,2]}}"},
        {"{'a':{'$exists':true}}", "{'a':{'$exists':false}}"},
        {"{'a':{'$exists':true}}", "{'a':{'$exists':'yes'}}"},
        {"{'a':{'$mod':[4,1]}}", "{'a':{'$mod':[1,4]}}"},
        {"{'a':{'$mod':[4,1]}}", "{'a':{'$mod':[4.5,1]}}"},
        {"{'a':{'$size':1}}", "{'a':{'$size':2}}"},
        {"{'a':{'$type':'int'}}", "{'a':{'$type':'long'}}"},
        {"{'a':{'$type':'int'}}", "{'a':{'$type':['int','long']}}"},
        {"{'a':{'$type':'number'}}", "{'a':{'$type':['int','long','double','decimal']}}"},
        {"{'a':{'$type':99}}", "{'a':{'$type':98}}"},
        {"{'a':{'$bitsAllSet':[1,5]}}", "{'a':{'$bitsAllSet':34}}"},
        {"{'a':{'$bitsAllSet':1}}", "{'a':{'$bitsAnySet':1}}"},
        {"{'a':{'$elemMatch':{'b':1}}}", "{'a':{'$elemMatch':{'b':2}}}"},
        {"{'a':{'$elemMatch':{'b':1}}}", "{'a.b':1}"},
        {"{'a':{'$elemMatch':{'b':1}}}", "{'a':{'$elemMatch':{'$eq':{'b':1}}}}"},
        {"{'a':{'$elemMatch':{'b':1,'c':1}}}",
         "{'$and':[{'a':{'$elemMatch':{'b':1}}},{'a':{'$elemMatch':{'c':1}}}]}"},
        {"{'a':{'$elemMatch':{}}}", "{'a':{'$elemMatch':{'b':1}}}"},
        {"{'a':{'$not':{'$gt':1,'$lt':5}}}", "{'a':{'$not':{'$gt':1},'$lt':5}}"},
        {"{'a':{'$not':{'$gt':1}}}", "{'a':{'$gt':1}}"},
        {"{'a':{'$not':{'$in':[1,2]}}}", "{'a':{'$nin':[1,2]}}"},
    };
    DIFFERENT(mg_canon_query, rows);
}

static void regular_expressions_that_differ(void **state)
{
    static const struct pair rows[] = {
        {"{'a':{'$eq':{'$regularExpression':{'pattern':'x','options':''}}}}",
         "{'a':{'$regularExpression':{'pattern':'x','options':''}}}"},
        {"{'a':{'$regex':'x','$options':'i'}}", "{'a':{'$regex':'x'}}"},
        {"{'a':{'$regex':'x','$options':'i'}}", "{'a':{'$regex':'X','$options':'i'}}"},
        {"{'a':{'$regex':'x'}}", "{'a':'x'}"},
        {"{'a':{'$eq':{'$regex':'x','$options':'i'}}}", "{'a':{'$regex':'x','$options':'i'}}"},
        {"{'a':{'$in':[{'$regex':'x','$options':'i'}]}}",
         "{'a':{'$in':[{'$regularExpression':{'pattern':'x','options':'i'}}]}}"},
        {"{'a':{'$eq':{'$regularExpression':{'pattern':'x','options':'im'}}}}",
         "{'a':{'$eq':{'$regularExpression':{'pattern':'x','options':'i'}}}}"},
        {"{'a':{'$regex':{'$regularExpression':{'pattern':'x','options':'m'}},'$options':'i'}}",
         "{'a':{'$regex':'x','$options':'i'}}"},
        {"{'a':{'$regex':{'$regularExpression':{'pattern':'x','options':'m'}},'$options':'i'}}",
         "{'a':{'$regex':'x','$options':'m'}}"},
        {"{'a':{'$regex':'x\\u0000y'}}", "{'a':{'$regex':'x'}}"},
    };
    DIFFERENT(mg_canon_query, rows);
}

static void choices_that_differ(void **state)
{
    static const struct pair rows[] = {
        {"{'a':1,'b':2}", "{'$or':[{'a':1},{'b':2}]}"},
        {"{'$or':[{'a':1},{'b':2}]}", "{'$nor':[{'a':1},{'b':2}]}"},
        {"{'$nor':[{'a':1}]}", "{'a':1}"},
        {"{'$nor':[{'a':1},{'b':2}]}", "{'$nor':[{'a':1,'b':2}]}"},
        {"{'$or':[{'a':1,'b':2}]}", "{'$or':[{'a':1},{'b':2}]}"},
        {"{'$or':[{'a':1},{'b':2}],'c':3}", "{'$or':[{'a':1},{'b':2},{'c':3}]}"},
        {"{'$and':[{'$or':[{'a':1},{'b':2}]},{'$or':[{'c':1},{'d':2}]}]}",
         "{'$and':[{'$or':[{'a':1},{'c':1}]},{'$or':[{'b':2},{'d':2}]}]}"},
        {"{'$and':[{'a':1},{'a':2}]}", "{'a':1}"},
        {"{'$and':[{'a':{'$gt':1}},{'a':{'$gt':2}}]}", "{'a':{'$gt':2}}"},
        {"{'$and':[{'a':1},{'a':2},{'$and':[{}]}]}", "{'$and':[{'a':1},{'a':2}]}"},
        {"{'$and':[]}", "{}"},
        {"{'$and':[{}]}", "{}"},
        {"{'$or':[{}]}", "{}"},
    };
    DIFFERENT(mg_canon_query, rows);
}

static void expressions_and_unknown_operators(void **state)
{
    static const struct pair rows[] = {
        {"{'$expr':{'$gt':['$a','$b']}}", "{'$expr':{'$gt':['$b','$a']}}"},
        {"{'$expr':{'$eq':['$a',1]}}", "{'$expr':{'$eq':['$a',1.0]}}"},
        {"{'$expr':{'$and':['$a','$b']}}", "{'$expr':{'$and':['$b','$a']}}"},
        {"{'$expr':{'$lt':[{'$rand':{}},0.5]}}",
         "{'$and':[{'$expr':{'$lt':[{'$rand':{}},0.5]}},{'$expr':{'$lt':[{'$rand':{}},0.5]}}]}"},
        {"{'$or':[{'$expr':{'$lt':[{'$rand':{}},0.5]}},{'$expr':{'$lt':[{'$rand':{}},0.5]}}]}",
         "{'$expr':{'$lt':[{'$rand':{}},0.5]}}"},
        {"{'a':1,'$comment':'x'}", "{'a':1}"},
        {"{'a':1,'$comment':'x'}", "{'a':1,'$comment':'y'}"},
        {"{'a':{'$near':[1,2],'$maxDistance':5}}",
         "{'$and':[{'a':{'$near':[1,2]}},{'a':{'$maxDistance':5}}]}"},
        {"{'a':{'$foo':1,'$bar':2}}", "{'a':{'$bar':2,'$foo':1}}"},
        {"{'a':{'$not':{'$foo':1,'$bar':2}}}", "{'a':{'$not':{'$bar':2,'$foo':1}}}"},
        {"{'a':{'$elemMatch':{'$foo':1,'$gt':2}}}", "{'a':{'$elemMatch':{'$gt':2,'$foo':1}}}"},
        {"{'a':{'$elemMatch':{'b':1,'$foo':2}}}", "{'a':{'$elemMatch':{'$foo':2,'b':1}}}"},
        {"{'$foo':1,'$bar':2}", "{'$bar':2,'$foo':1}"},
        {"{'$foo':1}", "{'$foo':1.0}"},
        {"{'$where':'1'}", "{'$where':{'$code':'1'}}"},
        {"{'a':{'$geoWithin':{'$box':[[0,0],[1,1]]}}}",
         "{'a':{'$geoWithin':{'$box':[[1,1],[0,0]]}}}"},
    };
    DIFFERENT(mg_canon_query, rows);
}

#define S(text) "{'$jsonSchema':" text "}"

static void schemas_that_are_one(void **state)
{
    static const struct pair rows[] = {
        {S("{'bsonType':'object','required':['a','b']}"),
         S("{'required':['b','a'],'bsonType':'object'}")},
        {S("{'bsonType':'int'}"), S("{'bsonType':['int']}")},
        {S("{'bsonType':['int','long']}"), S("{'bsonType':['long','int']}")},
        {S("{'type':'object'}"), S("{'bsonType':'object'}")},
        {S("{'type':'boolean'}"), S("{'bsonType':'bool'}")},
        {S("{'type':['string','null']}"), S("{'bsonType':['null','string']}")},
        {S("{'type':['number']}"), S("{'bsonType':'number'}")},
        {S("{'properties':{'a':{'minimum':0,'bsonType':'int'},'b':{}}}"),
         S("{'properties':{'b':{},'a':{'bsonType':'int','minimum':0.0}}}")},
        {S("{'properties':{'a':{'properties':{'x':{'type':'string'},'y':{}}}}}"),
         S("{'properties':{'a':{'properties':{'y':{},'x':{'bsonType':['string']}}}}}")},
        {S("{'enum':['x','y',1]}"), S("{'enum':[1.0,'y','x']}")},
        {S("{'enum':[{'a':1,'b':2},null]}"), S("{'enum':[null,{'a':1.0,'b':2}]}")},
        {S("{'allOf':[{'minimum':1},{'maximum':5}]}"),
         S("{'allOf':[{'maximum':5},{'minimum':1}]}")},
        {S("{'anyOf':[{'bsonType':'int'},{'required':['a','b']}]}"),
         S("{'anyOf':[{'required':['b','a']},{'bsonType':['int']},{'bsonType':'int'}]}")},
        {S("{'oneOf':[{'required':['a']},{'required':['b']}]}"),
         S("{'oneOf':[{'required':['b']},{'required':['a']}]}")},
        {S("{'not':{'required':['a','b']}}"), S("{'not':{'required':['b','a']}}")},
        {S("{'items':{'bsonType':['int']}}"), S("{'items':{'bsonType':'int'}}")},
        {S("{'items':[{'bsonType':['int']},{}]}"), S("{'items':[{'bsonType':'int'},{}]}")},
        {S("{'dependencies':{'a':['b','c'],'d':{'required':['e']}}}"),
         S("{'dependencies':{'d':{'required':['e']},'a':['c','b']}}")},
        {S("{'patternProperties':{'^a':{'type':'string'},'^b':{}}}"),
         S("{'patternProperties':{'^b':{},'^a':{'bsonType':'string'}}}")},
        {S("{'required':['a'],'additionalProperties':true}"), S("{'required':['a']}")},
        {S("{'items':[{}],'additionalItems':true}"), S("{'items':[{}]}")},
        {S("{'minimum':1,'exclusiveMinimum':false}"), S("{'minimum':1}")},
        {S("{'maximum':1,'exclusiveMaximum':false}"), S("{'maximum':1}")},
        {S("{'minItems':1,'uniqueItems':false}"), S("{'minItems':{'$numberLong':'1'}}")},
        {S("{'additionalProperties':{'type':'string'}}"),
         S("{'additionalProperties':{'bsonType':'string'}}")},
        {S("{'title':'t','description':'d'}"), S("{'description':'d','title':'t'}")},
        {S("{'multipleOf':2}"), S("{'multipleOf':2.0}")},
        {S("{'properties':{'a':{'encrypt':{'bsonType':'string','algorithm':'x'}}}}"),
         S("{'properties':{'a':{'encrypt':{'algorithm':'x','bsonType':['string']}}}}")},
        {"{'$and':[{'$jsonSchema':{'required':['a','b']}},{'a':1}]}",
         "{'a':1.0,'$jsonSchema':{'required':['b','a']}}"},
        {"{'$or':[{'$jsonSchema':{'required':['a','b']}},{'a':1}]}",
         "{'$or':[{'a':1},{'$jsonSchema':{'required':['b','a']}}]}"},
        {"{'l':{'$elemMatch':{'$jsonSchema':{'required':['a','b']}}}}",
         "{'l':{'$elemMatch':{'$jsonSchema':{'required':['b','a']}}}}"},
    };
    EQUAL(mg_canon_query, rows);
}

static void schemas_that_differ(void **state)
{
    static const struct pair rows[] = {
        {S("{}"), "{}"},
        {S("{'bsonType':'int'}"), S("{'bsonType':'long'}")},
        {S("{'bsonType':'int'}"), S("{'bsonType':['int','null']}")},
        {S("{'bsonType':'number'}"), S("{'bsonType':['int','long','double','decimal']}")},
        {S("{'type':'integer'}"), S("{'bsonType':'integer'}")},
        {S("{'type':'string','bsonType':'string'}"), S("{'bsonType':'string'}")},
        {S("{'required':['a']}"), S("{'required':['a','b']}")},
        {S("{'required':['a']}"), S("{'required':['A']}")},
        {S("{'enum':['a']}"), S("{'enum':['a',null]}")},
        {S("{'enum':[{'a':1,'b':2}]}"), S("{'enum':[{'b':2,'a':1}]}")},
        {S("{'enum':[[1,2]]}"), S("{'enum':[[2,1]]}")},
        {S("{'enum':[1]}"), S("{'enum':[true]}")},
        {S("{'properties':{'a':{'type':'string'}}}"), S("{'properties':{'b':{'type':'string'}}}")},
        {S("{'properties':{'a':{}}}"), S("{'patternProperties':{'a':{}}}")},
        {S("{'properties':{'required':{'enum':['b','a']}}}"),
         S("{'properties':{'required':{'enum':['b']}}}")},
        {S("{'additionalProperties':false}"), S("{}")},
        {S("{'additionalProperties':false}"), S("{'additionalProperties':true}")},
        {S("{'additionalProperties':{}}"), S("{'additionalProperties':{'type':'string'}}")},
        {S("{'items':{'type':'string'}}"), S("{'items':[{'type':'string'}]}")},
        {S("{'items':[{'minimum':1},{'minimum':2}]}"),
         S("{'items':[{'minimum':2},{'minimum':1}]}")},
        {S("{'items':[{}],'additionalItems':false}"), S("{'items':[{}]}")},
        {S("{'allOf':[{'minimum':1},{'maximum':5}]}"),
         S("{'anyOf':[{'minimum':1},{'maximum':5}]}")},
        {S("{'oneOf':[{'minimum':1}]}"), S("{'oneOf':[{'minimum':1},{'minimum':1}]}")},
        {S("{'not':{'minimum':1}}"), S("{'minimum':1}")},
        {S("{'dependencies':{'a':['b']}}"), S("{'dependencies':{'b':['a']}}")},
        {S("{'dependencies':{'a':['b']}}"), S("{'dependencies':{'a':{'required':['b']}}}")},
        {S("{'minimum':1}"), S("{'minimum':1,'exclusiveMinimum':true}")},
        {S("{'minimum':1}"), S("{'minimum':1.5}")},
        {S("{'minimum':1}"), S("{'maximum':1}")},
        {S("{'minLength':1}"), S("{'minItems':1}")},
        {S("{'uniqueItems':true}"), S("{'uniqueItems':false}")},
        {S("{'pattern':'a'}"), S("{'pattern':'b'}")},
        {S("{'title':'a'}"), S("{'description':'a'}")},
        {S("{'description':'a'}"), S("{}")},
        {S("{'description':'a'}"), S("{'description':'b'}")},
        {S("{'properties':{'a':{'encrypt':{'algorithm':'x'}}}}"),
         S("{'properties':{'a':{'encrypt':{'algorithm':'y'}}}}")},
        {S("{'later':['b','a']}"), S("{'later':['a','b']}")},
        {S("{'later':{'b':1,'a':1}}"), S("{'later':{'a':1,'b':1}}")},
        {S("{'required':['a']}"), "{'a':{'$exists':true}}"},
        /* A literal that looks like a schema is a value. */
        {"{'a':{'required':['a','b']}}", "{'a':{'required':['b','a']}}"},
        {"{'a':{'$eq':{'$jsonSchema':{'required':['a','b']}}}}",
         "{'a':{'$eq':{'$jsonSchema':{'required':['b','a']}}}}"},
    };
    DIFFERENT(mg_canon_query, rows);
}

static void pipelines(void **state)
{
    static const struct pair same[] = {
        {"[{'$match':{'a':{'$regex':'x','$options':'i'}}}]",
         "[{'$match':{'a':{'$regularExpression':{'pattern':'x','options':'i'}}}}]"},
        {"[{'$match':{'$or':[{'a':{'$options':'i','$regex':'x'}},{'b':1}]}}]",
         "[{'$match':{'$or':[{'a':{'$regularExpression':{'pattern':'x','options':'i'}}},{'b':1}]}}"
         "]"},
        {"[{'$match':{'a':{'$not':{'$regex':'x','$options':'i'}}}}]",
         "[{'$match':{'a':{'$not':{'$regularExpression':{'pattern':'x','options':'i'}}}}}]"},
        {"[{'$lookup':{'from':'c','as':'d','pipeline':[{'$match':{'a':{'$regex':'x',"
         "'$options':'i'}}}]}}]",
         "[{'$lookup':{'from':'c','as':'d','pipeline':[{'$match':{'a':{'$regularExpression':"
         "{'pattern':'x','options':'i'}}}}]}}]"},
        {"[{'$facet':{'f':[{'$match':{'a':{'$regex':'x','$options':'i'}}}]}}]",
         "[{'$facet':{'f':[{'$match':{'a':{'$options':'i','$regex':'x'}}}]}}]"},
        {"[{'$graphLookup':{'from':'c','restrictSearchWithMatch':{'a':{'$regex':'x','$options':'i'}"
         "}}}]",
         "[{'$graphLookup':{'from':'c','restrictSearchWithMatch':{'a':{'$options':'i','$regex':'x'}"
         "}}}]"},
        {"[{'$match':{'l':{'$elemMatch':{'a':{'$regex':'x','$options':'i'}}}}}]",
         "[{'$match':{'l':{'$elemMatch':{'a':{'$options':'i','$regex':'x'}}}}}]"},
        {"[]", "[]"},
    };
    static const struct pair different[] = {
        {"[]", "[{'$match':{}}]"},
        {"[{'$match':{'a':1}}]", "[{'$match':{'a':1.0}}]"},
        {"[{'$match':{'a':1,'b':2}}]", "[{'$match':{'b':2,'a':1}}]"},
        {"[{'$sort':{'a':1,'b':-1}}]", "[{'$sort':{'b':-1,'a':1}}]"},
        {"[{'$limit':5}]", "[{'$limit':{'$numberLong':'5'}}]"},
        {"[{'$project':{'a':1}}]", "[{'$project':{'a':true}}]"},
        {"[{'$project':{'a':1,'b':1}}]", "[{'$project':{'b':1,'a':1}}]"},
        {"[{'$limit':5},{'$skip':1}]", "[{'$skip':1},{'$limit':5}]"},
        {"[{'$addFields':{'a':{'$literal':{'$regex':'x','$options':'i'}}}}]",
         "[{'$addFields':{'a':{'$literal':{'$regularExpression':{'pattern':'x','options':'i'}}}}}"
         "]"},
        {"[{'$match':{'a':{'$eq':{'$regex':'x','$options':'i'}}}}]",
         "[{'$match':{'a':{'$eq':{'$regularExpression':{'pattern':'x','options':'i'}}}}}]"},
        {"[{'$match':{'a':{'$regex':'x','$options':'i'}}}]", "[{'$match':{'a':{'$regex':'x'}}}]"},
        {"[{'$unionWith':'a'}]", "[{'$unionWith':'b'}]"},
        {"[{'$match':{'$expr':{'$eq':['$a',1]}}}]", "[{'$match':{'$expr':{'$eq':[1,'$a']}}}]"},
    };
    EQUAL(mg_canon_pipeline, same);
    DIFFERENT(mg_canon_pipeline, different);
    assert_true(str_is_null(mg_canon_pipeline(*state, NULL)));
    assert_str(canon(*state, mg_canon_pipeline, "[]"), "[]");
}

#define FULL(locale, first, alternate, normalization, backwards)                                   \
    "{'locale':'" locale "','caseLevel':false,'caseFirst':'" first "','strength':3,"               \
    "'numericOrdering':false,'alternate':'" alternate                                              \
    "','maxVariable':'punct','normalization':" #normalization ",'backwards':" #backwards           \
    ",'version':'57.1'}"

static void collations(void **state)
{
    static const struct pair same[] = {
        {"{'locale':'en'}", FULL("en", "off", "non-ignorable", false, false)},
        {"{'locale':'en','version':'153.14'}", FULL("en", "off", "non-ignorable", false, false)},
        {"{'strength':{'$numberLong':'3'},'locale':'en'}", "{'locale':'en','strength':3.0}"},
        {"{'locale':'fr'}", FULL("fr", "off", "non-ignorable", false, false)},
        {"{'locale':'fr_CA'}", FULL("fr_CA", "off", "non-ignorable", false, true)},
        {"{'locale':'da'}", FULL("da", "upper", "non-ignorable", false, false)},
        {"{'locale':'mt'}", FULL("mt", "upper", "non-ignorable", false, false)},
        {"{'locale':'th'}", FULL("th", "off", "shifted", true, false)},
        {"{'locale':'vi'}", FULL("vi", "off", "non-ignorable", true, false)},
        {"{'locale':'pt_BR'}", FULL("pt_BR", "off", "non-ignorable", false, false)},
        {"{'locale':'da_DK'}", FULL("da_DK", "upper", "non-ignorable", false, false)},
        {"{'locale':'de@collation=phonebook'}",
         FULL("de@collation=phonebook", "off", "non-ignorable", false, false)},
        {"{'locale':'da@collation=search'}",
         FULL("da@collation=search", "off", "non-ignorable", true, false)},
        {"{'locale':'bn@collation=traditional'}",
         FULL("bn@collation=traditional", "off", "non-ignorable", true, false)},
        {"{'locale':'zz','strength':3}", "{'locale':'zz','caseLevel':false}"},
        {"{'locale':'simple'}", "{}"},
        {"{'locale':'simple','version':'57.1'}", "{}"},
    };
    static const struct pair different[] = {
        {"{'locale':'en'}", "{'locale':'de'}"},
        {"{'locale':'en'}", "{'locale':'en_US'}"},
        {"{'locale':'en'}", "{'locale':'simple'}"},
        {"{'locale':'en'}", "{'locale':'en','strength':1}"},
        {"{'locale':'en'}", "{'locale':'en','caseLevel':true}"},
        {"{'locale':'en'}", "{'locale':'en','caseFirst':'upper'}"},
        {"{'locale':'en'}", "{'locale':'en','numericOrdering':true}"},
        {"{'locale':'en'}", "{'locale':'en','alternate':'shifted'}"},
        {"{'locale':'en'}", "{'locale':'en','maxVariable':'space'}"},
        {"{'locale':'en'}", "{'locale':'en','normalization':true}"},
        {"{'locale':'en'}", "{'locale':'en','backwards':true}"},
        {"{'locale':'en'}", "{'locale':'en','later':1}"},
        {"{'locale':'da'}", "{'locale':'da','caseFirst':'off'}"},
        {"{'locale':'fr_CA'}", "{'locale':'fr_CA','backwards':false}"},
        {"{'locale':'de'}", "{'locale':'de@collation=phonebook'}"},
        {"{'locale':'simple','strength':1}", "{'locale':'simple'}"},
        /* What is not known is not filled in. */
        {"{'locale':'zz'}", "{'locale':'zz','caseFirst':'off'}"},
        {"{'locale':'bo'}", "{'locale':'bo','normalization':false}"},
        {"{'locale':'da@collation=new'}", "{'locale':'da@collation=new','caseFirst':'off'}"},
        {"{'locale':'en@x=y'}", "{'locale':'en@x=y','caseFirst':'off'}"},
    };
    EQUAL(mg_canon_collation, same);
    DIFFERENT(mg_canon_collation, different);
    assert_true(str_is_null(mg_canon_collation(*state, NULL)));
}

static void projections_and_other_options(void **state)
{
    static const struct pair same[] = {
        {"{'a':1,'b':1}", "{'b':true,'a':{'$numberLong':'1'}}"},
        {"{'a':1}", "{'a':true,'_id':false}"},
        {"{'a':0}", "{'a':false,'_id':0}"},
        {"{'a':2.0}", "{'a':1}"},
    };
    static const struct pair different[] = {
        {"{'a':1}", "{'a':0}"},         {"{'a':1}", "{'a':1,'_id':1}"}, {"{'a':1}", "{'b':1}"},
        {"{'a':1}", "{'a':1,'b':1}"},   {"{'_id':1}", "{'_id':0}"},     {"{'_id':0}", "{}"},
        {"{'a':{'b':1}}", "{'a.b':1}"}, {"{'a':'x'}", "{'a':1}"},
    };
    static const struct pair other_same[] = {
        {"{'a':1,'b':2}", "{'b':2.0,'a':{'$numberLong':'1'}}"},
        {"{'a':{'b':1}}", "{'a':{'b':1.0}}"},
    };
    static const struct pair other_different[] = {
        {"{'a':{'b':1,'c':2}}", "{'a':{'c':2,'b':1}}"},
        {"{'a':[1,2]}", "{'a':[2,1]}"},
        {"{'a':true}", "{'a':1}"},
        {"{'a':1.5}", "{'a':1}"},
    };
    EQUAL(mg_canon_projection, same);
    DIFFERENT(mg_canon_projection, different);
    EQUAL(mg_canon_other, other_same);
    DIFFERENT(mg_canon_other, other_different);
}

static void texts_and_absence(void **state)
{
    struct arena *mem = *state;
    assert_true(str_is_null(mg_canon_query(mem, NULL)));
    assert_true(str_is_null(mg_canon_query(mem, parse(mem, "{}"))));
    assert_true(str_is_null(mg_canon_projection(mem, NULL)));
    assert_true(str_is_null(mg_canon_other(mem, parse(mem, "{}"))));
    assert_str(canon(mem, mg_canon_query,
                     "{'$and':[{'b':{'$lt':5.0,'$gt':1}},{'$or':[{'c':2},{'a':{'$eq':1}}]}],"
                     "'b':{'$gt':2}}"),
               "{\"$and\":[{\"b\":{\"$gt\":2}}],\"$or\":[{\"a\":1},{\"c\":2}],"
               "\"b\":{\"$gt\":1,\"$lt\":5}}");
    assert_str(canon(mem, mg_canon_query, S("{'type':['string'],'additionalProperties':true}")),
               "{\"$jsonSchema\":{\"bsonType\":\"string\"}}");
    assert_str(canon(mem, mg_canon_projection, "{'b':1,'a':1}"),
               "{\"_id\":false,\"a\":true,\"b\":true}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(clauses_are_a_set),
        TEST(operands_are_compared_by_what_they_mean),
        TEST(spellings_of_a_regular_expression),
        TEST(values_that_differ),
        TEST(operators_that_differ),
        TEST(regular_expressions_that_differ),
        TEST(choices_that_differ),
        TEST(expressions_and_unknown_operators),
        TEST(schemas_that_are_one),
        TEST(schemas_that_differ),
        TEST(pipelines),
        TEST(collations),
        TEST(projections_and_other_options),
        TEST(texts_and_absence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
