# usage: write.pl TABLE.json BOOK.xlsx
use strict; use warnings; use utf8;
use B; use Excel::Writer::XLSX; use JSON::PP;
local $/; open my $in, '<:raw', $ARGV[0] or die; my $rows = decode_json(<$in>);
my $book = Excel::Writer::XLSX->new($ARGV[1]); my $sheet = $book->add_worksheet('S');
my $day = $book->add_format(num_format => 'yyyy-mm-dd');
for my $r (0 .. $#$rows) { for my $c (0 .. $#{ $rows->[$r] }) {
    my $value = $rows->[$r][$c]; next unless defined $value;
    if (ref $value eq 'HASH') { $sheet->write_date_time($r, $c, $value->{day} . 'T', $day) }
    elsif (JSON::PP::is_bool($value)) { $sheet->write_boolean($r, $c, $value) }
    elsif (B::svref_2object(\$value)->FLAGS & B::SVf_POK) { $sheet->write_string($r, $c, $value) }
    else { $sheet->write_number($r, $c, $value) }
} }
$book->close;
