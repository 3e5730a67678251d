package console_test

import (
	"context"
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/core"
	"willcall/ui/action"
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
	d.Want("Is it you?", "This needs your password.")
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

// TestAProofIsAskedForBeforeAForm takes no answer that would then be refused.
func TestAProofIsAskedForBeforeAForm(t *testing.T) {
	t.Parallel()
	st, d, tried := proving(t)
	page, opened := st.pages[session.PageContacts], 0
	page.more = []action.Action{{
		ID: core.ActMailServerSave, Keys: []string{"e"}, Run: func() tea.Cmd { opened++; return nil },
	}}
	if d.Press("e"); opened != 1 {
		t.Fatal("it was asked for a proof right after the sign-in")
	}
	st.s.Clock = clock(st.s.Clock.Effective().Add(core.ProofLasts))
	d.Press("e")
	d.Want("Is it you?")
	d.Press("esc")
	if d.Without("Is it you?"); opened != 1 {
		t.Error("it was opened without a proof")
	}
	d.Press("e")
	d.Type(right)
	d.Press("enter")
	if d.Without("Is it you?"); opened != 2 || len(*tried) != 1 {
		t.Errorf("opened %d times, after %d proofs", opened, len(*tried))
	}
	if d.Press("e"); opened != 3 {
		t.Error("a fresh proof was asked for again")
	}
	st.s.Clock = clock(st.s.Clock.Effective().Add(core.ProofLasts))
	d.Press("e")
	page.more = nil // another console took what it was about away
	d.Type(right)
	d.Press("enter")
	if d.Without("Is it you?"); opened != 3 {
		t.Error("what is gone was opened")
	}
}

// TestAFormThatAsksForThePasswordIsProofEnough asks for it once, not before the
// form as well.
func TestAFormThatAsksForThePasswordIsProofEnough(t *testing.T) {
	t.Parallel()
	st, d, tried := proving(t)
	opened := 0
	st.pages[session.PageContacts].more = []action.Action{{
		ID: core.ActProfilePassword, Keys: []string{"e"}, Run: func() tea.Cmd { opened++; return nil },
	}}
	st.s.Clock = clock(st.s.Clock.Effective().Add(core.ProofLasts))
	d.Press("e")
	if d.Without("Is it you?"); opened != 1 || len(*tried) != 0 {
		t.Errorf("opened %d times, after %d proofs", opened, len(*tried))
	}
}

// TestAProofIsAskedForInWhatTheOperatorHas names the app only to who has one.
func TestAProofIsAskedForInWhatTheOperatorHas(t *testing.T) {
	t.Parallel()
	for app, want := range map[bool]string{true: "or the 6 digits of your app", false: "This needs your password."} {
		st := build(t, func(c *console.Config) {
			c.StepUp = func(context.Context, core.Request, string) error { return nil }
			c.Enrolled = func(context.Context, core.Request) (bool, error) { return app, nil }
		})
		d := uitest.New(t, st.root, 80, 24)
		d.Send(entered(core.RoleAdmin))
		done := 0
		d.Run(st.s.Do(session.PageContacts, 1, st.act(&done)))
		d.Want("Is it you?", want)
		if !app {
			d.Without("6 digits", "code")
		}
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
