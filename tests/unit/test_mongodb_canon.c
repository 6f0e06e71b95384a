/* Normal forms of MongoDB values: what is one, what stays two. Queries: tests/mongodb/meaning.tsv,
 * whose pairs that are one are also put to a server (tests/live/mongodb_meaning.py). Quotes are
 * written '. */

#include "drivers/mongodb/canon.h"

#include <stdio.h>

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

#define S(text) "{'$jsonSchema':" text "}"

/* Each pair of the table, one or two as it says. */
static void queries(void **state)
{
    FILE *f = fopen("tests/mongodb/meaning.tsv", "r");
    char line[2000];
    uint32_t n[2] = {0, 0};
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        struct str rest = str_trim(str_c(line)), word[3];
        if (line[0] == '#')
            continue;
        for (int i = 0; i < 3; i++)
            assert_true(str_cut(&rest, '\t', &word[i]));
        struct pair pair = {arena_cstr(*state, word[1]), arena_cstr(*state, word[2])};
        bool one = str_eq_c(word[0], "one");
        assert_true(one || str_eq_c(word[0], "two"));
        (one ? are_equal : are_different)(*state, mg_canon_query, &pair, 1);
        n[one]++;
    }
    fclose(f);
    assert_true(n[0] >= 100 && n[1] >= 100);
}

#define KEY(id) "[{'$uuid':'00000000-0000-4000-8000-00000000000" id "'}]"
#define ENCRYPTED(key)                                                                             \
    S("{'properties':{'a':{'properties':{'b':{'encrypt':{'keyId':" key ",'bsonType':'int'}}}}}}")

/* Keys are of one environment: whose they are is seen, which is not. */
static void keys_of_encryption(void **state)
{
    static const struct pair same[] = {
        {ENCRYPTED(KEY("1")), ENCRYPTED(KEY("2"))},
        {S("{'encryptMetadata':{'keyId':" KEY("1") "}}"),
         S("{'encryptMetadata':{'keyId':" KEY("2") "}}")},
    };
    static const struct pair different[] = {
        {ENCRYPTED(KEY("1")), S("{'properties':{'a':{'properties':{'b':{'encrypt':"
                                "{'bsonType':'int'}}}}}}")},
        {ENCRYPTED("'/a'"), ENCRYPTED("'/b'")},
        {S("{'enum':[{'encrypt':{'keyId':1}}]}"), S("{'enum':[{'encrypt':{'keyId':2}}]}")},
    };
    static const char *const with[] = {
        ENCRYPTED(KEY("1")),
        "{'$and':[{'a':1},{'$jsonSchema':{'encryptMetadata':{'keyId':" KEY("1") "}}}]}",
        S("{'anyOf':[{'items':[{'encrypt':{'keyId':" KEY("1") "}}]}]}"),
    };
    static const char *const without[] = {
        "{}",
        "{'encrypt':{'keyId':1}}",
        ENCRYPTED("'/a'"),
        S("{'properties':{'a':{'encrypt':{'bsonType':'int'}}}}"),
        S("{'enum':[{'encrypt':{'keyId':1}}]}"),
    };
    EQUAL(mg_canon_query, same);
    DIFFERENT(mg_canon_query, different);
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        assert_true(mg_has_keys(parse(*state, with[i])));
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        assert_false(mg_has_keys(parse(*state, without[i])));
    assert_false(mg_has_keys(NULL));
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
        {"[{'$limit':5},{'$skip':1}]", "[{'$limit':{'$numberLong':'5'}},{'$skip':1.0}]"},
        {"[{'$facet':{'f':[{'$sort':{'b':1,'a':-1}}]}}]",
         "[{'$facet':{'f':[{'$sort':{'b':1.0,'a':{'$numberLong':'-1'}}}]}}]"},
        {"[]", "[]"},
    };
    static const struct pair different[] = {
        {"[]", "[{'$match':{}}]"},
        {"[{'$match':{'a':1}}]", "[{'$match':{'a':1.0}}]"},
        {"[{'$match':{'a':1,'b':2}}]", "[{'$match':{'b':2,'a':1}}]"},
        {"[{'$sort':{'a':1,'b':-1}}]", "[{'$sort':{'b':-1,'a':1}}]"},
        {"[{'$limit':5}]", "[{'$limit':{'$numberDecimal':'5'}}]"},
        {"[{'$limit':5}]", "[{'$limit':5.5}]"},
        {"[{'$sort':{'a':1}}]", "[{'$sort':{'a':-1}}]"},
        {"[{'$sort':{'a':1}}]", "[{'$sort':{'a':{'$meta':'textScore'}}}]"},
        {"[{'$set':{'a':1}}]", "[{'$set':{'a':1.0}}]"},
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
    static const struct pair definition_same[] = {
        {"{'a':[{'b':1,'c':{'d':1,'e':2}}]}", "{'a':[{'c':{'e':2,'d':1.0},'b':1}]}"},
    };
    EQUAL(mg_canon_definition, definition_same);
    are_different(*state, mg_canon_definition, other_different + 1, 3);
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
        TEST(queries),
        TEST(keys_of_encryption),
        TEST(pipelines),
        TEST(collations),
        TEST(projections_and_other_options),
        TEST(texts_and_absence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
