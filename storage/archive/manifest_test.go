package archive

import (
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"willcall/storage"
)

// sound is a manifest that is accepted.
func sound() Manifest {
	sum := strings.Repeat("ab", 32)
	return Manifest{
		Format: format, Schema: 1, Made: at(), Key: "k",
		Files: []File{
			{Path: "captured/00000000000000000001.seg", Bytes: 12, SHA256: sum},
			{Path: storage.DatabaseName, Bytes: 4096, SHA256: sum},
		},
	}
}

func TestManifestsThatCantBe(t *testing.T) {
	t.Parallel()
	named := func(path string) func(*Manifest) { return func(m *Manifest) { m.Files[0].Path = path } }
	for name, spoil := range map[string]func(*Manifest){
		"above":         named("../x"),
		"far above":     named("captured/../../x.seg"),
		"above segment": named("captured/../x.seg"),
		"from the root": named("/etc/passwd"),
		"backslashes":   named(`captured/..\x.seg`),
		"a drive":       named("captured/c:x.seg"),
		"unknown":       named("captured/x.sh"),
		"left out": func(m *Manifest) {
			m.Files = append(m.Files, m.Files[1])
			m.Files[2].Path = "willcall.log"
		},
		"nothing":       named(""),
		"itself":        named(manifestName),
		"twice":         named(storage.DatabaseName),
		"out of order":  named("willcall.key"),
		"no database":   func(m *Manifest) { m.Files = m.Files[:1] },
		"no files":      func(m *Manifest) { m.Files = nil },
		"negative size": func(m *Manifest) { m.Files[0].Bytes = -1 },
		"more than can be": func(m *Manifest) {
			m.Files[0].Bytes, m.Files[1].Bytes = math.MaxInt64-4, math.MaxInt64-4
		},
		"too much together":      func(m *Manifest) { m.Files[0].Bytes, m.Files[1].Bytes = maxBytes/2+1, maxBytes/2 },
		"no checksum":            func(m *Manifest) { m.Files[0].SHA256 = "" },
		"odd checksum":           func(m *Manifest) { m.Files[0].SHA256 = "xy" },
		"old format":             func(m *Manifest) { m.Format = 0 },
		"fewer than no findings": func(m *Manifest) { m.Findings = -1 },
	} {
		m := sound()
		spoil(&m)
		raw, err := m.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseManifest(raw); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	raw, err := sound().encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseManifest(raw); err != nil {
		t.Errorf("the sound one: %v", err)
	}
}

func TestANewerFormatIsToldAsSuch(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{`{"format": 2}`, `{"format": 99, "files": "elsewhere"}`} {
		if _, err := ParseManifest([]byte(raw)); !errors.Is(err, ErrNewer) {
			t.Errorf("%s: %v", raw, err)
		}
	}
	m := sound()
	m.Schema = storage.SchemaVersion() + 1
	if err := (Backup{Path: t.TempDir(), Manifest: m}).Verify(t.Context(), silent); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer schema: %v", err)
	}
}

// TestAnOlderBackupNeedsRoomForItsMigration with the first start.
func TestAnOlderBackupNeedsRoomForItsMigration(t *testing.T) {
	t.Parallel()
	m := sound()
	m.Files[1].Bytes = 800
	m.Schema = 1
	old := m.RestoreBytes()
	m.Schema = storage.SchemaVersion()
	if now := m.RestoreBytes(); now != 12+800+openingBytes || old != now+900 {
		t.Errorf("%d bytes are needed, and %d with a migration", now, old)
	}
}

// FuzzParseManifest holds that no manifest leads out of its folder, and that
// what is accepted is what would be written.
func FuzzParseManifest(f *testing.F) {
	whole, err := sound().encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"format": 1, "files": [{"path": "../x"}]}`))
	f.Add([]byte(`{"format": 2}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ParseManifest(raw)
		if err != nil {
			if !errors.Is(err, ErrChanged) && !errors.Is(err, ErrNewer) {
				t.Errorf("refused with %v", err)
			}
			// The checksum keeps most from being looked at: look at it anyway.
			if json.Unmarshal(raw, &m) != nil || m.check() != nil {
				return
			}
		} else if again, err := m.encode(); err != nil || string(again) != string(raw) {
			t.Errorf("read %q, would write %q, %v", raw, again, err)
		}
		for _, file := range m.Files {
			if path := filepath.Join("backup", filepath.FromSlash(file.Path)); !below("backup", path) || path == "backup" {
				t.Errorf("%q leads to %s", file.Path, path)
			}
		}
	})
}
