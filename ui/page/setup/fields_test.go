package setup

import (
	"errors"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/storage/storagetest"
	"willcall/ui/session"
	"willcall/ui/text"
)

// The core refuses a form by the names of its fields.
func TestEveryRefusalLandsOnAField(t *testing.T) {
	t.Parallel()
	h := coretest.Empty(t, storagetest.New(t))
	words, err := text.Load()
	h.Must(err)
	s := &session.Session{Ctx: t.Context(), Text: words.In(text.English)}
	values := map[string]string{
		"name": "Opéra du Lac", "language": "fr", "time-zone": "Europe/Zurich", "portal-url": coretest.PortalURL,
		"sender-name": "Opéra", "sender": "tickets@opera.example", "sign-in-url": coretest.SignInURL,
		"owner-name": "Olga Brunner", "owner-address": coretest.OwnerAddress, "password": coretest.Password,
	}
	for name := range values {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := New(s, h.Setup, "")
			p.form.Fill(values)
			p.form.Set(name, "")
			d := p.draft()
			if name == "sender-name" { // may be empty, and the form takes nothing in that is refused
				d.SenderName = "\x00"
			}
			_, err := h.Setup.Do(h.Ctx, d)
			var refusal *core.Error
			if !errors.As(err, &refusal) || refusal.Field != name {
				t.Fatalf("want a refusal of %s, got %v", name, err)
			}
			p.form.Fail(err)
			if p.form.Focused() != name {
				t.Errorf("the refusal landed on %q", p.form.Focused())
			}
		})
	}
}
