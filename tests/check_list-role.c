/* check_list-role.c - the addresses that list managers keep beside those of their lists. Cases: rows of the tables. */
#include "list-role.h"
#include "suite.h"

static const struct {
	const char *address;
	enum list_role role;
	const char *list;
} addresses[] = {
	{"garden-owner@lists.example.net", LIST_KEEPER, "garden@lists.example.net"}, {"garden+owner@lists.example.net", LIST_KEEPER, "garden@lists.example.net"},
	{"owner-garden@lists.example.net", LIST_SENDER, "garden@lists.example.net"}, {"Garden-Request@Lists.example.net", LIST_COMMANDS, "Garden@Lists.example.net"},
	{"garden-ctl@lists.example.net", LIST_COMMANDS, "garden@lists.example.net"}, {"garden-bounces@lists.example.net", LIST_BOUNCES, "garden@lists.example.net"},
	{"leave-garden@lists.example.net", LIST_SUBSCRIPTION, "garden@lists.example.net"}, {"garden-leave@lists.example.net", LIST_SUBSCRIPTION, "garden@lists.example.net"},
	{"rose-garden-admin@lists.example.net", LIST_DESK, "rose-garden@lists.example.net"}, {"garden-help@lists.example.net", LIST_DESK, "garden@lists.example.net"},
	{"garden-moderator@lists.example.net", LIST_EDITOR, NULL}, {"garden-editor@lists.example.net", LIST_EDITOR, NULL},
	{"garden@lists.example.net", LIST_ROLE_NONE, NULL}, {"ann.owner@example.com", LIST_ROLE_NONE, NULL}, {"landowner@example.com", LIST_ROLE_NONE, NULL},
	{"-owner@example.com", LIST_ROLE_NONE, NULL}, {"owner-@example.com", LIST_ROLE_NONE, NULL}, {"request@example.com", LIST_ROLE_NONE, NULL},
	{"garden-bounces+ann=example.com@lists.example.net", LIST_ROLE_NONE, NULL}, {"garden@web-owner.example", LIST_ROLE_NONE, NULL},
	{"garden-owner", LIST_ROLE_NONE, NULL}, {"@", LIST_ROLE_NONE, NULL}, {"", LIST_ROLE_NONE, NULL},
};

START_TEST(a_role_names_its_list)
{
	char *list = list_of_role(addresses[_i].address);

	ck_assert_msg(list_role(addresses[_i].address) == addresses[_i].role, "%s: %d", addresses[_i].address, (int)list_role(addresses[_i].address));
	ck_assert_pstr_eq(list, addresses[_i].list);
	g_free(list);
}
END_TEST

static const struct {
	const char *address;
	enum list_role role;
} managers[] = {
	{"listserv@lists.example.net", LIST_COMMANDS}, {"LISTSERV@LISTS.EXAMPLE.NET", LIST_COMMANDS}, {"sympa@example.net", LIST_COMMANDS}, {"lyris-noreply@example.net", LIST_COMMANDS},
	{"majordomo@example.net", LIST_COMMANDS}, {"majordomo-owner@example.net", LIST_KEEPER}, {"mailman@example.net", LIST_KEEPER}, {"listmaster@example.net", LIST_KEEPER},
	{"ezmlm-warn@example.net", LIST_KEEPER}, {"ann@listserv.example.net", LIST_ROLE_NONE}, {"sympathy@example.net", LIST_ROLE_NONE}, {"garden-owner@example.net", LIST_ROLE_NONE},
	{"", LIST_ROLE_NONE},
};

START_TEST(a_manager_is_known_by_its_own_address)
{
	ck_assert_msg(list_manager_role(managers[_i].address) == managers[_i].role, "%s: %d", managers[_i].address, (int)list_manager_role(managers[_i].address));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("list-role");
	TCase *tests = tcase_create("list-role");

	tcase_add_loop_test(tests, a_role_names_its_list, 0, (int)G_N_ELEMENTS(addresses));
	tcase_add_loop_test(tests, a_manager_is_known_by_its_own_address, 0, (int)G_N_ELEMENTS(managers));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
