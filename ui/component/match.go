package component

import (
	"strings"
	"unicode"

	"willcall/core"
)

// How a word matches a label, best first. The way is worth more than any
// distance within it.
const (
	matchStart      = iota // it begins the label
	matchWord              // it begins a word
	matchBeginnings        // it is made of beginnings of words: "nc" in new contact
	matchInside            // it stands within a word
	matchLetters           // its letters follow each other, from a beginning on
	matchWays       = 1000 // what one way is worth
)

// Match tells how well what is typed means a label, the lower the better and 0
// the best; ok is false where it doesn't. Every word typed has to match, in any
// order, whatever the case and accents. Nothing typed matches everything.
func Match(typed, label string) (cost int, ok bool) {
	return matchWordsOf(strings.Fields(core.Fold(typed)), []rune(core.Fold(label)))
}

// MatchAny is [Match] for several labels: each word typed has to match one of
// them. by is the label that the first word means best.
func MatchAny(typed string, labels []string) (cost int, by string, ok bool) {
	for i, w := range strings.Fields(core.Fold(typed)) {
		best, found := 0, false
		for _, label := range labels {
			if one, matches := matchOne([]rune(w), []rune(core.Fold(label))); matches && (!found || one < best) {
				best, found = one, true
				if i == 0 {
					by = label
				}
			}
		}
		if !found {
			return 0, "", false
		}
		cost += best
	}
	return cost, by, true
}

func matchWordsOf(words []string, label []rune) (cost int, ok bool) {
	for _, w := range words {
		one, ok := matchOne([]rune(w), label)
		if !ok {
			return 0, false
		}
		cost += one
	}
	return cost, true
}

// matchOne tells how well one word means a label.
func matchOne(word, label []rune) (cost int, ok bool) {
	inside := -1
	for at := 0; at+len(word) <= len(label); at++ {
		switch {
		case !begins(label[at:], word):
		case at == 0:
			return matchStart * matchWays, true
		case starts(label, at):
			return matchWord * matchWays, true
		case inside < 0:
			inside = at
		}
	}
	if _, ok := spread(word, label, true); ok {
		return matchBeginnings * matchWays, true
	}
	if inside >= 0 {
		return matchInside * matchWays, true
	}
	gaps, ok := spread(word, label, false)
	return matchLetters*matchWays + min(gaps, matchWays-1), ok
}

func begins(s, prefix []rune) bool {
	for i, r := range prefix {
		if s[i] != r {
			return false
		}
	}
	return true
}

// starts reports whether a word of the label begins there.
func starts(label []rune, at int) bool { return wordy(label[at]) && (at == 0 || !wordy(label[at-1])) }

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// spread finds the word's letters in the label in their order, the first of
// them where a word begins, and gives the fewest letters that lie between them.
// With beginnings a letter that doesn't follow the one before it begins a word
// too.
func spread(word, label []rune, beginnings bool) (gaps int, ok bool) {
	const never = -1
	ends := make([]int, len(label)) // gaps up to the letter found last, by its place
	for at, r := range label {
		ends[at] = never
		if r == word[0] && starts(label, at) {
			ends[at] = 0
		}
	}
	for _, letter := range word[1:] {
		best, before := never, never // best gaps of a jump to here, and where the letter before stood last
		for at, r := range label {
			here := never
			if r == letter {
				if here = before; best != never && (here == never || best < here) && (!beginnings || starts(label, at)) {
					here = best
				}
			}
			if best != never {
				best++
			}
			if before != never && (best == never || before+1 < best) {
				best = before + 1
			}
			before, ends[at] = ends[at], here
		}
	}
	gaps = never
	for _, end := range ends {
		if end != never && (gaps == never || end < gaps) {
			gaps = end
		}
	}
	return gaps, gaps != never
}
