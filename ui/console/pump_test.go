package console_test

import (
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"willcall/core"
	"willcall/core/bus"
	"willcall/ui/console"
	"willcall/ui/session"
)

func TestPumpSendsAtMostOncePerPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := bus.New()
		mailbox := b.Subscribe(1, 8)
		defer mailbox.Close()
		var got []console.Changed
		pauses := make(chan struct{})
		done := make(chan struct{})
		go func() {
			defer close(done)
			console.Pump(ctx, mailbox, func(msg tea.Msg) {
				if c, ok := msg.(console.Changed); ok {
					got = append(got, c)
				}
			}, func(ctx context.Context) {
				select {
				case <-pauses:
				case <-ctx.Done():
				}
			})
		}()
		publish := func(id core.ID) {
			b.Publish(core.Event{Institution: 1, Subject: core.Ref{Kind: core.KindContact, ID: id}})
			synctest.Wait()
		}
		publish(1)
		publish(2)
		publish(3)
		if len(got) != 1 {
			t.Errorf("%d batches before the pause", len(got))
		}
		pauses <- struct{}{}
		synctest.Wait()
		if len(got) != 2 || len(got[1].Events) != 2 {
			t.Errorf("after the pause: %+v", got)
		}
		cancel()
		<-done
	})
}

// A whole program: changes reach the page while somebody is signed in, and
// nothing is left running afterwards.
func TestProgramListensWhileSignedIn(t *testing.T) {
	t.Parallel()
	b := bus.New()
	refreshed := make(chan struct{}, 16)
	st := build(t, func(c *console.Config) {
		c.Bus, c.FPS = b, 120
		make := c.Pages[session.PageContacts]
		c.Pages[session.PageContacts] = func(s *session.Session) session.Page {
			p, _ := make(s).(*page)
			p.onRefresh = func() { refreshed <- struct{}{} }
			return p
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	program := console.Program(ctx, st.root, tea.WithInput(nil), tea.WithOutput(st.root.Output(io.Discard)), tea.WithWindowSize(80, 24),
		tea.WithEnvironment(nil), tea.WithColorProfile(colorprofile.TrueColor), tea.WithoutSignalHandler())
	ended := make(chan error, 1)
	go func() {
		_, err := program.Run()
		ended <- err
	}()
	program.Send(entered(core.RoleAdmin))
	program.Send(session.Toast{}) // the update before it is over
	b.Publish(core.Event{Institution: 1, Subject: core.Ref{Kind: core.KindContact, ID: 1}})
	select {
	case <-refreshed:
	case <-ctx.Done():
		t.Fatal("the change didn't reach the page")
	}
	if got := b.Stats().Mailboxes; got != 1 {
		t.Errorf("%d mailboxes are open", got)
	}
	program.Send(session.Left{})
	program.Quit()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := b.Stats().Mailboxes; got != 0 {
		t.Errorf("%d mailboxes are left open", got)
	}
}
