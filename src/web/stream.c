/* Server-sent events (WHATWG HTML, section 9.2): many open streams, one thread.
 *
 * A stream that has nothing to tell is suspended in the HTTP library: it costs a connection and a
 * slot. The pulse thread asks each stream when it is due, puts the answer into the slot's buffer
 * and resumes the connection. A comment every WEB_HEARTBEAT_MS finds out clients that left.
 *
 * web->lock guards the slots; it is not held while a stream's fill runs, so that a slow one does
 * not stop the server's threads. A slot being filled is `busy` and is freed after that. */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PULSE_IDLE_MS = 1000, PULSE_MIN_MS = 10, STREAM_PERIOD_MIN_MS = 50, WAKES_MAX = 64 };

struct stream_slot {
    stream_slot_t *next;
    web_t *web;
    struct MHD_Connection *connection;
    stream_t stream;
    text_t pending;
    size_t sent; /* bytes of `pending` already given to the library */
    int64_t due_ms, told_ms;
    bool suspended, ended, gone, busy;
};

int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

stream_slot_t *stream_open(web_t *web, struct MHD_Connection *connection, const stream_t *stream)
{
    stream_slot_t *slot = calloc(1, sizeof *slot);
    pthread_mutex_lock(&web->lock);
    bool room = slot != NULL && web->stream_count < WEB_STREAMS_MAX && !web->pulse_ends;
    if (room) {
        slot->web = web;
        slot->connection = connection;
        slot->stream = *stream;
        if (slot->stream.period_ms < STREAM_PERIOD_MIN_MS) slot->stream.period_ms = STREAM_PERIOD_MIN_MS;
        text_init(&slot->pending, WEB_STREAM_BUFFER_MAX);
        slot->due_ms = slot->told_ms = clock_monotonic_ms();
        slot->next = web->streams;
        web->streams = slot;
        web->stream_count++;
        pthread_cond_signal(&web->pulse);
    }
    pthread_mutex_unlock(&web->lock);
    if (room) return slot;
    free(slot);
    if (stream->close != NULL) stream->close(stream->state);
    return NULL;
}

/* Out of the list and freed; web->lock is held. */
static void slot_free(stream_slot_t *slot)
{
    web_t *web = slot->web;
    stream_slot_t **link = &web->streams;
    while (*link != slot) link = &(*link)->next;
    *link = slot->next;
    web->stream_count--;
    if (slot->stream.close != NULL) slot->stream.close(slot->stream.state);
    text_free(&slot->pending);
    free(slot);
}

static void slot_resume(stream_slot_t *slot)
{
    if (!slot->suspended) return;
    slot->suspended = false;
    connection_resume(slot->connection);
}

long stream_read(void *closure, uint64_t position, char *to, size_t max)
{
    (void)position;
    stream_slot_t *slot = closure;
    pthread_mutex_lock(&slot->web->lock);
    long given = STREAM_WAIT;
    size_t left = slot->pending.length - slot->sent;
    if (left > 0) {
        size_t n = left < max ? left : max;
        memcpy(to, slot->pending.data + slot->sent, n);
        slot->sent += n;
        if (slot->sent == slot->pending.length) {
            text_clear(&slot->pending);
            slot->sent = 0;
        }
        given = (long)n;
    } else if (slot->ended) {
        given = STREAM_END;
    } else {
        slot->suspended = true;
        connection_suspend(slot->connection);
    }
    pthread_mutex_unlock(&slot->web->lock);
    return given;
}

void stream_gone(void *closure)
{
    stream_slot_t *slot = closure;
    web_t *web = slot->web;
    pthread_mutex_lock(&web->lock);
    slot->gone = true;
    slot->suspended = false;
    if (!slot->busy) slot_free(slot);
    pthread_mutex_unlock(&web->lock);
}

