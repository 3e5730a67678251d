package text

import "strconv"

// Bytes writes an amount of data in the largest unit of 1,024 that it reaches,
// rounded down, with one decimal below ten: "812 B", "1.4 GiB", "24 MiB".
func (p Printer) Bytes(n int64) string {
	units := []string{"b", "kib", "mib", "gib", "tib"}
	whole, rest, unit := max(0, n), int64(0), 0 // rest in parts of 1,024
	for whole >= 1024 && unit < len(units)-1 {
		whole, rest, unit = whole/1024, whole%1024, unit+1
	}
	number := p.Number(int(whole))
	if tenth := rest * 10 / 1024; whole < 10 && tenth > 0 {
		point := "."
		if p.language == French {
			point = ","
		}
		number += point + strconv.Itoa(int(tenth))
	}
	return p.T("words.size."+units[unit], "n", number)
}
