# rt_gateway.pl - a real Request Tracker gets mail: makes the custom fields and the scrip of contrib/rt, feeds messages to RT's mail gateway, prints the custom fields of their tickets.
#
# usage: RT_SITE_CONFIG=... perl rt_gateway.pl SCRIP MESSAGE...
use strict;
use warnings;
use lib '/usr/share/request-tracker5/lib';
use RT -init;
use RT::Interface::Email;

my ($path, @messages) = @ARGV;

sub content { my ($name) = @_; local $/; open my $file, '<', $name or die "$name: $!"; return <$file> }

sub made { my ($ok, $why) = @_; die $why unless $ok }

my $queue = RT::Queue->new(RT->SystemUser);
$queue->Load('General');
for my $name ('Bounce kind', 'Bounce reason', 'Bounce owner', 'Bounced address', 'Bounce id', 'Bounced Message-ID', 'Bounced subject') {
    my $custom = RT::CustomField->new(RT->SystemUser);
    made($custom->Create(Name => $name, Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket'));
    made($custom->AddToObject($queue));
}
made(RT::Scrip->new(RT->SystemUser)->Create(Description => 'smtp-explain', Queue => $queue->id, ScripCondition => 'On Create', ScripAction => 'User Defined', Template => 'Blank',
    CustomPrepareCode => 'return 1;', CustomCommitCode => content($path)));
my $everyone = RT::Group->new(RT->SystemUser);
$everyone->LoadSystemInternalGroup('Everyone');
made($everyone->PrincipalObj->GrantRight(Right => 'CreateTicket', Object => $queue));

for my $message (@messages) {
    my ($ok, $why, $ticket) = RT::Interface::Email::Gateway({message => content($message), queue => 'General', action => 'correspond'});
    die "no ticket: " . ($why // '') unless $ticket && ref $ticket && $ticket->id;
    my $made = RT::Ticket->new(RT->SystemUser);
    $made->Load($ticket->id);
    my $fields = $queue->TicketCustomFields;
    while (my $custom = $fields->Next) {
        my $value = $made->FirstCustomFieldValue($custom->Name);
        print $custom->Name, ": $value\n" if defined $value && length $value;
    }
    print "--\n";
}
