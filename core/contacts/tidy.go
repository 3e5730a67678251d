package contacts

import (
	"strings"

	"willcall/core"
)

// italy keeps the zero that others leave out behind the country code.
const italy = "39"

// groups is how national numbers are parted where they are written without a
// blank: those of countries whose numbers are all of one length. The trunk zero
// is not counted.
func groups(code string) []int {
	switch code {
	case "1":
		return []int{3, 3, 4}
	case "33":
		return []int{1, 2, 2, 2, 2}
	case "41":
		return []int{2, 3, 2, 2}
	}
	return nil
}

// TidyPhone is a phone number as ITU-T E.123 writes it: a plus for 00 before the
// country code, blanks for every other sign, and no trunk zero in brackets. A
// number without a country code keeps its zero: nobody says whose it is. What
// is not a phone number stays as it was typed. It dials the same, and is found
// by the same (see [core.CheckPhone]); tidying it again changes nothing.
func TidyPhone(typed string) string {
	number := core.CleanLine(typed)
	if number == "" || core.CheckPhone(number) != nil {
		return typed
	}
	d, foreign := parseDialled(number)
	parts := strings.FieldsFunc(number, func(r rune) bool { return strings.ContainsRune("+ ./-()", r) })
	if !foreign {
		return strings.Join(parts, " ")
	}
	if strings.Contains(number, "(0)") && d.code != italy {
		number = strings.Replace(number, "(0)", " ", 1)
		parts = strings.FieldsFunc(number, func(r rune) bool { return strings.ContainsRune("+ ./-()", r) })
	}
	if !strings.HasPrefix(number, plus) {
		parts = withoutPrefix(parts, "00")
	}
	parts = withoutPrefix(parts, d.code)
	if sizes := groups(d.code); len(parts) == 1 && len(parts[0]) == total(sizes) {
		parts = parted(parts[0], sizes)
	}
	tidy := strings.Join(append([]string{plus + d.code}, parts...), " ")
	if core.CheckPhone(tidy) != nil { // too little of it was more than zeros
		return typed
	}
	return tidy
}

// withoutPrefix takes digits away from the front of a number in parts.
func withoutPrefix(parts []string, digits string) []string {
	for len(digits) > 0 && len(parts) > 0 {
		n := min(len(digits), len(parts[0]))
		digits, parts[0] = digits[n:], parts[0][n:]
		if parts[0] == "" {
			parts = parts[1:]
		}
	}
	return parts
}

func total(sizes []int) (sum int) {
	for _, n := range sizes {
		sum += n
	}
	return sum
}

func parted(digits string, sizes []int) (parts []string) {
	for _, n := range sizes {
		parts = append(parts, digits[:n])
		digits = digits[n:]
	}
	return parts
}
