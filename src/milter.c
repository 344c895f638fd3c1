/* milter.c - the only file that knows libmilter. Callbacks translate, they do not think.
 *
 * The verdicts of this program are SMFIS_CONTINUE, SMFIS_ACCEPT and SMFIS_SKIP; no other may ever be returned here: any other would
 * delay or lose mail (a rejected bounce of Postfix's own is a bounce nobody gets). SMFIS_NOREPLY is no verdict but the absence of one.
 * Not here: what is kept of a message and what becomes of it (session.c), threads, signals and privileges (daemon.c, process.c).
 */
#include "milter.h"

#include "session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmilter/mfapi.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

G_DEFINE_QUARK(smtp-explain-milter-error-quark, milter_error)

/* libmilter hands its callbacks nothing of ours but the private pointer of a connection, which has to come from somewhere. */
static struct milter_options milter_options;

/* What one connection carries: its session, and what was agreed on. */
struct connection {
	struct session *session;
	bool skip;			/* the MTA understands SMFIS_SKIP */
	bool silent_client, silent_recipients, silent_fields;	/* the MTA waits for no reply to them */
	bool leading_space;		/* values come and go with the blank behind the colon */
};

static struct connection *connection_of(SMFICTX *context)
{
	struct connection *connection = smfi_getpriv(context);

	if (connection)
		return connection;
	connection = g_new0(struct connection, 1);
	connection->session = session_new(milter_options.snapshots, milter_options.recorder);
	smfi_setpriv(context, connection);
	return connection;
}

static sfsistat verdict(const struct connection *connection, enum session_next next)
{
	switch (next) {
	case SESSION_DONE:
		return SMFIS_ACCEPT;
	case SESSION_ENOUGH:
		return connection->skip ? SMFIS_SKIP : SMFIS_CONTINUE;
	case SESSION_CONTINUE:
		break;
	}
	return SMFIS_CONTINUE;
}

static sfsistat on_negotiate(SMFICTX *context, unsigned long actions, unsigned long steps, unsigned long unused2, unsigned long unused3,
			     unsigned long *our_actions, unsigned long *our_steps, unsigned long *our_unused2, unsigned long *our_unused3)
{
	struct connection *connection = connection_of(context);
	struct session_needs needs = session_needs(connection->session);
	unsigned long wanted = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_SETSYMLIST | (needs.body ? SMFIF_CHGBODY : 0);

	(void)unused2, (void)unused3;
	/* What is needed of client and recipients comes without a reply, so that it costs no round trip. DATA keeps its reply: without it TCP stalls on the delayed
	 * acknowledgement, measured at 88 ms. End of header and body keep theirs to say ACCEPT and SKIP. */
	*our_steps = steps & (SMFIP_NOHELO | SMFIP_NOUNKNOWN | SMFIP_NR_HDR | SMFIP_SKIP | SMFIP_HDR_LEADSPC | (needs.client ? SMFIP_NR_CONN : SMFIP_NOCONNECT) |
			      (needs.recipients ? SMFIP_NR_RCPT : SMFIP_NORCPT));
	*our_actions = actions & wanted;
	*our_unused2 = *our_unused3 = 0;
	/* without the fields an edited body could not be restored */
	session_allow_body(connection->session, (*our_actions & SMFIF_CHGBODY) && (*our_actions & SMFIF_ADDHDRS));
	connection->skip = *our_steps & SMFIP_SKIP;
	connection->silent_client = *our_steps & SMFIP_NR_CONN;
	connection->silent_recipients = *our_steps & SMFIP_NR_RCPT;
	connection->silent_fields = *our_steps & SMFIP_NR_HDR;
	connection->leading_space = *our_steps & SMFIP_HDR_LEADSPC;
	session_exact_fields(connection->session, connection->leading_space && (*our_actions & SMFIF_CHGHDRS) && (*our_actions & SMFIF_ADDHDRS));
	if ((actions & SMFIF_SETSYMLIST) && needs.client)
		smfi_setsymlist(context, SMFIM_CONNECT, (char *)(gpointer) "j v _ {client_resolve}");	/* Sendmail tells its name here only */
	if (actions & SMFIF_SETSYMLIST)
		smfi_setsymlist(context, SMFIM_EOM, (char *)(gpointer) "i j v");
	return SMFIS_CONTINUE;
}

