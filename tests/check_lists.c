/* check_lists.c - what stands in lists of clients and addresses, and what fits them. */
#include "lists.h"
#include "suite.h"

static const struct {
	const char *word, *name, *address;
	bool fits;
} clients[] = {
	{"192.0.2.1", NULL, "192.0.2.1", true},
	{"192.0.2.1", NULL, "192.0.2.10", false},
	{"192.0.2.0/24", NULL, "192.0.2.255", true},
	{"192.0.2.0/24", NULL, "192.0.3.1", false},
	{"192.0.2.0/24", "192.0.2.1", NULL, false},
	{"0.0.0.0/0", NULL, "198.51.100.1", true},
	{"0.0.0.0/0", NULL, "2001:db8::1", false},
	{"0.0.0.0/0", NULL, "no address", false},
	{"0.0.0.0/0", NULL, NULL, false},
	{"2001:db8::/32", NULL, "2001:db8:ffff::1", true},
	{"2001:DB8::1", NULL, "2001:db8:0:0:0:0:0:1", true},
	{"2001:db8::/32", NULL, "2001:db9::1", false},
	{"::/0", NULL, "192.0.2.1", false},
	{"mx.example.net", "MX.example.net", "192.0.2.1", true},
	{"mx.example.net", "a.mx.example.net", NULL, false},
	{"mx.example.net", NULL, "192.0.2.1", false},
	{".example.net", "mx.example.net", NULL, true},
	{".example.net", "example.net", NULL, true},
	{".example.net", "badexample.net", NULL, false},
	{".example.net", "net", NULL, false},
};

START_TEST(clients_fit)
{
	const char *const list[] = {"198.51.100.77", "other.example", clients[_i].word, NULL}, *const none[] = {NULL};

	ck_assert(lists_have_client(list, clients[_i].name, clients[_i].address) == clients[_i].fits);
	ck_assert(!lists_have_client(none, clients[_i].name, clients[_i].address));
	ck_assert_ptr_null(lists_client_wrong(clients[_i].word));
}
END_TEST

static const struct {
	const char *word, *address;
	bool fits;
} addresses[] = {
	{"ann@example.com", "ANN@Example.com", true},
	{"ann@example.com", "joann@example.com", false},
	{"ann@example.com", NULL, false},
	{"example.com", "ann@example.com", true},
	{"@example.com", "ann@example.com", true},
	{"example.com", "ann@sub.example.com", false},
	{".example.com", "ann@sub.example.com", true},
	{".example.com", "ann@example.com", true},
	{"@.example.com", "ann@sub.example.com", true},
	{"example.com", "postmaster", false},
	{"bounces-*@lists.example.com", "Bounces-42-ann=site.example@lists.example.com", true},
	{"bounces-*@lists.example.com", "bounces@lists.example.com", false},
	{"*@*.example.com", "ann@sub.example.com", true},
	{"ann@example.com", "ann@example.com\xff", false},
	{"*@example.com", "\xff\xfe@example.com", false},
};

START_TEST(addresses_fit)
{
	const char *const list[] = {"nobody@nowhere.example", addresses[_i].word, NULL};

	ck_assert(lists_have_address(list, addresses[_i].address) == addresses[_i].fits);
	ck_assert_ptr_null(lists_address_wrong(addresses[_i].word));
}
END_TEST

static const struct {
	char *(*check)(const char *word);
	const char *word;
} mistakes[] = {
	{lists_client_wrong, "192.0.2.1/24"},
	{lists_client_wrong, "192.0.2.0/33"},
	{lists_client_wrong, "192.0.2"},
	{lists_client_wrong, "192.0.2.0/mask"},
	{lists_client_wrong, "[192.0.2.1]"},
	{lists_client_wrong, "2001:db8::/129"},
	{lists_client_wrong, "2001:db8::x"},
	{lists_client_wrong, "mx..example.net"},
	{lists_client_wrong, "*.example.net"},
	{lists_client_wrong, "."},
	{lists_client_wrong, "ann@example.com"},
	{lists_address_wrong, "ann@"},
	{lists_address_wrong, "@"},
	{lists_address_wrong, "exam?ple.com"},
	{lists_address_wrong, "<ann>"},
};

START_TEST(mistakes_are_told)
{
	char *wrong = mistakes[_i].check(mistakes[_i].word);

	ck_assert_msg(wrong && g_str_has_prefix(wrong, mistakes[_i].word), "%s: %s", mistakes[_i].word, wrong ? wrong : "is accepted");
	g_free(wrong);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lists");
	TCase *tests = tcase_create("lists");

	tcase_add_loop_test(tests, clients_fit, 0, (int)G_N_ELEMENTS(clients));
	tcase_add_loop_test(tests, addresses_fit, 0, (int)G_N_ELEMENTS(addresses));
	tcase_add_loop_test(tests, mistakes_are_told, 0, (int)G_N_ELEMENTS(mistakes));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
