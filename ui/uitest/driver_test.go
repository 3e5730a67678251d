package uitest_test

import (
	"runtime"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"willcall/ui/uitest"
)

func TestDriverSpellsKeysAsBubbleTea(t *testing.T) {
	t.Parallel()
	keys := strings.Fields("enter tab shift+tab esc space backspace up down left right home end pgup pgdown " +
		"delete ctrl+s ctrl+c ctrl+q alt+x shift+up ctrl+home f1 a G ? é 字")
	d := uitest.New(t, toy{}, 20, len(keys)+2)
	d.Press(keys...)
	for _, key := range keys[:len(keys)-1] {
		if key == "ctrl+q" {
			break
		}
		d.Want("· " + key)
	}
	if !d.Quit() {
		t.Error("ctrl+q didn't quit")
	}
}

func TestDriverRunsCommandsInOrder(t *testing.T) {
	t.Parallel()
	d := uitest.New(t, toy{}, 20, 12)
	d.Type("b s")
	d.Paste("two words")
	got := d.Frame().Text()
	want := "toy 20x12\n· started\n· b\n· one\n· two\n· space\n· s\n· first\n· second\n· third\n· paste:two words\n\n"
	if got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestDriverDoesNotWait(t *testing.T) {
	t.Parallel()
	d := uitest.New(t, toy{}, 20, 5)
	d.Press("t")
	d.Without("tick")
	if d.Waiting() != 1 {
		t.Errorf("%d commands wait, not 1", d.Waiting())
	}
}

func TestDriverStepsWithoutRunning(t *testing.T) {
	t.Parallel()
	d := uitest.New(t, toy{}, 20, 5)
	cmd := d.Step(tea.KeyPressMsg{Code: 'b', Text: "b"})
	d.Without("one")
	d.Run(cmd)
	d.Want("one", "two")
}

// failing records the failure of a test and ends its goroutine, as a real
// test does.
type failing struct {
	testing.TB
	message string
}

func (f *failing) Helper() {}

func (f *failing) Fatalf(format string, _ ...any) {
	f.message = format
	runtime.Goexit()
}

func failureOf(t *testing.T, fn func(testing.TB)) string {
	f := &failing{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		fn(f)
	}()
	<-done
	return f.message
}

func TestDriverFailsWhereItShould(t *testing.T) {
	t.Parallel()
	for name, fn := range map[string]func(testing.TB){
		"%d commands and no end": func(tb testing.TB) {
			uitest.New(tb, toy{}, 20, 5).Press("l")
		},
		"press a key: %v": func(tb testing.TB) {
			uitest.New(tb, toy{}, 20, 5).Press("hyper+banana")
		},
		"the screen doesn't show %q:\n%s": func(tb testing.TB) {
			uitest.New(tb, toy{}, 20, 5).Want("nothing of the kind")
		},
		"the screen shows %q:\n%s": func(tb testing.TB) {
			uitest.New(tb, toy{}, 20, 5).Without("toy")
		},
	} {
		if got := failureOf(t, fn); got != name {
			t.Errorf("failed with %q, not %q", got, name)
		}
	}
}
