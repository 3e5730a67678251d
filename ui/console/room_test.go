package console_test

import (
	"fmt"
	"strings"
	"testing"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/session"
	"willcall/ui/uitest"
)

// little is a house in which 312 MiB are left, or nothing but the reserve.
func little(spent bool) core.Room {
	return core.Room{Size: 1 << 30, Limit: 8 << 30, Free: 312 << 20, Spent: spent}
}

// housed is a signed-in console that reads the space from room.
func housed(t *testing.T, room *core.Room, width int, captured bool) (*stage, *uitest.Driver, *int) {
	t.Helper()
	asked := 0
	st := build(t, func(cfg *console.Config) {
		cfg.Room = func() core.Room { asked++; return *room }
	})
	d := uitest.New(t, st.root, width, 10)
	msg := entered(core.RoleAdmin)
	msg.Captured = captured
	d.Send(msg)
	return st, d, &asked
}

func storageChanged() console.Changed {
	return console.Changed{Events: []core.Event{{Subject: core.Ref{Kind: core.KindStorage}}}}
}

func TestHeaderWarnsOfLittleSpace(t *testing.T) {
	t.Parallel()
	for name, spent := range map[string]bool{"low": false, "spent": true} {
		for _, width := range []int{120, 80, 40} {
			t.Run(fmt.Sprintf("%s-%d", name, width), func(t *testing.T) {
				t.Parallel()
				room := little(spent)
				_, d, _ := housed(t, &room, width, true)
				uitest.Golden(t, fmt.Sprintf("room-%s-%d", name, width), d.Frame())
			})
		}
	}
}

func TestHeaderSaysWhatMattersMostOfTheSpace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width    int
		spent    bool
		captured bool
		want     string
	}{
		{120, false, false, "storage almost full · 312 MiB left   Mia Keller · admin"},
		{120, false, true, "storage almost full · 312 MiB left   mail captured   Mia Keller · admin"},
		{80, false, true, "storage almost full · 312 MiB left   Mia Keller"},
		{50, false, true, "storage almost full   Mia Keller"},
		{40, false, true, "storage low   Mia Keller"},
		{120, true, true, "storage full: free the disk   mail captured   Mia Keller · admin"},
		{80, true, false, "storage full: free the disk   Mia Keller · admin"},
		{40, true, true, "storage full   Mia Keller"},
	} {
		room := little(c.spent)
		_, d, _ := housed(t, &room, c.width, c.captured)
		if line := d.Frame().Line(0); !strings.HasSuffix(strings.TrimRight(line, " "), c.want) {
			t.Errorf("at %d columns the header is %q, want %q at its end", c.width, line, c.want)
		}
	}
}

func TestTheWarningComesAndGoesByItself(t *testing.T) {
	t.Parallel()
	room := core.Room{Limit: 8 << 30, Free: 8 << 30}
	st, d, asked := housed(t, &room, 120, false)
	st.live = true
	without := d.Frame().Line(0)
	if strings.Contains(without, "storage") || *asked != 1 {
		t.Fatalf("with enough space, asked %d times: %q", *asked, without)
	}
	room = little(true)
	d.Send(console.Changed{Events: []core.Event{{Institution: 1, Subject: core.Ref{Kind: core.KindContact, ID: 4}}}})
	if *asked != 1 {
		t.Error("a contact's change made the console look for space")
	}
	d.Send(storageChanged())
	look, ok := d.Frame().StyleOf("storage full")
	if !ok {
		t.Fatalf("after the event: %q", d.Frame().Line(0))
	}
	room = little(false)
	d.Send(console.Changed{Resync: true})
	if low, ok := d.Frame().StyleOf("storage almost full"); !ok || low == look {
		t.Errorf("little and no space look %q and %q", low, look)
	}
	room.Free = 8 << 30
	d.Send(storageChanged())
	if line := d.Frame().Line(0); line != without {
		t.Errorf("with enough again: %q", line)
	}
}

func TestWhoMadeRoomSeesItAtTheNextKey(t *testing.T) {
	t.Parallel()
	room := little(true)
	_, d, asked := housed(t, &room, 120, false)
	room.Spent, room.Free = false, 8<<30
	d.Press("x")
	if line := d.Frame().Line(0); strings.Contains(line, "storage") {
		t.Errorf("with enough again: %q", line)
	}
	before := *asked
	if d.Press("x"); *asked != before {
		t.Error("with enough space a key made the console look for it")
	}
}

func TestALimitThatIsReachedAsksForRemoving(t *testing.T) {
	t.Parallel()
	room := core.Room{Size: 8 << 30, Limit: 8 << 30, Free: 8 << 30, Spent: true}
	_, d, _ := housed(t, &room, 120, false)
	if line := d.Frame().Line(0); !strings.Contains(line, "storage full: remove something") {
		t.Errorf("the header is %q", line)
	}
}

func TestOnlyWhoIsSignedInIsWarned(t *testing.T) {
	t.Parallel()
	room := little(true)
	st := build(t, func(cfg *console.Config) { cfg.Room = func() core.Room { return room } })
	d := uitest.New(t, st.root, 120, 10)
	d.Send(storageChanged())
	if line := d.Frame().Line(0); strings.Contains(line, "storage") {
		t.Errorf("before the sign-in: %q", line)
	}
	d.Send(entered(core.RoleDeveloper))
	d.Want("storage full")
	d.Send(session.Left{})
	if line := d.Frame().Line(0); strings.Contains(line, "storage") {
		t.Errorf("after the sign-out: %q", line)
	}
}
