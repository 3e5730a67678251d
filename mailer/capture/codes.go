package capture

import (
	"slices"
	"strings"
)

const (
	maxCodes   = 20
	wordsAhead = 80 // bytes before a code in which its word is looked for
	wordsAfter = 40 // bytes behind it

	lettersBytes = 4*4 + 3 // of a code of letters: four groups and the hyphens between
)

// codeWords are what a mail calls a one-time code, in lower case, in the
// languages that captured mail is likely to be in.
func codeWords() []string {
	return []string{"code", "codes", "pin", "otp", "password", "kennwort", "passwort", "código", "codice", "mot de passe"}
}

// findCodes lists the one-time codes in a text, in order, each once. Codes of
// digits come without the blank that groups them: 4 to 8 digits near a word such
// as "code", or alone on their line; also as two groups of the same length,
// "418 204". Codes of letters and digits come as they stand, see [lettersAt].
func findCodes(text string) []string {
	var codes []string
	lower := asciiLower(text)
	for pos := 0; pos < len(text) && len(codes) < maxCodes; {
		code, end := lettersAt(text, pos)
		if code == "" {
			code, end = digitsAt(text, lower, pos)
		}
		if code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
		pos = end
	}
	return codes
}

// lettersAt reads a code such as an invitation's at pos: four groups of four
// capital letters or digits with hyphens between them, "7K2M-0QRS-TVWX-9ABC",
// alone on their line. code is empty for anything else.
func lettersAt(text string, pos int) (code string, end int) {
	end = pos + lettersBytes
	if end > len(text) {
		return "", pos
	}
	for i := range lettersBytes {
		c, hyphen := text[pos+i], i%5 == 4
		if hyphen != (c == '-') || !hyphen && !isDigit(c) && (c < 'A' || c > 'Z') {
			return "", pos
		}
	}
	if !alone(text, pos, end) {
		return "", pos
	}
	return text[pos:end], end
}

// digitsAt reads a code of digits at pos. code is empty where none begins there;
// end is where to go on in any case.
func digitsAt(text, lower string, pos int) (code string, end int) {
	if !isDigit(text[pos]) {
		return "", pos + 1
	}
	code, end = codeAt(text, pos)
	if code == "" || !isolated(text, pos, end) || !meant(lower, pos, end) {
		return "", end
	}
	return code, end
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// codeAt reads the run of digits at pos, with a second group of the same length
// behind a blank or hyphen. digits is empty for what is no code.
func codeAt(text string, pos int) (digits string, end int) {
	end = digitsEnd(text, pos)
	first := text[pos:end]
	if (len(first) == 3 || len(first) == 4) && end < len(text) && (text[end] == ' ' || text[end] == '-') {
		second := digitsEnd(text, end+1)
		if second-end-1 == len(first) {
			return first + text[end+1:second], second
		}
	}
	if len(first) < 4 || len(first) > 8 {
		return "", end
	}
	return first, end
}

func digitsEnd(text string, pos int) int {
	for pos < len(text) && isDigit(text[pos]) {
		pos++
	}
	return pos
}

// isolated reports whether what is around the digits leaves them a number of
// their own: no letter, no part of a date, price, address or phone number.
func isolated(text string, start, end int) bool {
	if start > 0 && strings.IndexByte("+-./,_#=&%@?$", text[start-1]) >= 0 || letterBefore(text, start) {
		return false
	}
	if start > 1 && text[start-1] == ' ' && isDigit(text[start-2]) {
		return false
	}
	rest := text[end:]
	if rest == "" {
		return true
	}
	if letterByte(rest[0]) || strings.IndexByte("-/_=&%@", rest[0]) >= 0 {
		return false
	}
	// A full stop or comma ends a sentence, or goes on with the number.
	return len(rest) < 2 || !isDigit(rest[1]) || strings.IndexByte(".,: ", rest[0]) < 0
}

func letterBefore(text string, start int) bool { return start > 0 && letterByte(text[start-1]) }

// letterByte takes every byte of a code point over 127 for a letter.
func letterByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// meant reports whether a word near the digits says that they are a code, or
// they stand alone on their line.
func meant(lower string, start, end int) bool {
	near := lower[max(0, start-wordsAhead):start] + " " + lower[end:min(len(lower), end+wordsAfter)]
	for _, word := range codeWords() {
		if endsWith(near, word) {
			return true
		}
	}
	return alone(lower, start, end)
}

// alone reports whether only blanks share the line with what is between start
// and end.
func alone(text string, start, end int) bool {
	line := strings.LastIndexByte(text[:start], '\n') + 1
	after, _, _ := strings.Cut(text[end:], "\n")
	return strings.TrimSpace(text[line:start]) == "" && strings.TrimSpace(after) == ""
}

// endsWith reports whether a word, or a compound that ends with it, is in the
// text.
func endsWith(text, word string) bool {
	for {
		_, rest, ok := strings.Cut(text, word)
		if !ok {
			return false
		}
		if rest == "" || !letterByte(rest[0]) {
			return true
		}
		text = rest
	}
}
