# scrip.pl - runs contrib/rt/scrip.pl as RT does, as the body of a subroutine, but on stand-ins for RT's objects. Prints the custom fields that it sets.
#
# usage: perl scrip.pl SCRIP <MESSAGE
use strict;
use warnings;

package Attachment;
sub GetHeader { my ($self, $name) = @_; return $self->{head} =~ /^\Q$name\E: (.*(?:\n[ \t].*)*)/mi ? $1 : undef }
package List;
sub First { return $_[0]->{first} }
package Transaction;
sub Attachments { return bless { first => bless { head => $_[0]->{head} }, 'Attachment' }, 'List' }
package Custom;
sub id { return 1 }
package Ticket;
sub LoadCustomFieldByIdentifier { return $_[1] eq 'Bounce code' ? undef : bless { name => $_[1] }, 'Custom' }
sub AddCustomFieldValue { my ($self, %field) = @_; print "$field{Field}{name}: $field{Value}\n"; return (1, '') }
package Scrip;
sub TransactionObj { return bless { head => $_[0]->{head} }, 'Transaction' }
sub TicketObj { return bless {}, 'Ticket' }

package main;
my ($path) = @ARGV;
my $message = do { local $/; <STDIN> };
my ($head) = split /\n\n/, $message, 2;
open my $file, '<', $path or die "$path: $!";
my $code = do { local $/; <$file> };
my $scrip = eval "use strict; use warnings FATAL => 'all'; sub { my \$self = shift; $code }" or die $@;
$scrip->(bless { head => $head }, 'Scrip') or die 'the scrip is to return 1';
