package console_test

import (
	"context"
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// proving is a console on which the password proves who sits there.
func proving(t *testing.T) (st *stage, d *uitest.Driver, tried *[]string) {
	t.Helper()
	tried = &[]string{}
	st = build(t, func(c *console.Config) {
		c.StepUp = func(_ context.Context, req core.Request, proof string) error {
			*tried = append(*tried, proof)
			if req.Session != 7 || proof != right {
				return core.Refuse(core.CodeSignIn)
			}
			st.fresh = true
			return nil
		}
	})
	d = uitest.New(t, st.root, 80, 24)
	d.Send(entered(core.RoleAdmin))
	return st, d, tried
}

// act does something that takes a fresh proof and counts in done.
func (st *stage) act(done *int) func(context.Context, core.Request) (any, error) {
	return func(context.Context, core.Request) (any, error) {
		if !st.fresh {
			return nil, core.Refuse(core.CodeStepUp)
		}
		*done++
		return "done", nil
	}
}

func TestWhatTakesAProofIsDoneOnceItIsGiven(t *testing.T) {
	t.Parallel()
	st, d, tried := proving(t)
	page, done := st.pages[session.PageContacts], 0
	d.Run(st.s.Do(session.PageContacts, 3, st.act(&done)))
	d.Want("Is it you?", "Password or code")
	if err := st.root.CheckKeys(); err != nil {
		t.Error(err)
	}
	if len(page.results) != 0 {
		t.Error("the page heard of the refusal")
	}
	d.Press("enter")
	d.Want("Type your password")
	d.Type("wrong")
	d.Press("enter")
	d.Want("This is wrong")
	d.Without("wrong password", "•")
	d.Type(right)
	d.Without(right)
	d.Press("enter")
	d.Without("Is it you?")
	if done != 1 || len(page.results) != 1 || page.last.Err != nil || page.last.Stamp != 3 || page.last.Value != "done" {
		t.Errorf("done %d times, the page heard %d answers, the last %+v", done, len(page.results), page.last)
	}
	if len(*tried) != 2 {
		t.Errorf("%d proofs were tried", len(*tried))
	}
	d.Run(st.s.Do(session.PageContacts, 4, st.act(&done)))
	if d.Without("Is it you?"); done != 2 {
		t.Error("a fresh proof was asked for again")
	}
}

func TestWithoutAProofNothingIsDoneAndThePageHearsIt(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*uitest.Driver){
		"esc":          func(d *uitest.Driver) { d.Press("esc") },
		"another page": func(d *uitest.Driver) { d.Send(session.Go{Page: session.PageOutbox}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st, d, tried := proving(t)
			page, done := st.pages[session.PageContacts], 0
			page.typed = "vidal"
			d.Run(st.s.Do(session.PageContacts, 0, st.act(&done)))
			d.Type(right)
			leave(d)
			d.Without("Is it you?")
			if done != 0 || len(page.results) != 1 || core.CodeOf(page.last.Err) != core.CodeStepUp || page.typed != "vidal" || len(*tried) != 0 {
				t.Errorf("done %d, heard %+v, typed %q, tried %d", done, page.last, page.typed, len(*tried))
			}
		})
	}
}

func TestAllThatWaitsForAProofIsDone(t *testing.T) {
	t.Parallel()
	st, d, tried := proving(t)
	page, done := st.pages[session.PageContacts], 0
	d.Run(st.s.Do(session.PageContacts, 1, st.act(&done)))
	d.Run(st.s.Do(session.PageContacts, 2, st.act(&done)))
	d.Type(right)
	d.Press("enter")
	if done != 2 || len(page.results) != 2 || len(*tried) != 1 {
		t.Errorf("done %d, heard %d, tried %d", done, len(page.results), len(*tried))
	}
}

func TestAProofOfAFormerSessionCountsForNothing(t *testing.T) {
	t.Parallel()
	st, d, _ := proving(t)
	done := 0
	d.Run(st.s.Do(session.PageContacts, 1, st.act(&done)))
	d.Type(right)
	answer := d.Step(tea.KeyPressMsg{Code: tea.KeyEnter})
	d.Send(session.Left{})
	d.Run(answer)
	if d.Want("signin"); done != 0 {
		t.Error("it was done after the session")
	}
}

func TestTheProofAsItLooks(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{40, 10}, {80, 24}} {
		st, d, _ := proving(t)
		done := 0
		d.Resize(size[0], size[1])
		d.Run(st.s.Do(session.PageContacts, 1, st.act(&done)))
		d.Type("abc")
		if _, _, shown := d.Frame().Cursor(); !shown {
			t.Error("no cursor in the field")
		}
		uitest.Golden(t, fmt.Sprintf("proof-%dx%d", size[0], size[1]), d.Frame())
		d.Press("enter")
		uitest.Golden(t, fmt.Sprintf("proof-wrong-%dx%d", size[0], size[1]), d.Frame())
	}
}
