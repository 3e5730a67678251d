package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestDamageIsNotedOnceInAWhile(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	var notes damageNotes
	met := notes.in(slog.New(slog.NewTextHandler(&out, nil)), func() time.Time { return now })
	for range 3 {
		met(errors.New("contact 7"))
	}
	met(errors.New("contact 8"))
	if n := strings.Count(out.String(), "\n"); n != 2 {
		t.Errorf("noted %d times: %s", n, out.String())
	}
	now = now.Add(sameDamage)
	met(errors.New("contact 7"))
	if n := strings.Count(out.String(), "contact 7"); n != 2 {
		t.Errorf("noted %d times: %s", n, out.String())
	}
}
