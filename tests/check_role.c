/* check_role.c - machines' addresses by their names. Cases: rows of the table. */
#include "role.h"
#include "suite.h"

static const struct {
	const char *address;
	bool role;
} addresses[] = {
	{"root@example.com", true}, {"root", true}, {"noreply-mailer@example.com", true}, {"no-reply@example.com", true}, {"mailshield@example.com", true},
	{"groupshield@example.com", true}, {"smtp-gateway2@example.com", true}, {"mail.robot@example.com", true}, {"usenet@example.com", true}, {"webfilter+7@example.com", true},
	{"ann@example.com", false}, {"ann.mailer@example.com", false}, {"info@example.com", false}, {"admin@example.com", false}, {"webmaster@example.com", false}, {"support@example.com", false}, {"guardiola@example.com", false},
	{"gate@example.com", false}, {"fredgate@example.com", true}, {"4711@example.com", false}, {"@example.com", false}, {"", false}, {"m\xc3\xbcller@example.com", false},
};

START_TEST(a_machine_is_known_by_its_name)
{
	ck_assert_msg(role_of_machine(addresses[_i].address) == addresses[_i].role, "%s", addresses[_i].address);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("role");
	TCase *tests = tcase_create("role");

	tcase_add_loop_test(tests, a_machine_is_known_by_its_name, 0, (int)G_N_ELEMENTS(addresses));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
