package main_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// mapped is where the packages are described.
const mapped = "ARCHITECTURE.md"

func TestEveryPackageIsDescribed(t *testing.T) {
	t.Parallel()
	hold(t, described)
}

// described holds the table of packages, and of core/operators also its own of
// files, against what there is.
func described(h house) (findings []string) {
	packages, files := map[string]bool{}, map[string]bool{}
	var table, rooms string
	for _, file := range h.files {
		switch file.path {
		case mapped:
			table = file.text
		case crowded + "/doc.go":
			rooms = file.text
		}
		if !file.isGo() {
			continue
		}
		packages[file.dir()] = true
		if name, inside := strings.CutPrefix(file.path, crowded+"/"); inside && name != "doc.go" {
			files[strings.TrimSuffix(name, ".go")] = true
		}
	}
	_, table, _ = strings.Cut(table, "\n## The house\n")
	table, _, _ = strings.Cut(table, "\n## ")
	findings = append(findings, unmatched(mapped, packages, firstCells(table))...)
	return append(findings, unmatched(crowded+"/doc.go", files, listed(rooms))...)
}

// crowded is the package with so many files that its own documentation lists
// them by what they are about.
const crowded = "core/operators"

// firstCells are what a table's rows begin with, in backquotes.
func firstCells(table string) (names []string) {
	for line := range strings.Lines(table) {
		if cell, found := strings.CutPrefix(line, "| `"); found {
			name, _, _ := strings.Cut(cell, "`")
			names = append(names, name)
		}
	}
	return names
}

// listed are the names behind the dashes of a doc comment: "//   - meaning: a, b".
func listed(comment string) (names []string) {
	item := false
	for line := range strings.Lines(comment) {
		text, found := strings.CutPrefix(line, "//   ")
		if begin, dash := strings.CutPrefix(text, "- "); dash {
			_, text, item = strings.Cut(begin, ": ")
		}
		if !found || !item {
			continue
		}
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// unmatched are what is there and isn't named, and what is named and isn't there.
// A name that ends in "/…" stands for a folder.
func unmatched(where string, there map[string]bool, named []string) (findings []string) {
	names := func(name, dir string) bool {
		folder, many := strings.CutSuffix(name, "/…")
		return name == dir || many && strings.HasPrefix(dir, folder+"/")
	}
	for _, dir := range slices.Sorted(maps.Keys(there)) {
		if !slices.ContainsFunc(named, func(name string) bool { return names(name, dir) }) {
			findings = append(findings, fmt.Sprintf("%s says nothing of %s", where, dir))
		}
	}
	for _, name := range named {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(there)), func(dir string) bool { return names(name, dir) }) {
			findings = append(findings, fmt.Sprintf("%s names %s, which isn't there", where, name))
		}
	}
	return findings
}
