/* Words that PostgreSQL keeps for itself: no table or column has one for a name without quotes. */

#include "drivers/postgresql/postgresql.h"

/* pg_get_keywords() of 15, categories R and T. A name is folded to lower case before it is looked
 * up, so one that has capitals has been quoted and is none of them. */
static const char words[] =
    "all,analyse,analyze,and,any,array,as,asc,asymmetric,authorization,binary,"
    "both,case,cast,check,collate,collation,column,concurrently,constraint,"
    "create,cross,current_catalog,current_date,current_role,current_schema,"
    "current_time,current_timestamp,current_user,default,deferrable,desc,distinct,"
    "do,else,end,except,false,fetch,for,foreign,freeze,from,full,grant,group,"
    "having,ilike,in,initially,inner,intersect,into,is,isnull,join,lateral,"
    "leading,left,like,limit,localtime,localtimestamp,natural,not,notnull,null,"
    "offset,on,only,or,order,outer,overlaps,placing,primary,references,"
    "returning,right,select,session_user,similar,some,symmetric,table,"
    "tablesample,then,to,trailing,true,union,unique,user,using,variadic,"
    "verbose,when,where,window,with";

bool pg_reserved(struct str version, struct str name)
{
    (void)version;
    return word_in(words, name);
}
