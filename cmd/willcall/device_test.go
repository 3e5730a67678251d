package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"willcall/core/coretest"
)

func TestR54_ADeviceIsKnownByItsOwnPrivateFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state", "willcall")
	d := device{dir: dir, label: "olga @ office", random: coretest.Random(7)}
	if from := d.From(); from.Device.Token != "" || from.Device.Label != "olga @ office" || from.Source != "local" {
		t.Errorf("before it is remembered it is %+v", from)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("something is written before anybody asked")
	}
	from, err := d.Remember()
	if err != nil || len(from.Device.Token) < 43 {
		t.Fatalf("remembered as %+v, %v", from, err)
	}
	if again, err := d.Remember(); err != nil || again != from || d.From() != from {
		t.Errorf("then it is %+v, %v", again, err)
	}
	info, err := os.Stat(d.path())
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}

func TestAFileThatIsNoPrivateTokenCountsAsNone(t *testing.T) {
	t.Parallel()
	token := strings.Repeat("A", 43)
	for name, c := range map[string]struct {
		content string
		mode    os.FileMode
		kept    bool
	}{
		"as it was made":    {token + "\n", 0o600, true},
		"read by others":    {token + "\n", 0o644, runtime.GOOS == "windows"},
		"cut off":           {token[:20], 0o600, false},
		"empty":             {"", 0o600, false},
		"something else":    {"a shopping list, for once", 0o600, false},
		"longer than a key": {token + token, 0o600, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := device{dir: t.TempDir(), random: coretest.Random(7)}
			if err := os.WriteFile(d.path(), []byte(c.content), c.mode); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(d.path(), c.mode); err != nil { // whatever the umask
				t.Fatal(err)
			}
			if got := d.From().Device.Token == token; got != c.kept {
				t.Errorf("taken for a token: %v", got)
			}
			from, err := d.Remember()
			if err != nil || from.Device.Token == "" || (from.Device.Token == token) != c.kept {
				t.Errorf("remembered as %+v, %v", from, err)
			}
		})
	}
}

func TestADeviceThatCannotBeRememberedSaysSo(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]device{
		"no folder":     {random: coretest.Random(7)},
		"a file there":  {dir: filepath.Join(file, "state"), random: coretest.Random(7)},
		"no randomness": {dir: t.TempDir(), random: bytes.NewReader(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if from, err := d.Remember(); err == nil || from.Device.Token != "" {
				t.Errorf("remembered as %+v", from)
			}
			if d.From().Device.Token != "" {
				t.Error("it has a token")
			}
		})
	}
}

func TestADeviceIsNamedByUserAndComputer(t *testing.T) {
	t.Parallel()
	for want, parts := range map[string][]string{
		"olga @ office": {"olga", "office"}, "office": {"office"}, "": nil,
	} {
		if got := deviceLabel(parts...); got != want {
			t.Errorf("%v is %q", parts, got)
		}
	}
	hostile := deviceLabel("ol\x1b[31mga\u202e", strings.Repeat("x", 200))
	if strings.ContainsAny(hostile, "\x1b\u202e") || len([]rune(hostile)) > deviceMost {
		t.Errorf("named %q", hostile)
	}
}
