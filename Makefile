# snap. Targets are explained in CONTRIBUTING.md. WITHOUT="sqlite" drops the live half of an engine,
# PROGRAM= renames the binary, BUILD= moves everything that is built.

VERSION  := 0.1.0
PROGRAM  ?= snap
PREFIX   ?= /usr/local
BUILD    ?= build
CC       ?= cc
MODE     ?= release
WITHOUT  ?=

LIBS     := jansson yaml-0.1 libxxhash nettle expat
ifeq (,$(filter sqlite,$(WITHOUT)))
LIBS     += sqlite3
DEFS     += -DSNAP_WITH_SQLITE
else
NO_LIVE  += $(addprefix drivers/sqlite/,live.c deployed.c read.c deps.c scratch.c rows.c row_read.c) \
            history/lite.c history/lite_open.c history/lite_repair.c
endif
ifeq (,$(filter postgresql,$(WITHOUT)))
LIBS     += libpq
DEFS     += -DSNAP_WITH_POSTGRESQL
else
NO_LIVE  += $(addprefix drivers/postgresql/,reach.c ask.c conn.c connect.c deployed.c ledger.c read.c scratch.c server.c fill.c row_read.c rows.c values.c watch.c) \
            history/pg.c history/pg_open.c
endif

ifeq (,$(filter mysql,$(WITHOUT)))
LIBS     += libmariadb
DEFS     += -DSNAP_WITH_MYSQL
else
NO_LIVE  += $(addprefix drivers/mysql/,reach.c conn.c connect.c deployed.c read.c row_read.c rows.c scratch.c server.c watch.c)
endif

# The client library goes by another name in later releases of Debian.
MONGOC   := $(firstword $(foreach m,libmongoc-1.0 mongoc2,$(shell pkg-config --exists $m && echo $m)) \
            libmongoc-1.0)
ifeq (,$(filter mongodb,$(WITHOUT))$(if $(wildcard drivers/mongodb/scratch.c),,no))
LIBS     += $(MONGOC)
DEFS     += -DSNAP_WITH_MONGODB
else
NO_LIVE  += $(addprefix drivers/mongodb/,conn.c connect.c counters.c deployed.c guard.c infer.c read.c rows.c scratch.c wire.c)
endif

WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wvla -Wformat=2 -Wwrite-strings -Wundef
BASE     := -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -DSNAP_VERSION='"$(VERSION)"' \
            $(DEFS) -I. -include core/banned.h -MMD -MP
release_FLAGS := -O2 -DNDEBUG -g
debug_FLAGS   := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
hooks_FLAGS   := -O1 -g -DSNAP_TEST_HOOKS
fuzz_FLAGS    := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
                 -fno-sanitize-recover=all
cover_FLAGS   := -O0 -g --coverage -DSNAP_TEST_HOOKS
CFLAGS   ?= $($(MODE)_FLAGS)
# as headers of the system: some are not written for our warnings
PKG_CFLAGS = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(LIBS)))
PKG_LIBS   = $(shell pkg-config --libs $(LIBS)) -lm
# Quiet but for what is wrong; V=1 shows the commands.
Q        := $(if $(V),,@)

