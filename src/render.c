/* render.c - the renderers by the name that --format knows them by.
 *
 * Not here: any of the forms (render-json.c, render-text.c, render-html.c, render-log.c, render-fields.c), what they tell (card.c).
 */
#include "render.h"

#include <string.h>

const struct renderer *renderer_find(const char *name)
{
	static const struct renderer *const renderers[] = {&render_text, &render_json, &render_html};

	for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++)
		if (strcmp(renderers[i]->name, name) == 0)
			return renderers[i];
	return NULL;
}
