/* Who may ask: addresses, hosts and origins against guard.cases; keys, signatures and tokens. */
#include "guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { LINE_MAX_BYTES = 400 };

static const char *cases_path;
static char folder[] = "/tmp/titer-guard-XXXXXX";

static const char *judge_origin(char *text)
{
    char *field[6], *rest = text;
    for (int i = 0; i < 6; i++) {
        field[i] = strsep(&rest, " ");
        assert_non_null(field[i]);
        if (strcmp(field[i], "-") == 0) field[i] = NULL;
    }
    guard_origin_t origin = {strcmp(field[0], "POST") == 0, field[1], field[2], field[3], field[4], field[5]};
    static const char *const names[] = {[GUARD_SAME] = "same", [GUARD_LINK] = "link", [GUARD_FOREIGN] = "foreign"};
    return names[guard_origin(&origin)];
}

static const char *judge(const char *kind, char *input)
{
    guard_address_t address;
    err_t err = {0};
    if (strcmp(kind, "listen") == 0) return guard_address(&address, input, &err) ? "ok" : err_name(err.code);
    if (strcmp(kind, "host") == 0) {
        assert_true(guard_address(&address, "127.0.0.5:8080", NULL));
        return guard_host_allowed(&address, 8080, input) ? "yes" : "no";
    }
    assert_string_equal(kind, "origin");
    return judge_origin(input);
}

static void test_cases(void **state)
{
    (void)state;
    FILE *file = fopen(cases_path, "r");
    assert_non_null(file);
    char line[LINE_MAX_BYTES];
    int number = 0, wrong = 0, run = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') continue;
        char *rest = line;
        const char *kind = strsep(&rest, "\t");
        char *input = strsep(&rest, "\t");
        assert_non_null(rest);
        const char *got = judge(kind, input);
        if (strcmp(got, rest) != 0) {
            print_error("%s:%d: expected %s, got %s\n", cases_path, number, rest, got);
            wrong++;
        }
        run++;
    }
    fclose(file);
    assert_true(run > 50);
    assert_int_equal(wrong, 0);
}

static void test_port_80(void **state)
{
    (void)state;
    guard_address_t address;
    assert_true(guard_address(&address, "127.0.0.1:80", NULL));
    assert_true(guard_host_allowed(&address, 80, "localhost"));
    assert_false(guard_host_allowed(&address, 80, "evil"));
    assert_false(guard_host_allowed(&address, 80, NULL));
}

static void test_signatures(void **state)
{
    (void)state;
    guard_key_t key, other;
    assert_true(guard_key_open(&key, NULL, NULL));
    assert_true(guard_key_open(&other, NULL, NULL));
    arena_t *arena = arena_new(100000);
    text_t text;
    text_init(&text, 10000);
    assert_true(guard_sign(&text, &key, "keys", "off; \"é"));
    assert_null(strpbrk(text.data, ";, \"\\"));
    assert_string_equal(guard_verify(arena, &key, "keys", text.data), "off; \"é");
    assert_null(guard_verify(arena, &other, "keys", text.data));
    assert_null(guard_verify(arena, &key, "other", text.data)); /* a cookie cannot take another's name */
    for (size_t i = 0; i < text.length; i++) {                  /* every changed character is noticed */
        char saved = text.data[i];
        text.data[i] = saved == 'A' ? 'B' : 'A';
        assert_null(guard_verify(arena, &key, "keys", text.data));
        text.data[i] = saved;
    }
    assert_null(guard_verify(arena, &key, "keys", ""));
    assert_null(guard_verify(arena, &key, "keys", "."));
    assert_null(guard_verify(arena, &key, "keys", "abc"));
    char large[GUARD_COOKIE_MAX + 2];
    memset(large, 'x', sizeof large);
    large[sizeof large - 1] = '\0';
    assert_false(guard_sign(&text, &key, "keys", large));
    text_free(&text);
    arena_free(arena);
}

static void test_csrf(void **state)
{
    (void)state;
    guard_key_t key, other;
    assert_true(guard_key_open(&key, NULL, NULL));
    assert_true(guard_key_open(&other, NULL, NULL));
    char one[GUARD_SESSION_TEXT], two[GUARD_SESSION_TEXT], a[GUARD_CSRF_TEXT], b[GUARD_CSRF_TEXT];
    guard_session_new(one);
    guard_session_new(two);
    assert_string_not_equal(one, two);
    guard_csrf(a, &key, one);
    guard_csrf(b, &key, one);
    assert_string_not_equal(a, b);
    assert_true(guard_csrf_check(&key, one, a));
    assert_true(guard_csrf_check(&key, one, b));
    assert_false(guard_csrf_check(&key, two, a));
    assert_false(guard_csrf_check(&other, one, a));
    assert_false(guard_csrf_check(&key, one, NULL));
    assert_false(guard_csrf_check(&key, one, ""));
    assert_false(guard_csrf_check(&key, "", a));
    for (size_t i = 0; i + 2 < GUARD_CSRF_TEXT; i++) {
        char saved = a[i];
        a[i] = saved == 'A' ? 'B' : 'A';
        assert_false(guard_csrf_check(&key, one, a));
        a[i] = saved;
    }
}

static void test_key_file(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    char path[100];
    snprintf(path, sizeof path, "%s/web.key", folder);
    guard_key_t first, second;
    err_t err = {0};
    assert_true(guard_key_open(&first, folder, &err));
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_size, GUARD_KEY_BYTES);
    assert_true(guard_key_open(&second, folder, &err));
    assert_memory_equal(&first, &second, sizeof first);
    assert_int_equal(chmod(path, 0644), 0);
    assert_false(guard_key_open(&second, folder, &err));
    assert_int_equal(err.code, ERR_DENIED);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(truncate(path, 31), 0); /* a damaged key is refused and left as it is */
    assert_false(guard_key_open(&second, folder, &err));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 31);
    unlink(path);
    assert_int_equal(symlink("/etc/hostname", path), 0);
    assert_false(guard_key_open(&second, folder, &err));
    unlink(path);
    rmdir(folder);
    assert_false(guard_key_open(&second, "/nonexistent/titer", &err));
    assert_int_equal(err.code, ERR_IO);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    cases_path = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_port_80),  cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_csrf),  cmocka_unit_test(test_key_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
