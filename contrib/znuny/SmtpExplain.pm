# SmtpExplain.pm - Znuny and OTRS: tickets of explained bounces get a priority, a queue, and the reason and event id as dynamic fields.
#
# Paste the part between the lines into sub Load of Kernel/Config.pm, or enter the same under Admin, PostMaster Filters. Before that:
#  - System Configuration, PostmasterX-Header: add X-SMTP-Explain and X-SMTP-Explain-Original. Znuny looks at no field that is not in this list.
#  - Admin, Dynamic Fields: make the text fields BounceReason, BounceID and BouncedMessageID for tickets.
#  - Admin, Queues: make the queue "Mail administrators", or put the name of yours below.
#
# Tested: Perl reads it, and each Match matches the fields of the bounces it is for and of no others (tests/contrib_recipes.py).
# NOT tested in Znuny itself, which is not in Debian 12. "[***]" is what the last parentheses of Match held.
use strict;
use warnings;

my $Self = {};

# ---- from here
$Self->{'PostMaster::PreFilterModule'}->{'100-smtp-explain-reason'} = {
    Module => 'Kernel::System::PostMaster::Filter::Match',
    Match  => { 'X-SMTP-Explain' => ';\s+reason=([a-z0-9-]+);' },
    Set    => { 'X-OTRS-DynamicField-BounceReason' => '[***]' },
};
$Self->{'PostMaster::PreFilterModule'}->{'101-smtp-explain-id'} = {
    Module => 'Kernel::System::PostMaster::Filter::Match',
    Match  => { 'X-SMTP-Explain' => ';\s+id=([0-9a-f]{12});' },
    Set    => { 'X-OTRS-DynamicField-BounceID' => '[***]' },
};
$Self->{'PostMaster::PreFilterModule'}->{'102-smtp-explain-message-id'} = {
    Module => 'Kernel::System::PostMaster::Filter::Match',
    Match  => { 'X-SMTP-Explain-Original' => 'message-id="(<[^"<>\s]+>)"' },
    Set    => { 'X-OTRS-DynamicField-BouncedMessageID' => '[***]' },
};
$Self->{'PostMaster::PreFilterModule'}->{'110-smtp-explain-administrators'} = {
    Module => 'Kernel::System::PostMaster::Filter::Match',
    Match  => { 'X-SMTP-Explain' => ';\s+owner=sender-admin;' },
    Set    => { 'X-OTRS-Queue' => 'Mail administrators', 'X-OTRS-Priority' => '4 high' },
};
$Self->{'PostMaster::PreFilterModule'}->{'111-smtp-explain-delay'} = {
    Module => 'Kernel::System::PostMaster::Filter::Match',
    Match  => { 'X-SMTP-Explain' => ';\s+kind=delay;' },
    Set    => { 'X-OTRS-Priority' => '1 very low' },
};
$Self->{'PostMaster::PreFilterModule'}->{'112-smtp-explain-not-ours'} = {
    Module => 'Kernel::System::PostMaster::Filter::Match',
    Match  => { 'X-SMTP-Explain' => ';\s+origin=not-ours;' },
    Set    => { 'X-OTRS-Priority' => '1 very low' },
};
# ---- to here

$Self;
