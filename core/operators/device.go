package operators

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"time"

	"willcall/core"
	"willcall/core/record"
)

const (
	// trustFor is how long a device needs no mailed code (R54).
	trustFor = 30 * 24 * time.Hour
	// mostDevices is how many an operator has: of more, the one unused for longest
	// goes.
	mostDevices = 10
	// maxLabel is how much of a device's label is kept, in code points.
	maxLabel = 100
)

const (
	spaceDevices    core.Space = "operators.devices"
	spaceDeviceKeys core.Space = "operators.devices.keys"
)

// DeviceKind is what a device is known by.
type DeviceKind uint8

// The kinds. The zero kind is no device.
const (
	DeviceTerminal DeviceKind = iota + 1 // the token of a private file of this computer's user
	DeviceSSH                            // the fingerprint of a verified key
)

// DeviceKey is how a device shows that it is one that was seen before. Token is
// what [NewDeviceToken] gave to a [DeviceTerminal], or the fingerprint of a
// [DeviceSSH]. Label is a name for people, untrusted.
type DeviceKey struct {
	Kind  DeviceKind
	Token string
	Label string
}

// From is where a sign-in comes from: a device, and the source that failures are
// grouped by, "local" or a network (T43).
type From struct {
	Device DeviceKey
	Source string
}

// where names it for people.
func (f From) where() string {
	if f.Device.Label != "" {
		return cut(f.Device.Label)
	}
	return cut(f.Source)
}

func cut(label string) string {
	letters := []rune(strings.ToValidUTF8(label, "\uFFFD"))
	return string(letters[:min(len(letters), maxLabel)])
}

// Device is one that an operator signed in from.
type Device struct {
	ID       core.ID
	Kind     DeviceKind
	Label    string // untrusted
	Created  time.Time
	LastUsed time.Time
	// Until is when it needs a mailed code again; zero where it always does.
	Until time.Time
	Here  bool // the request's own
}

// device is what is stored of it. Digest is a SHA-256: the token itself is the
// device's alone.
type device struct {
	Operator core.ID
	Digest   []byte
	Device
	// Epoch is the operator's when the device was trusted: with every change of
	// password, factor, role or address that ends.
	Epoch uint64
}

func devices() record.Table[device] {
	return record.NewTable(spaceDevices, core.KindDevice, record.New(
		record.Uint(1, func(d *device) *core.ID { return &d.Operator }),
		record.Bytes(2, func(d *device) *[]byte { return &d.Digest }),
		record.Uint(3, func(d *device) *DeviceKind { return &d.Kind }),
		record.Text(4, func(d *device) *string { return &d.Label }),
		record.Time(5, func(d *device) *time.Time { return &d.Created }),
		record.Time(6, func(d *device) *time.Time { return &d.LastUsed }),
		record.Time(7, func(d *device) *time.Time { return &d.Until }),
		record.Uint(8, func(d *device) *uint64 { return &d.Epoch }),
	), record.NewIndex(spaceDeviceKeys, func(d *device) [][]byte {
		return [][]byte{append(core.Prefix(d.Operator), d.Digest...)}
	}))
}

// NewDeviceToken draws the token of a [DeviceTerminal]: 256 bits in base64url, 43
// letters, for a file that nobody else can read.
func NewDeviceToken(random io.Reader) (string, error) {
	token, _, err := newToken(random)
	return token, err
}

// digest is the SHA-256 of a device's key; nil where it is none.
func (k DeviceKey) digest() []byte {
	token := k.Token
	switch k.Kind {
	case DeviceTerminal:
	case DeviceSSH:
		found := false
		if token, found = strings.CutPrefix(token, "SHA256:"); !found {
			return nil
		}
	default:
		return nil
	}
	if raw, err := base64.RawURLEncoding.DecodeString(urlLetters(token)); err != nil || len(raw) != tokenBytes {
		return nil
	}
	sum := sha256.Sum256(append([]byte{byte(k.Kind)}, k.Token...))
	return sum[:]
}

