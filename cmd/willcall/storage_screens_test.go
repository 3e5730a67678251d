package main

import (
	"context"
	"errors"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/core/backup"
)

// stillCopier stands for a data folder that is the same on every machine.
type stillCopier struct{}

// Place implements [backup.Copier].
func (stillCopier) Place() backup.Place {
	return backup.Place{
		Room: core.Room{Size: 512 << 20, Limit: 8 << 30, Free: 120 << 30},
		Data: "/srv/willcall", Folder: "/srv/willcall-backups",
		Captured: backup.Captured{Mails: 2, Bytes: 6000},
	}
}

// Copy implements [backup.Copier].
func (stillCopier) Copy(ctx context.Context, o backup.Order, progress func(step backup.Step, done, all int64)) (backup.Copied, error) {
	progress(backup.StepCopy, 210<<20, 500<<20)
	progress(backup.StepCopy, 500<<20, 500<<20)
	return backup.Copied{Path: o.Folder + "/willcall-2026-11-21-194200-UTC", Bytes: 500 << 20, Files: 3}, ctx.Err()
}

func storageScreens() []screen {
	at := func(keys ...string) func(*story) {
		return func(s *story) { s.Press("down"); s.section("Storage"); s.Press(keys...) }
	}
	return []screen{
		{name: "settings-storage", as: admin, play: at("enter")},
		{name: "settings-backup", as: demoOwner, play: at("b", "tab", "space")},
		{name: "settings-backup-made", as: demoOwner, play: at("b", "ctrl+s")},
		{name: "settings-backup-runs", as: demoOwner, play: func(s *story) { s.backup(); at("enter")(s) }},
		{name: "settings-backup-cancel", as: demoOwner, play: func(s *story) { s.backup(); at("enter", "X")(s) }},
	}
}

// backup begins one that goes on until the test ends.
func (s *story) backup() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	begun, ended := make(chan struct{}), make(chan struct{})
	var once sync.Once
	saves, owner := s.h.backup, s.owner()
	go func() {
		defer close(ended)
		_, err := saves.Make(ctx, owner, backup.Wish{}, func(backup.Progress) {
			once.Do(func() { close(begun) })
			<-ctx.Done()
		})
		if !errors.Is(err, context.Canceled) {
			s.t.Errorf("the backup that goes on ended with %v", err)
		}
	}()
	s.t.Cleanup(func() {
		cancel()
		<-ended
	})
	<-begun
	s.live()
}

func TestABackupIsToldOnOtherPages(t *testing.T) {
	t.Parallel()
	s := storageScreens()[1].at(t, 120, 40)
	under := s.Step(tea.KeyPressMsg{Code: 's', Mod: tea.ModCtrl})
	s.must(s.root.CheckKeys())
	s.Send(tea.WindowSizeMsg{Width: 120, Height: 40}) // drawn
	s.toMail()
	s.Run(under)
	s.Want("Backed up at", "500 MiB: /srv/willcall-backups/willcall-2026-11-21-194200-UTC")
	s.toSettings()
	s.Want("in it")
	s.Without("Backed up at")
}

// TestWhatWasDoneIsToldOnce comes back to a section that told of an act.
func TestWhatWasDoneIsToldOnce(t *testing.T) {
	t.Parallel()
	s := screenOf(t, "settings-backup-made").at(t, 120, 40)
	s.Want("Backed up at")
	s.toMail()
	s.toSettings()
	s.Want("just now")
	s.Without("Backed up at")
}

func TestTheHouseEndsAfterItsBackup(t *testing.T) {
	t.Parallel()
	s := filledStory(t)
	owner, wish := s.owner(), backup.Wish{Folder: t.TempDir()}
	ctx, cancel := context.WithCancel(t.Context())
	begun, done := make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		_, err := s.h.backup.Make(ctx, owner, wish, func(backup.Progress) {
			once.Do(func() { close(begun) })
			<-ctx.Done()
		})
		done <- err
	}()
	<-begun
	cancel()
	s.must(s.h.backup.Close())
	if err := <-done; err == nil {
		t.Error("a cancelled backup was made")
	}
	if _, err := s.h.backup.Make(t.Context(), owner, wish, nil); core.CodeOf(err) != core.CodeBusy {
		t.Errorf("a backup after the end: %v", err)
	}
}
