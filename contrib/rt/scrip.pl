# scrip.pl - a scrip for Request Tracker: a ticket that begins with an explained bounce gets its reason, owner, id and original as custom fields.
#
# Admin, Scrips, Create: Condition "On Create", Action "User Defined", Template "Blank", Stage "Normal", "Custom action commit code": this file. Make the custom fields named
# below (Admin, Custom Fields: "Enter one value", applies to tickets) and apply them to the queue. Fields that the queue does not have are left out.
# Two tickets about one event have the same "Bounce id": a search for CF.{Bounce id} = '9f2c61d0a7b3' finds the other one.
# Tested: Request Tracker 5.0.3 of Debian 12 with SQLite, messages through its mail gateway, where it is installed (it wants a mail server of the machine's own, so
# contrib/install-packages leaves it out); else on stand-ins for its objects: tests/contrib_recipes.py. Not tested: its web pages, other databases.
#
# What is a stranger's: to, orig_to, remote, message-id, subject. RT escapes values of custom fields when it shows them.

my %wanted = (kind => 'Bounce kind', reason => 'Bounce reason', owner => 'Bounce owner', to => 'Bounced address', code => 'Bounce code', id => 'Bounce id');
my %original = ('message-id' => 'Bounced Message-ID', subject => 'Bounced subject');

# "; name=value" of a field of smtp-explain-milter(8): a token or a quoted-string.
my $pairs = sub {
    my ($field) = @_;
    my %found;
    while (defined $field && $field =~ /\G[^;"]*?(?:^|;)\s*([a-z_-]+)=("(?:[^"\\]|\\.)*"|[^;\s"]*)(?:\s+\([^)]*\))?/gcs) {
        my ($name, $value) = ($1, $2);
        $value =~ s/^"(.*)"$/$1/s and $value =~ s/\\(.)/$1/gs;
        $value =~ s/\s+/ /g;
        $found{$name} = $value unless exists $found{$name};
    }
    return %found;
};

my $attachment = $self->TransactionObj->Attachments->First or return 1;
my $field = $attachment->GetHeader('X-SMTP-Explain') or return 1;
$field =~ s/^\s*[^;]*//;    # the host that added it
my %explained = $pairs->($field);
my %returned = $pairs->($attachment->GetHeader('X-SMTP-Explain-Original'));

for ([\%wanted, \%explained], [\%original, \%returned]) {
    my ($names, $values) = @$_;
    for my $name (sort keys %$names) {
        next unless defined $values->{$name} && length $values->{$name};
        my $custom = $self->TicketObj->LoadCustomFieldByIdentifier($names->{$name});
        next unless $custom && $custom->id;
        my ($ok, $why) = $self->TicketObj->AddCustomFieldValue(Field => $custom, Value => substr($values->{$name}, 0, 255), RecordTransaction => 0);
        RT->Logger->warning("smtp-explain: $names->{$name}: $why") unless $ok;
    }
}
return 1;
