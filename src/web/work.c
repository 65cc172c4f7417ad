/* The workers: threads that run handlers.
 *
 * The HTTP library ties a connection to one of its threads, and its connections are not spread
 * evenly; a handler that waits for the disk there would hold up its neighbors. So a request whose
 * last byte is read is suspended and queued here, any free worker takes it, and the connection is
 * resumed with the answer ready. It also lets as many writers wait for one flush as there are
 * workers (measured with 3 ms of waiting a request and 40 connections: see README.md). */
#include "server.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static void *work_run(void *closure)
{
    web_t *web = closure;
    work_t *w = &web->work;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->first == NULL && !w->ends) pthread_cond_wait(&w->ready, &w->lock);
        exchange_t *x = w->first;
        if (x == NULL) break; /* ends, and nothing is left */
        w->first = x->next;
        if (w->first == NULL) w->last = NULL;
        pthread_mutex_unlock(&w->lock);
        dispatch(x);
        response_finish(&x->response, x->head.accept_encoding);
        connection_resume(x->connection); /* x belongs to the library's thread again */
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

bool work_push(exchange_t *x)
{
    work_t *w = &x->web->work;
    pthread_mutex_lock(&w->lock);
    bool taken = !w->ends;
    if (taken) {
        connection_suspend(x->connection);
        x->next = NULL;
        if (w->last == NULL)
            w->first = x;
        else
            w->last->next = x;
        w->last = x;
        pthread_cond_signal(&w->ready);
    }
    pthread_mutex_unlock(&w->lock);
    return taken;
}

bool work_start(web_t *web, err_t *err)
{
    work_t *w = &web->work;
    int wanted = web->options.workers > 0 ? web->options.workers : WEB_WORKERS;
    if (wanted > WEB_WORKERS_MAX) wanted = WEB_WORKERS_MAX;
    w->ends = false;
    assert(w->count == 0 && w->first == NULL);
    for (int i = 0; i < wanted; i++) {
        int failed = pthread_create(&w->threads[i], NULL, work_run, web);
        if (failed != 0) {
            work_stop(web);
            return err_set(err, ERR_IO, "Cannot start a thread: %s.", strerror(failed));
        }
        w->count++;
    }
    return true;
}

void work_stop(web_t *web)
{
    work_t *w = &web->work;
    pthread_mutex_lock(&w->lock);
    w->ends = true;
    pthread_cond_broadcast(&w->ready);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->count; i++) pthread_join(w->threads[i], NULL);
    w->count = 0;
}
