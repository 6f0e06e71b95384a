# snap: targets are listed in CONTRIBUTING.md.
# WITHOUT="sqlite" drops the live half of an engine; PROGRAM= renames the binary.

VERSION  := 0.1.0
PROGRAM  ?= snap
PREFIX   ?= /usr/local
BUILD    ?= build
CC       ?= cc
MODE     ?= release
WITHOUT  ?=

LIBS     := jansson yaml-0.1 libxxhash
ifeq (,$(filter sqlite,$(WITHOUT)))
LIBS     += sqlite3
DEFS     += -DSNAP_WITH_SQLITE
else
NO_LIVE  += $(addprefix drivers/sqlite/,live.c read.c deps.c scratch.c rows.c)
endif

WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wvla -Wformat=2 -Wwrite-strings -Wundef $(WERROR)
BASE     := -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -DSNAP_VERSION='"$(VERSION)"' \
            $(DEFS) $(HOOKS) -I. -include core/banned.h -MMD -MP
release_FLAGS := -O2 -DNDEBUG -g
debug_FLAGS   := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
hooks_FLAGS   := -O1 -g -DSNAP_TEST_HOOKS
cover_FLAGS   := -O0 -g --coverage -DSNAP_TEST_HOOKS
CFLAGS   ?= $($(MODE)_FLAGS)
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(LIBS) 2>/dev/null)

DIRS     := core diff snapshot emit verify cli drivers/sql $(filter-out drivers/sql,$(patsubst %/,%,$(wildcard drivers/*/)))
SRC      := $(filter-out $(NO_LIVE),$(wildcard $(addsuffix /*.c,$(DIRS))))
OUT      := $(BUILD)/$(MODE)
OBJ      := $(SRC:%.c=$(OUT)/%.o) $(OUT)/list.o
ENGINES  := $(patsubst drivers/%/driver.c,%,$(wildcard drivers/*/driver.c))
FORMATS  := $(patsubst emit/fmt_%.c,%,$(wildcard emit/fmt_*.c))

.PHONY: all debug hooks clean
all: $(BUILD)/$(PROGRAM)
$(BUILD)/$(PROGRAM): $(OUT)/snap
	cp $< $@
$(OUT)/snap: $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(BASE) $(WARN) $(CFLAGS) $(PKG_CFLAGS) -c -o $@ $<
debug:
	$(MAKE) MODE=debug build/debug/snap
hooks:
	$(MAKE) MODE=hooks build/hooks/snap

# Engines and formats register themselves by standing in their folder.
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
	$(CC) $(BASE) $(WARN) $(CFLAGS) -c -o $@ $<

clean:
	rm -rf $(BUILD)
-include $(OBJ:.o=.d)
