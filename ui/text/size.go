package text

import "strconv"

// Bytes writes an amount of data in the largest unit of 1,024 that it reaches,
// rounded down, with one decimal below ten: "812 B", "1.4 GiB", "24 MiB".
func (p Printer) Bytes(n int64) string { return p.size(n, func(n, of int64) int64 { return n / of }) }

// BytesNeeded is [Printer.Bytes] rounded up: with so much there is enough.
func (p Printer) BytesNeeded(n int64) string {
	return p.size(n, func(n, of int64) int64 { return (n + of - 1) / of })
}

// size writes an amount of data, divided as told.
func (p Printer) size(n int64, divide func(n, of int64) int64) string {
	units := []string{"b", "kib", "mib", "gib", "tib"}
	one, unit := int64(1), 0
	n = max(0, n)
	for n/one >= 1024 && unit < len(units)-1 {
		one, unit = one*1024, unit+1
	}
	whole, tenth := divide(n, one), int64(0)
	if unit > 0 && n/one < 10 {
		tenths := divide(n*10, one)
		whole, tenth = tenths/10, tenths%10
	}
	if whole == 1024 && unit < len(units)-1 { // rounded up
		whole, unit = 1, unit+1
	}
	number := p.Number(int(whole))
	if tenth > 0 {
		point := "."
		if p.language == French {
			point = ","
		}
		number += point + strconv.Itoa(int(tenth))
	}
	return p.T("words.size."+units[unit], "n", number)
}
