package console_test

import (
	"context"
	"fmt"
	"testing"

	"willcall/core"
	"willcall/ui/console"
	"willcall/ui/uitest"
)

const right = "curtain up at eight"

// lockable is a console that locks.
func lockable(cfg *console.Config) {
	cfg.Unlock = func(_ context.Context, req core.Request, password string) error {
		switch {
		case req.Session != 7:
			return core.Refuse(core.CodeSignedOut)
		case password != right:
			return core.Refuse(core.CodeSignIn)
		}
		return nil
	}
}

func TestTheLockAsItLooks(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			st := build(t, lockable)
			d := uitest.New(t, st.root, size[0], size[1])
			d.Send(entered(core.RoleAdmin))
			d.Press("ctrl+l")
			uitest.Golden(t, fmt.Sprintf("lock-%dx%d", size[0], size[1]), d.Frame())
			d.Type("wrong")
			d.Press("enter")
			d.Want("The password is wrong. Try again", "Locked by Mia Keller")
			d.Type(right)
			d.Press("enter")
			d.Without("Locked by")
		})
	}
}

func TestNothingPassesTheLock(t *testing.T) {
	t.Parallel()
	st := build(t, lockable)
	d := uitest.New(t, st.root, 80, 24)
	d.Send(entered(core.RoleAdmin))
	page := st.pages["contacts"]
	d.Press("ctrl+l")
	heard, opens := len(page.heard), page.opens
	d.Press("n", "w", "down", "ctrl+s", "ctrl+p", "ctrl+l", "esc", "?", "g", "s")
	d.Paste("text\n")
	if len(page.heard) != heard || page.opens != opens || page.typed != "" {
		t.Errorf("behind the lock the page heard %v and %q", page.heard[heard:], page.typed)
	}
	page.unsaved = true
	d.Press("ctrl+q")
	d.Want("Unlock first")
	d.Press("ctrl+d")
	if d.Quit() || len(st.signedOut) > 0 {
		t.Error("what can't be kept was lost")
	}
}
