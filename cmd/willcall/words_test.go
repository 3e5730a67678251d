package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestAFolderWithoutANameIsRefused by every command: it would be the folder
// that the program runs in.
func TestAFolderWithoutANameIsRefused(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"--data=", "contacts list --data=", "backup --data=", "backup --to=", "doctor --data=",
		"restore safe --data=", "restore safe --key=", "restore safe --data=here --data=",
	} {
		var out, said bytes.Buffer
		code := run(t.Context(), strings.Fields(line), streams{nil, &out, &said})
		if code != exitUsage || !strings.Contains(said.String(), "is empty") {
			t.Errorf("%s ends with %d and says %q", line, code, said.String())
		}
	}
}
