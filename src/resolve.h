/* resolve.h - the weighing of evidence: which catalogue entry explains a failure. Floor 3: understanding.
 *
 * Order: provider text, generic text, enhanced code, reply code, digits, class; resolve.c tells the reasons. Where these say nothing of their own, the stage of the
 * dialogue, the list manager that refused and the action give the reason.
 */
#ifndef SMTP_EXPLAIN_RESOLVE_H
#define SMTP_EXPLAIN_RESOLVE_H

#include "bounce.h"
#include "catalogue.h"

struct verdict {
	/* Whose sentences explain it: what won, or [reason.delayed], [reason.success] where the action says so; NULL: nothing at all is known. */
	const struct catalogue_entry *entry;
	const struct catalogue_entry *reason;	/* the reason's entry, never NULL */
	const struct catalogue_entry *provider;	/* [provider.ID] of the winner; NULL for numbers and for generic and wrapper texts */
	char *rule;			/* word of what won; the caller frees it; NULL: nothing at all is known */
	enum confidence confidence;
};

/* Never fails. work: see struct catalogue_query; when it is used up, numbers decide. trace (may be NULL) gets one line for each thing tried. */
struct verdict resolve(const struct catalogue *catalogue, const struct failure *failure, unsigned *work, GString *trace);

#endif
