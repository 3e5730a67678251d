package console_test

import (
	"context"
	"errors"
	"testing"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/text"
	"willcall/ui/uitest"
)

func TestTheLanguageChangesAtOnceAndIsKept(t *testing.T) {
	t.Parallel()
	var kept []string
	var asker core.ID
	st := build(t, func(c *console.Config) {
		c.Language = func(_ context.Context, req core.Request, language string) error {
			kept, asker = append(kept, language), req.Session
			return nil
		}
	})
	d := uitest.New(t, st.root, 120, 24)
	d.Send(entered(core.RoleAdmin))
	p := st.pages[session.PageContacts]
	p.typed = "vidal"
	refreshed := p.refreshed
	d.Want("Outbox", "mail is captured, not delivered")
	d.Send(session.Speak{Language: text.French})
	d.Want("Boîte d’envoi", "courrier capturé, non remis", "vidal")
	d.Without("Outbox")
	if p.reworded != 1 || p.refreshed != refreshed+1 {
		t.Errorf("the page was reworded %d times and refreshed %d times", p.reworded, p.refreshed-refreshed)
	}
	if len(kept) != 1 || kept[0] != "fr" || asker != 7 {
		t.Errorf("kept %v for session %d", kept, asker)
	}
}

func TestTheSignInSpeaksAnotherLanguageByItsKey(t *testing.T) {
	t.Parallel()
	kept := 0
	st := build(t, func(c *console.Config) {
		c.Language = func(context.Context, core.Request, string) error { kept++; return nil }
	})
	d := uitest.New(t, st.root, 80, 24)
	st.pages[session.PageSignIn].typing = true
	d.Want("f2 language: français")
	d.Press("f2")
	d.Want("f2 langue : English", "quitter")
	d.Send(entered(core.RoleAdmin))
	d.Want("Outbox") // the operator's own
	d.Send(session.Left{})
	d.Want("f2 language: français") // still: who left reads the reason in it
	if kept != 0 {
		t.Error("nobody's choice was kept")
	}
}

func TestALanguageThatCannotBeKeptIsSpokenAllTheSame(t *testing.T) {
	t.Parallel()
	st := build(t, func(c *console.Config) {
		c.Language = func(context.Context, core.Request, string) error { return errors.New("disk full") }
	})
	d := uitest.New(t, st.root, 120, 24)
	d.Send(entered(core.RoleAdmin))
	d.Send(session.Speak{Language: text.French})
	d.Want("Boîte d’envoi", "Une erreur est survenue de notre côté")
}
