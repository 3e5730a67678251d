package main

import (
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/ui/text"
)

// TestStorageShowSaysWhatTheScreenDoes, in the same units.
func TestStorageShowSaysWhatTheScreenDoes(t *testing.T) {
	t.Parallel()
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Date(2026, 11, 21, 19, 42, 0, 0, time.UTC)
	status := backup.Status{
		Room: core.Room{Size: 512 << 20, Limit: 8 << 30, Free: 120 << 30, Reusable: 12 << 20},
		Data: "/srv/willcall", Folder: "/srv/willcall-backups", Captured: backup.Captured{Mails: 1204, Bytes: 12 << 20},
	}
	said := func() string {
		return columns(storageOf(status, keptAnswer{bytes: words.In(text.English).Bytes}).rows())
	}
	wants := func(rows ...string) {
		t.Helper()
		shown := said()
		for _, row := range rows {
			name, value, _ := strings.Cut(row, ": ")
			if !strings.Contains("\n"+shown, "\n"+name+strings.Repeat(" ", len("captured mail")-len(name)+2)+value+"\n") {
				t.Errorf("no row %q in\n%s", row, shown)
			}
		}
	}
	wants("data: /srv/willcall", "database: 512 MiB", "limit: 8 GiB", "free on disk: 120 GiB", "left: 7.5 GiB",
		"low: no (below 500 MiB left)", "reserve: kept", "captured mail: 1204, 12 MiB", "backups: /srv/willcall-backups",
		"last backup: none")
	status.Room.NoReserve = true
	wants("reserve: none kept for a full disk")
	status.Room.Spent = true
	status.Last = &backup.Made{Path: "/mnt/safe/one", At: begun, Bytes: 500 << 20, Files: 4, By: "Olga", WithKey: true, Findings: 2}
	status.CutOff = &backup.Try{At: begun, By: "Mia", Folder: "/mnt/other"}
	wants("low: yes (below 500 MiB left)", "reserve: given up: the disk or the limit was full", "last folder: /mnt/safe/one")
	for _, want := range []string{
		"2026-11-21T19:42:00Z by Olga\n", "500 MiB in 4 files\n", "last key file  yes\n", "last findings  2\n",
		"cut off        the backup of 2026-11-21T19:42:00Z by Mia in /mnt/other\n",
	} {
		if shown := said(); !strings.Contains(shown, want) {
			t.Errorf("no %q in\n%s", want, shown)
		}
	}
}