/* A name that the address does not confirm is whatever its owner wants it to be. Postfix gives none then; Sendmail gives it and says so elsewhere. */
static bool is_confirmed(SMFICTX *context)
{
	const char *resolved = smfi_getsymval(context, (char *)(gpointer) "{client_resolve}"), *client = smfi_getsymval(context, (char *)(gpointer) "_");

	return (!resolved || strcmp(resolved, "OK") == 0) && (!client || !strstr(client, "(may be forged)"));
}

static sfsistat on_connect(SMFICTX *context, char *name, _SOCK_ADDR *address)
{
	struct connection *connection = connection_of(context);
	char buffer[INET6_ADDRSTRLEN], *number = NULL;

	if (address && address->sa_family == AF_INET)
		number = (char *)(gpointer)inet_ntop(AF_INET, &((struct sockaddr_in *)(gpointer)address)->sin_addr, buffer, sizeof buffer);
	if (address && address->sa_family == AF_INET6)
		number = (char *)(gpointer)inet_ntop(AF_INET6, &((struct sockaddr_in6 *)(gpointer)address)->sin6_addr, buffer, sizeof buffer);
	session_client(connection->session, is_confirmed(context) ? name : NULL, number);
	return connection->silent_client ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

static sfsistat on_mail_from(SMFICTX *context, char **arguments)
{
	struct connection *connection = connection_of(context);

	return verdict(connection, session_mail_from(connection->session, arguments[0] ? arguments[0] : ""));
}

static sfsistat on_recipient(SMFICTX *context, char **arguments)
{
	struct connection *connection = connection_of(context);

	session_recipient(connection->session, arguments[0] ? arguments[0] : "");
	return connection->silent_recipients ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

static sfsistat on_header(SMFICTX *context, char *name, char *value)
{
	struct connection *connection = connection_of(context);
	char *spaced = connection->leading_space ? NULL : g_strconcat(" ", value, NULL);

	session_field(connection->session, name, spaced ? spaced : value);
	g_free(spaced);
	return connection->silent_fields ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

static sfsistat on_end_of_header(SMFICTX *context)
{
	struct connection *connection = connection_of(context);
	enum session_next next = session_end_of_header(connection->session);

	/* SKIP is an answer to body chunks alone; the first of them will get it. */
	return next == SESSION_DONE ? SMFIS_ACCEPT : SMFIS_CONTINUE;
}

static sfsistat on_body(SMFICTX *context, unsigned char *bytes, size_t length)
{
	struct connection *connection = connection_of(context);

	return verdict(connection, session_body(connection->session, (const char *)bytes, length));
}

/* Values to insert, with the leading blank where it is ours to write. Made before the first edit: nothing may come between the edits. */
static GPtrArray *field_values(const struct connection *connection, const struct edits *edits)
{
	GPtrArray *values = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < edits->adds->len; i++) {
		const struct render_field *field = g_ptr_array_index(edits->adds, i);

		g_ptr_array_add(values, g_strconcat(connection->leading_space ? " " : "", field->value, NULL));
	}
	return values;
}

/* Drops first, from the last to the first: indexes count the fields as they came. Then the subject, the body, and at once the new fields: the next reply finishes
 * the edit of the body, so that a crash from there on delivers it whole. False when the MTA or libmilter refused one of them. */
static bool apply(SMFICTX *context, const struct edits *edits, const GString *body, const GPtrArray *values)
{
	bool good = true;

	for (guint i = edits->drops->len; i-- > 0;) {
		const struct edit_drop *drop = &g_array_index(edits->drops, struct edit_drop, i);

		good &= smfi_chgheader(context, drop->name, drop->index, NULL) == MI_SUCCESS;
	}
	if (edits->subject && smfi_chgheader(context, edits->subject->name, 1, edits->subject->value) != MI_SUCCESS)
		return false;
	if (body && smfi_replacebody(context, (unsigned char *)body->str, (int)body->len) != MI_SUCCESS)
		return false;	/* the fields would speak of a body that is not there */
	for (guint i = edits->adds->len; i-- > 0;) {
		const struct render_field *field = g_ptr_array_index(edits->adds, i);

		good &= smfi_insheader(context, 0, field->name, g_ptr_array_index(values, i)) == MI_SUCCESS;
	}
	return good;
}

static sfsistat on_end_of_message(SMFICTX *context)
{
	struct connection *connection = connection_of(context);
	struct session_outcome outcome;
	GPtrArray *values;
	bool applied;

	session_mta_version(connection->session, smfi_getsymval(context, (char *)(gpointer) "v"));
	outcome = session_end_of_message(connection->session, smfi_getsymval(context, (char *)(gpointer) "j"));
	if (!outcome.edits)
		return SMFIS_CONTINUE;
	values = field_values(connection, outcome.edits);
	applied = apply(context, outcome.edits, outcome.body, values);
	g_ptr_array_unref(values);
	session_finish(connection->session, applied, smfi_getsymval(context, (char *)(gpointer) "i"));
	return SMFIS_CONTINUE;
}

static sfsistat on_abort(SMFICTX *context)
{
	struct connection *connection = smfi_getpriv(context);

	if (connection)
		session_reset(connection->session);
	return SMFIS_CONTINUE;
}

static sfsistat on_close(SMFICTX *context)
{
	struct connection *connection = smfi_getpriv(context);

	if (!connection)
		return SMFIS_CONTINUE;
	session_free(connection->session);
	g_free(connection);
	smfi_setpriv(context, NULL);
	return SMFIS_CONTINUE;
}

static struct smfiDesc description(void)
{
	return (struct smfiDesc){.xxfi_name = (char *)(gpointer) "smtp-explain",
				 .xxfi_version = SMFI_VERSION,
				 .xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_SETSYMLIST | SMFIF_CHGBODY,
				 .xxfi_negotiate = on_negotiate,
				 .xxfi_connect = on_connect,
				 .xxfi_envfrom = on_mail_from,
				 .xxfi_envrcpt = on_recipient,
				 .xxfi_header = on_header,
				 .xxfi_eoh = on_end_of_header,
				 .xxfi_body = on_body,
				 .xxfi_eom = on_end_of_message,
				 .xxfi_abort = on_abort,
				 .xxfi_close = on_close};
}

/* libmilter keeps its listening socket to itself; accepted sockets inherit TCP_NODELAY from it, without which each changed message waits 44 ms. */
static void set_nodelay_on_listener(void)
{
	for (int fd = 3; fd < 256; fd++) {
		int value = 0, on = 1;
		socklen_t size = sizeof value;

		if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0 && value)
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);	/* fails on a unix socket, which needs none */
	}
}

