/* Bench: a program that does nothing, linked to every library that snap is linked to. */

#include <jansson.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <xxhash.h>
#include <yaml.h>

int main(int argc, char **argv)
{
    /* Never true: it keeps the linker from leaving the libraries out. */
    if (argc > 1000)
        return (int)sqlite3_libversion_number() + yaml_get_version_string()[0] +
               jansson_version_str()[0] + (int)XXH_versionNumber() + PQlibVersion() + argv[0][0];
    return 0;
}