DIRS     := core markup diff drift snapshot changelog policy history emit verify cli drivers/sql \
            $(filter-out drivers/sql,$(patsubst %/,%,$(wildcard drivers/*/)))
SRC      := $(filter-out $(NO_LIVE),$(wildcard $(addsuffix /*.c,$(DIRS))))
OUT      := $(BUILD)/$(MODE)
OBJ      := $(SRC:%.c=$(OUT)/%.o)
ENGINES  := $(patsubst drivers/%/driver.c,%,$(wildcard drivers/*/driver.c))
FORMATS  := $(patsubst emit/fmt_%.c,%,$(wildcard emit/fmt_*.c))
UNIT     := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
TOY      := $(wildcard tests/harness/*.c tests/harness/toy/*.c)

.PHONY: all debug hooks cover-build demo check full test unit tables golden random lint format docs \
        live live-all liquibase flows valgrind cover tidy fault fuzz bench fresh corpus golden-accept install dist clean
.DELETE_ON_ERROR:

all: $(BUILD)/$(PROGRAM)
$(BUILD)/$(PROGRAM): $(OUT)/snap
	$(Q)cp $< $@
# The queries of an engine, one file each, as C strings.
QUERIES  := $(wildcard $(ENGINES:%=drivers/%/queries/*.sql))
$(OUT)/queries.c: $(QUERIES) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "drivers/sql/query.h"'; echo 'const struct sql_query sql_queries[] = {'; \
	  for q in $(QUERIES); do n=$${q#drivers/}; \
	    echo "{\"$${n%%/*}\", \"$$(basename $$q .sql)\","; \
	    sed 's/\\/\\\\/g; s/"/\\"/g; s/^/"/; s/$$/\\n"/' $$q; echo '},'; done; \
	  echo '{0, 0, 0}};'; } > $@
$(OUT)/queries.o: $(OUT)/queries.c
	$(Q)$(CC) $(BASE) $(WARN) -Wno-overlength-strings $(CFLAGS) -c -o $@ $<

$(OUT)/snap: $(OBJ) $(OUT)/list.o $(OUT)/queries.o
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(BASE) $(WARN) $(WERROR) $(CFLAGS) $(PKG_CFLAGS) -c -o $@ $<
# libcurl is loaded when a webhook is sent: its header is needed, and nothing is linked.
ifeq (,$(filter curl,$(WITHOUT)))
$(OUT)/cli/webhook.o: BASE += -DSNAP_WITH_CURL $(shell pkg-config --cflags libcurl)
endif
debug:
	$(Q)$(MAKE) --no-print-directory MODE=debug $(BUILD)/debug/snap
hooks:
	$(Q)$(MAKE) --no-print-directory MODE=hooks $(BUILD)/hooks/snap
cover-build:
	$(Q)$(MAKE) --no-print-directory MODE=cover $(BUILD)/cover/snap

# Engines and formats are registered by standing in their folder.
$(OUT)/list.c: Makefile $(wildcard drivers/*/driver.c emit/fmt_*.c)
	@mkdir -p $(@D)
	@{ echo '#include "core/emitter.h"'; echo '#include "core/engine.h"'; \
	  for e in $(ENGINES); do echo "extern const struct engine engine_$$e;"; done; \
	  for f in $(FORMATS); do echo "extern const struct emitter emitter_$$f;"; done; \
	  echo 'extern const struct engine *const all_engines[];'; \
	  echo 'const struct engine *const all_engines[] = {'; \
	  for e in $(ENGINES); do echo "    &engine_$$e,"; done; echo '    0};'; \
	  echo 'extern const struct emitter *const all_emitters[];'; \
	  echo 'const struct emitter *const all_emitters[] = {'; \
	  for f in $(FORMATS); do echo "    &emitter_$$f,"; done; echo '    0};'; } > $@
$(OUT)/list.o: $(OUT)/list.c
	$(Q)$(CC) $(BASE) $(WARN) $(CFLAGS) -c -o $@ $<

# Unit tests: one program per file, against everything but main and, where they ask for it, the toy
# engine. Built with sanitizers unless MODE says otherwise.
LIB_OBJ  := $(filter-out $(OUT)/cli/main.o,$(OBJ)) $(OUT)/list.o $(OUT)/queries.o
TOY_OBJ  := $(TOY:%.c=$(OUT)/%.o)
$(OUT)/tests/unit/%: $(OUT)/tests/unit/%.o $(TOY_OBJ) $(LIB_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) $(shell pkg-config --libs cmocka)
# Parts of snap from a command line, for tests.
$(OUT)/tests/tools/%: $(OUT)/tests/tools/%.o $(LIB_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
.SECONDARY:
# Fuzz targets, by clang in MODE=fuzz.
$(OUT)/tests/fuzz/%: $(OUT)/tests/fuzz/%.o $(LIB_OBJ)
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
fuzz-programs: $(patsubst tests/fuzz/%.c,$(OUT)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
# The process before FerretDB, for servers of the tests.
FRONT    := $(wildcard tests/mongodb/front*.c) tests/mongodb/wire.c
$(BUILD)/front: $(FRONT) $(wildcard tests/mongodb/*.h) Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -MMD -MP,$(BASE)) $(WARN) -g -O1 $(shell pkg-config --cflags libbson-1.0 libpq | sed 's/-I/-isystem /g') \
	  -o $@.$$$$ $(FRONT) $(shell pkg-config --libs libbson-1.0 libpq) && mv $@.$$$$ $@
unit-programs: $(UNIT:%=$(OUT)/tests/unit/%) $(OUT)/tests/tools/history
unit:
	$(Q)$(MAKE) --no-print-directory WERROR=$(WERROR) MODE=debug unit-programs
	$(Q)tests/run_unit.sh $(BUILD)/debug/tests/unit

demo:
	$(Q)tests/packages.sh build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)examples/demo.sh $(BUILD)/$(PROGRAM) $(BUILD)/demo
check:
	$(Q)tests/packages.sh test
	$(Q)$(MAKE) --no-print-directory -j$(shell nproc) WERROR=-Werror all debug hooks
	$(Q)$(MAKE) --no-print-directory -j$(shell nproc) WERROR=-Werror MODE=debug unit-programs
	$(Q)$(MAKE) --no-print-directory WERROR=-Werror lint
	$(Q)tests/check.sh $(BUILD)
# Every case of the steps of which make check takes a share.
full:
	$(Q)SNAP_CHECK_EVERY=1 $(MAKE) --no-print-directory check
test: debug hooks unit golden
golden: debug
	$(Q)tests/golden.py $(BUILD)/debug/snap golden
golden-accept: debug
	$(Q)tests/golden.py $(BUILD)/debug/snap golden --accept
random: all
	$(Q)python3 tests/random/run.py $(BUILD)/$(PROGRAM) $(or $(COUNT),200) $(SEED)
live: all hooks
	$(Q)for t in sqlite_files sources outputs wrong_input usage cli; do tests/live/$$t.py $(BUILD)/$(PROGRAM) || exit 1; done
	$(Q)tests/live/broken.py $(BUILD)/hooks/snap
	$(Q)tests/servers run tests/live/postgresql.py $(BUILD)/$(PROGRAM) golden/postgresql
	$(Q)tests/servers run tests/live/postgresql_locks.py $(BUILD)/$(PROGRAM)
	$(Q)tests/servers run tests/live/postgresql_trips.py $(BUILD)/$(PROGRAM)
	$(Q)tests/live/postgresql_proof.py $(BUILD)/$(PROGRAM)
	$(Q)tests/servers run tests/live/postgresql_usage.py $(BUILD)/$(PROGRAM)
	$(Q)tests/servers run tests/live/postgresql_verify.py $(BUILD)/$(PROGRAM) golden/postgresql
	$(Q)tests/servers run tests/live/postgresql_scripts.py $(BUILD)/$(PROGRAM)
	$(Q)tests/servers run tests/live/postgresql_hostile.py $(BUILD)/$(PROGRAM)
	$(Q)tests/servers run tests/random/postgresql.py $(BUILD)/$(PROGRAM) $(or $(COUNT),300) $(SEED) --prove 10
	$(Q)tests/servers run --mysql --mariadb tests/live/mysql.py $(BUILD)/$(PROGRAM) golden/mysql --prove
	$(Q)for t in usage same visible grants wrong locks trips settings torn; do \
	  tests/servers run --mysql --mariadb tests/live/mysql_$$t.py $(BUILD)/$(PROGRAM) || exit 1; done
	$(Q)tests/servers run --mysql --mariadb tests/random/mysql.py $(BUILD)/$(PROGRAM) $(or $(COUNT),150) $(SEED) --prove 10
	$(Q)tests/live/mongodb_secure.py $(BUILD)/$(PROGRAM)
	$(Q)tests/servers run --mongodb python3 -B tests/live/mongodb_infer.py $(BUILD)/$(PROGRAM)
	$(Q)for t in facets bounds same visible faults scale; do python3 -B tests/live/mongodb_$$t.py $(BUILD)/$(PROGRAM) || exit 1; done
	$(Q)tests/servers run --mongodb python3 -B tests/live/mongodb_usage.py $(BUILD)/$(PROGRAM)
	$(Q)tests/servers run --mongodb python3 -B tests/live/mongodb_meaning.py
	$(Q)tests/servers run --mongodb python3 -B tests/live/mongodb_scripts.py $(BUILD)/$(PROGRAM)
# PostgreSQL 12 to 18, MariaDB 11.8; the versions that are not installed are fetched once.
live-all: all
	$(Q)tests/live/mysql_versions.sh $(BUILD)/$(PROGRAM)
	$(Q)tests/live/postgresql_versions.sh $(BUILD)/$(PROGRAM)
liquibase: all
	$(Q)tests/liquibase/run.sh $(BUILD)
	$(Q)tests/liquibase/mysql.sh $(BUILD)
	$(Q)tests/liquibase/mongodb.sh $(BUILD) --every
flows: all
	$(Q)tests/servers run --postgresql --mysql --mariadb tests/flows/run.sh $(BUILD)
valgrind: hooks
	$(Q)tests/valgrind.sh $(BUILD)
corpus: all
	$(Q)python3 $(or $(JUDGE),tests/random/run.py) $(if $(JUDGE),sqlite $(CORPUS) --snap) $(BUILD)/$(PROGRAM)

lint:
	$(Q)tests/lint.sh $(BUILD)
format:
	clang-format -i $$(git ls-files '*.c' '*.h')
docs: all
	$(Q)tests/docs.sh $(BUILD)/$(PROGRAM) docs
tidy:
	$(Q)sh tests/tidy.sh $(BUILD) analyze
cover: cover-build
	$(Q)tests/servers run --postgresql --mysql --mariadb --mongodb tests/cover.sh $(BUILD)
fault:
	$(Q)tests/fault/run.sh $(BUILD)
fuzz:
	$(Q)tests/fuzz/run.sh $(BUILD) $(or $(SECONDS),60)
bench: all
	$(Q)tests/bench/run.sh $(BUILD)
fresh:
	$(Q)tests/fresh.sh $(BUILD) $(or $(RELEASES),bookworm)

install: all
	install -D -m 755 $(BUILD)/$(PROGRAM) $(DESTDIR)$(PREFIX)/bin/$(PROGRAM)
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BUILD)/$(PROGRAM) help man > $(DESTDIR)$(PREFIX)/share/man/man1/$(PROGRAM).1
	$(BUILD)/$(PROGRAM) completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$(PROGRAM)
	$(BUILD)/$(PROGRAM) completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_$(PROGRAM)
	$(BUILD)/$(PROGRAM) completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$(PROGRAM).fish
dist:
	@mkdir -p $(BUILD)
	git archive --prefix=snap-$(VERSION)/ HEAD | gzip -n9 > $(BUILD)/snap-$(VERSION).tar.gz
clean:
	rm -rf $(BUILD)

-include $(wildcard $(OUT)/*.d $(OUT)/*/*.d $(OUT)/*/*/*.d $(OUT)/*/*/*/*.d)
