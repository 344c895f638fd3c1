/* fuzz_replay.c - main for fuzz targets in an ordinary build: every seed of the target once, and damaged copies of it, as TAP.
 *
 * The name of the program tells which folder below tests/seeds is meant: fuzz_mail reads tests/seeds/mail. The messages of tests/messages serve every target too.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAMAGED_COPIES 40u

/* The seed cut short and with a byte changed, at places spread over it: cheap mutants that every build tries. */
static void try_damaged(const char *bytes, size_t length)
{
	for (unsigned i = 0; i < DAMAGED_COPIES && length > 0; i++) {
		size_t at = (size_t)i * 7919u % length;
		uint8_t *copy = g_memdup2(bytes, length);

		LLVMFuzzerTestOneInput(copy, at);
		copy[at] = (uint8_t)(copy[at] + 1u + i * 37u);
		LLVMFuzzerTestOneInput(copy, length);
		g_free(copy);
	}
}

static unsigned replay_folder(const char *folder, unsigned count)
{
	GDir *directory = g_dir_open(folder, 0, NULL);
	const char *name;

	while (directory && (name = g_dir_read_name(directory))) {
		char *path = g_build_filename(folder, name, NULL), *bytes;
		gsize length;

		if (!g_str_has_suffix(name, ".want") && g_file_get_contents(path, &bytes, &length, NULL)) {
			LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
			try_damaged(bytes, length);
			printf("ok %u - %s\n", ++count, name);
			g_free(bytes);
		}
		g_free(path);
	}
	if (directory)
		g_dir_close(directory);
	return count;
}

int main(int argc, char **argv)
{
	const char *top = g_getenv("top_srcdir"), *target = strstr(argv[0], "fuzz_");
	char *seeds = g_build_filename(top ? top : ".", "tests/seeds", target ? target + strlen("fuzz_") : "", NULL);
	char *messages = g_build_filename(top ? top : ".", "tests/messages", NULL);
	unsigned count = 0;

	(void)argc;
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("ok %u - nothing at all\n", ++count);
	count = replay_folder(seeds, count);
	count = replay_folder(messages, count);
	printf("1..%u\n", count);
	g_free(seeds);
	g_free(messages);
	return 0;
}
