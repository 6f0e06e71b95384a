#ifndef SNAP_TESTS_MONGODB_WIRE_H
#define SNAP_TESTS_MONGODB_WIRE_H

/*
 * Frames of the MongoDB wire protocol, for servers of the tests: OP_MSG, and OP_QUERY of the first
 * hello of a driver, which is answered by OP_REPLY. Source: the specification of OP_MSG and
 * "MongoDB Wire Protocol" of the manual.
 */

#include <bson/bson.h>

enum { WIRE_REPLY = 1, WIRE_QUERY = 2004, WIRE_MSG = 2013 };
enum { WIRE_MORE_TO_COME = 2 }; /* OP_MSG: no reply is wanted */
enum { WIRE_MAX = 64 * 1024 * 1024 };

/* One frame as it came; it is read anew into the same memory. */
struct wire {
    uint8_t *bytes; /* the whole frame, its head too */
    size_t size, room;
    int32_t id, response_to, opcode;
    uint32_t flags;        /* OP_MSG */
    const uint8_t *body;   /* the document of the command or of the reply, within bytes */
    size_t body_size;      /* 0: there is none, or the frame is not one of these kinds */
    const uint8_t *more;   /* OP_MSG: the sections behind the body (document sequences) */
    size_t more_size;      /* without a checksum */
    const char *namespace; /* OP_QUERY: "admin.$cmd" */
};

/* Reads a frame. 1: it is there; 0: the peer has closed between two frames; -1: cut short, too
 * long, or lengths that do not fit. */
int wire_read(int fd, struct wire *w);
/* All the bytes, whatever it takes; false where the peer is gone. SIGPIPE is the caller's. */
bool wire_write(int fd, const void *bytes, size_t n);
/* The body as a document that lives as long as the frame; false where it is none. */
bool wire_document(const struct wire *w, bson_t *doc);
/* The frame that answers `request` with this document, in the kind that it wants: *n bytes, for
 * free(). The head is 16 bytes: length, own number, number of the request, kind, little endian. */
uint8_t *wire_answer(const struct wire *request, const bson_t *doc, size_t *n);
/* Answers; false where the peer is gone. */
bool wire_send(int fd, const struct wire *request, const bson_t *doc);
void wire_free(struct wire *w);

#endif