// urlLetters writes a fingerprint's base64 with the letters of base64url.
func urlLetters(s string) string { return strings.NewReplacer("+", "-", "/", "_").Replace(s) }

// deviceOf finds an operator's device; the id is 0 where it is none of theirs.
func deviceOf(v core.View, operator core.ID, k DeviceKey) (id core.ID, version record.Version, d device, err error) {
	digest := k.digest()
	if digest == nil || operator == 0 {
		return 0, 0, d, nil
	}
	err = devices().Lookup(v, core.Installation, spaceDeviceKeys, append(core.Prefix(operator), digest...), func(found core.ID) error {
		id = found
		return core.Stop
	})
	if err == nil && id != 0 {
		d, version, err = devices().Get(v, core.Installation, id)
	}
	return id, version, d, err
}

// trusted reports whether the device needs no mailed code at a time (R54).
func (d device) trusted(o Operator, at time.Time) bool {
	return d.Epoch == o.Epoch && at.Before(d.Until)
}

// until is when trust ends; zero where it ended.
func (d device) until(o Operator, at time.Time) time.Time {
	if d.trusted(o, at) {
		return d.Until
	}
	return time.Time{}
}

// meet notes that an operator signed in from a device, and trusts it where they
// asked for that. It gives the device as it is now, without an id where there is
// none.
func meet(act *core.Act, from From, operator core.ID, o Operator, trust bool) (core.ID, device, error) {
	id, version, d, err := deviceOf(act, operator, from.Device)
	digest := from.Device.digest()
	if err != nil || digest == nil {
		return 0, d, err
	}
	if id == 0 {
		d = device{Operator: operator, Digest: digest, Device: Device{Kind: from.Device.Kind, Created: act.At}}
	}
	d.LastUsed, d.Label = act.At, cut(from.Device.Label)
	if trust {
		d.Until, d.Epoch = act.At.Add(trustFor), o.Epoch
	}
	if id != 0 {
		_, err = devices().Save(act, core.Installation, id, version, d)
		return id, d, err
	}
	if id, err = devices().Insert(act, core.Installation, d); err != nil {
		return 0, d, err
	}
	return id, d, forgetDevices(act, operator, mostDevices)
}

// forgetDevices leaves an operator no more than the devices used last.
func forgetDevices(act *core.Act, operator core.ID, most int) error {
	all, err := devicesOf(act, operator)
	if err != nil {
		return err
	}
	for _, d := range all[min(most, len(all)):] {
		if err := dropDevice(act, d.ID); err != nil {
			return err
		}
	}
	return nil
}

func dropDevice(act *core.Act, id core.ID) error {
	_, version, err := devices().Get(act, core.Installation, id)
	if err != nil {
		return err
	}
	return devices().Delete(act, core.Installation, id, version)
}

// devicesOf lists an operator's devices, the one used last first.
func devicesOf(v core.View, operator core.ID) (all []device, err error) {
	err = devices().Lookup(v, core.Installation, spaceDeviceKeys, core.Prefix(operator), func(id core.ID) error {
		d, _, err := devices().Get(v, core.Installation, id)
		d.ID = id
		all = append(all, d)
		return err
	})
	slices.SortFunc(all, func(a, b device) int { return b.LastUsed.Compare(a.LastUsed) })
	return all, err
}

// RevokeDevice forgets a device of the request's operator: it needs a mailed code
// again. Somebody else's is refused with [core.CodeNotFound].
func (s *Service) RevokeDevice(ctx context.Context, req core.Request, id core.ID) error {
	_, err := s.desk.Do(ctx, req, core.ActProfileDevice, func(act *core.Act) error {
		d, _, err := devices().Get(act, core.Installation, id)
		if err == nil && d.Operator != req.Actor.ID {
			err = core.Refuse(core.CodeNotFound)
		}
		if err != nil {
			return err
		}
		act.Log(core.Ref{Kind: core.KindDevice, ID: id})
		announce(act, req.Actor.ID)
		return dropDevice(act, id)
	})
	return err
}
