<?php

// config.inc.php - Roundcube shows the explanation among the headers of a bounce. Add these lines to Roundcube's own config.inc.php.
//
// The plugin show_additional_headers comes with Roundcube (Debian: roundcube-plugins). Users who have HTML switched off then see the summary too, above the text.
// Tested: PHP reads it, and the fields are those of an annotated message; Roundcube's own cleaner of HTML (1.6.5 of Debian 12) keeps all of the card but the attributes
// role and aria-*: tests/contrib_recipes.py. NOT tested: the plugin within a running Roundcube.

$config['plugins'][] = 'show_additional_headers';
$config['show_additional_headers'] = ['X-SMTP-Explain-Summary', 'X-SMTP-Explain-Advice'];
