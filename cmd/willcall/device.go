package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"

	"willcall/core"
	"willcall/core/operators"
	"willcall/core/safetext"
)

const (
	deviceName  = "device"
	deviceBytes = 32 // of a token
	deviceMost  = 64 // code points of a device's name
	deviceMode  = 0o600
)

// device is the terminal of this computer's user. It is known by a token in a
// private file, which is made when the device is remembered first (R54). It is
// safe for concurrent use.
type device struct {
	dir    string // the user's state folder, empty for a device that is never remembered
	label  string
	random io.Reader
}

// localDevice is the device of who runs the program. Without a name of the
// computer or of the user the label has less in it.
func localDevice(dir string, random io.Reader) device {
	var parts []string
	if who, err := user.Current(); err == nil {
		parts = append(parts, who.Username)
	}
	if host, err := os.Hostname(); err == nil {
		parts = append(parts, host)
	}
	return device{dir: dir, label: deviceLabel(parts...), random: random}
}

// deviceLabel makes a name for people of what the system says.
func deviceLabel(parts ...string) string {
	return safetext.Cut(safetext.Line(strings.Join(parts, " @ ")), deviceMost)
}

// From says where a sign-in at this device comes from: without a token where it
// was never remembered, or where its file is not private any more.
func (d device) From() operators.From {
	return d.from(d.token())
}

func (d device) from(token string) operators.From {
	return operators.From{
		Source: "local",
		Device: operators.DeviceKey{Kind: operators.DeviceTerminal, Token: token, Label: d.label},
	}
}

// Remember is From with a token, which is made where there is none yet.
func (d device) Remember() (operators.From, error) {
	if d.dir == "" {
		return operators.From{}, fmt.Errorf("remember this device: %w", core.Refuse(core.CodeNotFound))
	}
	if token := d.token(); token != "" {
		return d.from(token), nil
	}
	if err := d.make(); err != nil {
		return operators.From{}, fmt.Errorf("remember this device: %w", err)
	}
	token := d.token() // another program may have made its own meanwhile
	if token == "" {
		return operators.From{}, fmt.Errorf("remember this device: %w", fs.ErrInvalid)
	}
	return d.from(token), nil
}

func (d device) path() string { return filepath.Join(d.dir, deviceName) }

// token reads the file. One that others may read isn't this user's secret, and
// counts as none, as any other that isn't as it was made.
func (d device) token() string {
	if d.dir == "" {
		return ""
	}
	info, err := os.Lstat(d.path())
	if err != nil || !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm()&^deviceMode != 0 {
		return ""
	}
	raw, err := os.ReadFile(d.path())
	if err != nil {
		return ""
	}
	token := strings.TrimSuffix(string(raw), "\n")
	if decoded, err := base64.RawURLEncoding.DecodeString(token); err != nil || len(decoded) != deviceBytes {
		return ""
	}
	return token
}

// make writes a new token, whole or not at all, in the place of whatever is
// there.
func (d device) make() (err error) {
	var raw [deviceBytes]byte
	if _, err := io.ReadFull(d.random, raw[:]); err != nil {
		return fmt.Errorf("draw a token: %w", err)
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	file, err := os.CreateTemp(d.dir, deviceName+"-") // which makes it private
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	_, err = file.WriteString(base64.RawURLEncoding.EncodeToString(raw[:]) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), d.path())
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write the file: %w", err), os.Remove(file.Name()))
	}
	return nil
}
