<?php

// config.inc.php - Roundcube shows the explanation among the headers of a bounce. Add these lines to Roundcube's own config.inc.php.
//
// The plugin show_additional_headers comes with Roundcube (Debian: roundcube-plugins). Users who have HTML switched off then see the summary too, above the text.
// (TESTED)

$config['plugins'][] = 'show_additional_headers';
$config['show_additional_headers'] = ['X-SMTP-Explain-Summary', 'X-SMTP-Explain-Advice'];
