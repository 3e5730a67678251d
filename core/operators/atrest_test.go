package operators_test

import (
	"bytes"
	"encoding/base32"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"willcall/core"
	"willcall/core/backup"
	"willcall/core/coretest"
	"willcall/core/operators"
	"willcall/storage/bolt"
	"willcall/storage/storagetest"
)

// TestT15_NothingSecretLiesInTheFile plants secrets of every kind and looks for
// them, and for what they are made of, in the raw database: journal and outbox are
// in it.
func TestT15_NothingSecretLiesInTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "willcall.db")
	store, err := bolt.Open(t.Context(), path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := coretest.New(t, store)
	req := h.HireAt(core.RoleOperator, lea)
	h.Validate(req)
	h.GoLive()
	h.Must(h.Operators.SwitchMailed(h.Ctx, req, true))
	device := h.Terminal(1)
	attempt := h.Begin(device, lea, coretest.Password)
	h.Must(store.Close()) // with the mail still waiting
	h.Damaged()           // what it left is examined with the house after it
	raw := file(t, path)
	planted := map[string][]string{"device": {device.Device.Token}, "attempt": {attempt}, "password": {coretest.Password}}
	store, err = bolt.Open(t.Context(), path, bolt.Options{})
	h.Must(err)
	t.Cleanup(func() { _ = store.Close() })
	again := h.Again(t, store)
	planted["mailed code"] = codesTo(again, lea)
	_, err = again.Operators.Answer(h.Ctx, device, attempt, operators.Answer{Code: planted["mailed code"][0], Remember: true})
	h.Must(err)
	e, err := again.Operators.BeginEnrolment(h.Ctx, req)
	h.Must(err)
	half := file(t, path)
	phone := coretest.App{Secret: e.Secret}
	planted["recovery code"], err = again.Operators.ConfirmEnrolment(h.Ctx, req, phone.Code(again.Clock.Effective()))
	h.Must(err)
	bytesOf, err := base32.StdEncoding.DecodeString(e.Secret)
	h.Must(err)
	planted["app's secret"] = []string{e.Secret, string(bytesOf)}
	planted["app's code"] = []string{phone.Code(again.Clock.Effective())}
	raw = append(append(raw, half...), file(t, path)...)
	for kind, values := range planted {
		for _, v := range values {
			for _, form := range []string{v, strings.ReplaceAll(v, "-", ""), strings.ToLower(v), fmt.Sprintf("%x", v)} {
				if len(form) > 6 && bytes.Contains(raw, []byte(form)) {
					t.Errorf("the %s %q lies in the file", kind, v)
				}
			}
		}
	}
	for kind, c := range map[string]string{"mailed": planted["mailed code"][0], "app's": planted["app's code"][0]} {
		for space, value := range again.Dump() {
			if strings.Contains(value, c) {
				t.Errorf("the %s code lies at %q", kind, space)
			}
		}
	}
}

// file is what a file holds now.
func file(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestNoStrangersAddressIsKept(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	miss(h, coretest.Local(), "stranger@opera.tests", 6)
	miss(h, coretest.Local(), coretest.Password, 1) // typed into the wrong field
	for space, value := range h.Dump() {
		if strings.Contains(value, "stranger") || strings.Contains(value, coretest.Password) || strings.Contains(space, "stranger") {
			t.Errorf("what was typed lies at %q", space)
		}
	}
}

// TestT36_ARestoreRevivesNoTrust: sessions, attempts, devices and enrolments are
// void, and no app's code that was shown until then is right.
func TestT36_ARestoreRevivesNoTrust(t *testing.T) {
	t.Parallel()
	h, here, _ := trusted(t)
	phone := h.Enrol(h.Owner)
	admin := h.Hire(core.RoleAdmin)
	pending, err := h.Operators.BeginEnrolment(h.Ctx, admin)
	h.Must(err)
	attempt := h.Begin(coretest.Local(), coretest.OwnerAddress, coretest.Password)

	local := core.Request{Actor: core.Actor{Kind: core.ActorLocal, Name: "local:tess"}, Institution: h.Made.Institution}
	_, err = backup.NewService(h.Desk, nil).Restored(h.Ctx, local, backup.Made{At: coretest.Start()}, nil)
	h.Must(err)

	now := phone.Code(h.Clock.Effective())
	_, err = h.Operators.Answer(h.Ctx, coretest.Local(), attempt, app(now))
	h.Refused(err, core.CodeAttemptOver)
	h.Refused(look(h, h.Owner), core.CodeSignedOut)
	h.Refused(code(h, app(now)), core.CodeSignIn)
	if lets(h, here, lea, coretest.Password) {
		t.Error("the device is still trusted")
	}
	admin = h.SignIn("admin@opera.example")
	_, err = h.Operators.ConfirmEnrolment(h.Ctx, admin, coretest.App{Secret: pending.Secret}.Code(h.Clock.Effective()))
	h.Refused(err, core.CodeEnrolmentOver)
	h.Clock.Advance(time.Minute)
	h.Must(code(h, app(phone.Code(h.Clock.Effective()))))
}
