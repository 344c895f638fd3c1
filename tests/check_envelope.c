/* check_envelope.c - one spelling for what different MTAs say. */
#include "envelope.h"
#include "suite.h"

static const struct {
	const char *name, *address, *wanted_name, *wanted_address;
} clients[] = {
	{"MX.Example.NET.", "192.0.2.1", "mx.example.net", "192.0.2.1"},
	{"unknown", "192.0.2.1", NULL, "192.0.2.1"},
	{"[192.0.2.1]", "192.0.2.1", NULL, "192.0.2.1"},
	{"localhost", "::ffff:127.0.0.1", "localhost", "127.0.0.1"},
	{"mx.example.net", "2001:db8::1", "mx.example.net", "2001:db8::1"},
	{"", NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL},
};

START_TEST(clients_are_told_alike)
{
	struct envelope envelope;

	envelope_init(&envelope);
	envelope_set_client(&envelope, "before", "192.0.2.9");
	envelope_set_client(&envelope, clients[_i].name, clients[_i].address);
	ck_assert_pstr_eq(envelope.client_name, clients[_i].wanted_name);
	ck_assert_pstr_eq(envelope.client_address, clients[_i].wanted_address);
	envelope_clear(&envelope);
}
END_TEST

static const struct {
	const char *argument, *wanted;
} recipients[] = {
	{"<ann@site.example>", "ann@site.example"},
	{"ann@site.example", "ann@site.example"},
	{"<@a.example,@b.example:ann@site.example>", "ann@site.example"},
	{"<\"a>b\"@site.example>", "\"a>b\"@site.example"},
	{"ann>@site.example", "ann>@site.example"},
	{"<postmaster>", "postmaster"},
	{"<>", ""},
	{"<", ""},
	{"", ""},
};

START_TEST(recipients_are_told_alike)
{
	struct envelope envelope;

	envelope_init(&envelope);
	envelope_add_recipient(&envelope, recipients[_i].argument);
	ck_assert_str_eq(g_ptr_array_index(envelope.recipients, 0), recipients[_i].wanted);
	envelope_forget_recipients(&envelope);
	ck_assert_uint_eq(envelope.recipients->len, 0);
	envelope_clear(&envelope);
}
END_TEST

START_TEST(recipients_are_bounded)
{
	struct envelope envelope;

	envelope_init(&envelope);
	for (guint i = 0; i <= ENVELOPE_RECIPIENTS_LIMIT; i++)
		envelope_add_recipient(&envelope, "<ann@site.example>");
	ck_assert_uint_eq(envelope.recipients->len, ENVELOPE_RECIPIENTS_LIMIT);
	ck_assert(envelope.cut);
	envelope_forget_recipients(&envelope);
	ck_assert(!envelope.cut);
	envelope_clear(&envelope);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("envelope");
	TCase *tests = tcase_create("envelope");

	tcase_add_loop_test(tests, clients_are_told_alike, 0, (int)G_N_ELEMENTS(clients));
	tcase_add_loop_test(tests, recipients_are_told_alike, 0, (int)G_N_ELEMENTS(recipients));
	tcase_add_test(tests, recipients_are_bounded);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
