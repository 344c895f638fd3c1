// user.js - Thunderbird shows the explanation among the headers of a bounce, and its filters know the fields.
//
// Into the profile folder (Help, Troubleshooting Information, Profile Folder), or the two lines into Settings, General, Config Editor; then start
// Thunderbird anew. For all users: autoconfig or policies with the same names. Show the headers with View, Headers, Normal or All.
// Tested: each line is a preference, and the fields are those of an annotated message: tests/contrib_recipes.py.
// Seen in Thunderbird 153 of Debian 12, light and dark: doc/thunderbird.png. Not tested: the rule editor, other versions.

// Shown in the header pane where a message has them, decoded.
user_pref("mailnews.headers.extraExpandedHeaders", "X-SMTP-Explain-Summary X-SMTP-Explain-Advice");

// Offered by Customize in the rule editor: for example X-SMTP-Explain, contains, "owner=sender-admin;".
user_pref("mailnews.customHeaders", "X-SMTP-Explain X-SMTP-Explain-Summary");