static bool fail(GError **error, const char *socket, const char *what)
{
	g_set_error(error, MILTER_ERROR, 0, "%s: %s%s%s", socket, what, errno ? ": " : "", errno ? g_strerror(errno) : "");
	return false;
}

/* libmilter removes a unix socket that is in its way, also one on which somebody serves. */
static bool is_served(const char *socket_name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = strchr(socket_name, ':') + 1;
	int fd;
	bool served;

	if (g_str_has_prefix(socket_name, "inet") || g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	served = fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
	if (fd >= 0)
		close(fd);
	return served;
}

bool milter_open(const struct milter_options *options, const char *socket, GError **error)
{
	milter_options = *options;
	if (is_served(socket)) {
		errno = EADDRINUSE;
		return fail(error, socket, "another process serves on the socket");
	}
	errno = 0;
	if (smfi_setconn((char *)(gpointer)socket) != MI_SUCCESS)
		return fail(error, socket, "libmilter does not accept this socket");
	if (smfi_register(description()) != MI_SUCCESS)
		return fail(error, socket, "libmilter refused the registration");
	smfi_settimeout((int)options->timeout);
	if (smfi_opensocket(TRUE) != MI_SUCCESS)
		return fail(error, socket, "cannot open the socket");
	set_nodelay_on_listener();
	return true;
}

bool milter_run(void)
{
	return smfi_main() == MI_SUCCESS;
}

