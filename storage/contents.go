package storage

import (
	"io/fs"
	"path"
	"strings"
)

// Share says whether a part of the data folder goes into a backup.
type Share uint8

// The shares.
const (
	ShareNever   Share = iota + 1 // left out on purpose
	ShareAlways                   // in every backup
	ShareWithKey                  // only where the key is asked for
)

// Content is a part of the data folder: the files whose path below it matches
// Pattern, as [path.Match] does.
type Content struct {
	Pattern string
	Share   Share
}

// Contents is everything that lies in a data folder. What isn't in it doesn't
// belong there.
func Contents() []Content {
	return []Content{
		{fileName, ShareAlways},
		{"captured/*.seg", ShareAlways},
		{keyFileName, ShareWithKey},
		{keyFileName + ".new-*", ShareNever},  // a key file being made
		{fileName + ".lock", ShareNever},      // who has the folder open
		{fileName + ".new-*", ShareNever},     // a database being made
		{fileName + ".schema-*", ShareNever},  // from before a migration
		{fileName + ".migrated*", ShareNever}, // a migration under way
		{fileName + ".salvaged*", ShareNever}, // what is saved of a damaged database, under way
		{fileName + ".before-repair-*", ShareNever},
		{ReserveName, ShareNever},    // holds nothing
		{RestoringName, ShareNever},  // of a restore that isn't over
		{"willcall.log", ShareNever}, // what the program did, not what it knows
	}
}

// ShareOf is the share of a file by its path below the data folder, with
// slashes; 0 where no such file belongs there.
func ShareOf(name string) Share {
	if !fs.ValidPath(name) {
		return 0
	}
	for _, c := range Contents() {
		if ok, err := path.Match(c.Pattern, name); ok && err == nil {
			return c.Share
		}
	}
	return 0
}

// IsKept reports whether a name in a data folder is that of a database as it was
// once: from before a migration, or before a repair.
func IsKept(name string) bool {
	return strings.HasPrefix(name, fileName+".schema-") || strings.HasPrefix(name, fileName+".before-repair-")
}

// Names within the data folder, for those who copy it as a whole.
const (
	DatabaseName = fileName
	CapturedName = "captured"
	KeyName      = keyFileName
	ReserveName  = "willcall.reserve"
	// RestoringName is in a folder that is on its way to a data folder's place.
	RestoringName = "willcall.restoring"
)
