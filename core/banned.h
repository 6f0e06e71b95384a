#ifndef SNAP_CORE_BANNED_H
#define SNAP_CORE_BANNED_H

/* Functions that overflow, depend on the locale or hide state; using one does not compile. Forced
 * into every file of ours by the Makefile (-include), after the system headers it needs. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SNAP_BANNED(f) banned_function_##f

#undef strcpy
#define strcpy SNAP_BANNED(strcpy)
#undef strcat
#define strcat SNAP_BANNED(strcat)
#undef strncpy
#define strncpy SNAP_BANNED(strncpy)
#undef strncat
#define strncat SNAP_BANNED(strncat)
#undef sprintf
#define sprintf SNAP_BANNED(sprintf)
#undef vsprintf
#define vsprintf SNAP_BANNED(vsprintf)
#undef gets
#define gets SNAP_BANNED(gets)
#undef strtok
#define strtok SNAP_BANNED(strtok)
#undef atoi
#define atoi SNAP_BANNED(atoi)
#undef atol
#define atol SNAP_BANNED(atol)
#undef system
#define system SNAP_BANNED(system)
#undef popen
#define popen SNAP_BANNED(popen)
#undef setlocale
#define setlocale SNAP_BANNED(setlocale)
#undef strcoll
#define strcoll SNAP_BANNED(strcoll)
#undef localtime
#define localtime SNAP_BANNED(localtime)
#undef gmtime
#define gmtime SNAP_BANNED(gmtime)
#undef tmpnam
#define tmpnam SNAP_BANNED(tmpnam)
#undef mktemp
#define mktemp SNAP_BANNED(mktemp)
#undef alloca
#define alloca SNAP_BANNED(alloca)

#endif
