package mail_test

import (
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

// TestR89_SettingsThatCantBeReadAreSetAnew: until somebody does, mail waits.
func TestR89_SettingsThatCantBeReadAreSetAnew(t *testing.T) {
	t.Parallel()
	for name, decide := range map[string]func(h *coretest.House, broken mail.ServerView) error{
		"saved": func(h *coretest.House, broken mail.ServerView) error {
			_, err := h.Servers.Save(h.Ctx, h.Owner, broken.Version, coretest.MailServer())
			return err
		},
		"removed": func(h *coretest.House, broken mail.ServerView) error {
			_, err := h.Servers.Remove(h.Ctx, h.Owner, broken.Version)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := coretest.New(t, storagetest.New(t))
			h.GoLive()
			h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
				return tx.Put("mail.relay", core.Key(core.Installation, 1), []byte("junk"))
			}))
			post(h, order())
			if w, ok, _, err := h.Queue.Lease(h.Ctx); err == nil || ok {
				t.Errorf("leased with %+v", w.Route)
			}
			broken := show(h)
			if want := (mail.ServerView{Set: true, Version: 1}); broken != want {
				t.Errorf("shown as %+v, want %+v", broken, want)
			}
			_, err := h.Servers.Save(h.Ctx, h.Owner, 0, coretest.MailServer())
			h.Refused(err, core.CodeConflict)
			h.Must(decide(h, broken))
			if set := show(h); set.Set != (name == "saved") || set.Set && set.Host != coretest.MailServer().Host {
				t.Errorf("%s, it is shown as %+v", name, set)
			}
			if kept := h.Dump()["quarantine/mail.relay\x00"+string(core.Key(core.Installation, 1))]; kept != "junk" {
				t.Errorf("in quarantine is %q", kept)
			}
		})
	}
}