void web_wake(web_t *web, uint64_t topic)
{
    pthread_mutex_lock(&web->lock);
    bool any = false;
    for (stream_slot_t *s = web->streams; s != NULL; s = s->next)
        if (s->stream.topic == topic) {
            s->due_ms = 0;
            any = true;
        }
    if (any) pthread_cond_signal(&web->pulse);
    pthread_mutex_unlock(&web->lock);
}

/* Asks one stream; web->lock is held before and after, not during. The slot may be freed. */
static void slot_ask(web_t *web, stream_slot_t *slot, text_t *fresh, int64_t now)
{
    slot->busy = true;
    slot->due_ms = now + slot->stream.period_ms;
    pthread_mutex_unlock(&web->lock);
    text_clear(fresh);
    bool goes_on = slot->stream.fill(slot->stream.state, fresh);
    pthread_mutex_lock(&web->lock);
    slot->busy = false;
    if (slot->gone) {
        slot_free(slot);
        return;
    }
    if (fresh->length > 0) {
        text_add_n(&slot->pending, fresh->data, fresh->length);
        slot->told_ms = now;
    } else if (now - slot->told_ms >= WEB_HEARTBEAT_MS) {
        text_add(&slot->pending, ": \n\n");
        slot->told_ms = now;
    }
    /* A reader too slow for its buffer is let go; the browser connects again by itself. */
    if (!goes_on || fresh->failed || slot->pending.failed) slot->ended = true;
    if (slot->pending.length > slot->sent || slot->ended) slot_resume(slot);
}

static stream_slot_t *due_slot(web_t *web, int64_t now, int64_t *next)
{
    stream_slot_t *found = NULL;
    for (stream_slot_t *s = web->streams; s != NULL; s = s->next) {
        if (s->gone || s->ended || s->busy) continue;
        if (s->due_ms <= now && (found == NULL || s->due_ms < found->due_ms)) found = s;
        if (s->due_ms < *next) *next = s->due_ms;
    }
    return found;
}

static void *pulse_run(void *closure)
{
    web_t *web = closure;
    text_t fresh;
    text_init(&fresh, WEB_STREAM_BUFFER_MAX);
    int64_t reaped = clock_monotonic_ms();
    pthread_mutex_lock(&web->lock);
    while (!web->pulse_ends) {
        int64_t now = clock_monotonic_ms();
        if (now - reaped >= PULSE_IDLE_MS) {
            connections_reap(web, now);
            reaped = now;
        }
        bool idle = web->connections == NULL;
        int64_t next = now + PULSE_IDLE_MS;
        stream_slot_t *slot = due_slot(web, now, &next);
        if (slot != NULL) {
            slot_ask(web, slot, &fresh, now);
            continue;
        }
        if (next < now + PULSE_MIN_MS) next = now + PULSE_MIN_MS;
        struct timespec until = {.tv_sec = next / 1000, .tv_nsec = next % 1000 * 1000000};
        if (idle)
            pthread_cond_wait(&web->pulse, &web->lock); /* nobody connected: no wake-ups at all */
        else
            pthread_cond_timedwait(&web->pulse, &web->lock, &until);
    }
    for (stream_slot_t *s = web->streams; s != NULL; s = s->next) {
        s->ended = true;
        slot_resume(s);
    }
    pthread_mutex_unlock(&web->lock);
    text_free(&fresh);
    return NULL;
}

bool pulse_start(web_t *web, err_t *err)
{
    web->pulse_ends = false;
    int failed = pthread_create(&web->pulse_thread, NULL, pulse_run, web);
    if (failed != 0) return err_set(err, ERR_IO, "Cannot start a thread: %s.", strerror(failed));
    web->pulse_runs = true;
    return true;
}

void pulse_stop(web_t *web)
{
    if (!web->pulse_runs) return;
    pthread_mutex_lock(&web->lock);
    web->pulse_ends = true;
    pthread_cond_signal(&web->pulse);
    pthread_mutex_unlock(&web->lock);
    pthread_join(web->pulse_thread, NULL);
    web->pulse_runs = false;
}
