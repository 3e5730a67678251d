// Package testdata embeds the sample venue and the names that sample contacts
// are made of.
package testdata

import "embed"

// Sample holds "sample/people.txt": blocks of names by culture.
//
//go:embed sample
var Sample embed.FS
