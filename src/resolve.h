/* resolve.h - the weighing of evidence: which catalogue entry explains a failure. Floor 3: understanding.
 *
 * Order: provider text, generic text, enhanced code, reply code, digits, class. Text beats number; see HACKING for the reasons.
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
	int confidence;			/* enum confidence of explain.h: 0 low, 1 medium, 2 high */
};

/* Never fails. work: see struct catalogue_query; when it is used up, numbers decide. trace (may be NULL) gets one line for each thing tried. */
struct verdict resolve(const struct catalogue *catalogue, const struct failure *failure, unsigned *work, GString *trace);

#endif
