package uitest

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

const (
	// mostCommands bounds what one message may lead to.
	mostCommands = 10_000
	// longestCommand ends a test whose command hangs.
	longestCommand = 30 * time.Second
)

// settle runs commands, oldest first, until none is left.
func (d *Driver) settle() {
	d.t.Helper()
	for run := 0; len(d.commands) > 0; run++ {
		if run == mostCommands {
			d.t.Fatalf("%d commands and no end", mostCommands)
		}
		cmd := d.commands[0]
		d.commands = d.commands[1:]
		switch {
		case cmd == nil || d.quit:
		case waits(cmd):
			d.waiting++
		default:
			d.deliver(guarded(cmd))
		}
	}
}

// deliver does what Bubble Tea's loop does with a message.
func (d *Driver) deliver(msg tea.Msg) {
	d.t.Helper()
	if cmds, ok := unpack(msg); ok {
		d.commands = append(cmds, d.commands...)
		return
	}
	switch msg.(type) {
	case nil:
		return
	case tea.QuitMsg, tea.InterruptMsg:
		d.quit = true
		return
	}
	d.commands = append(d.commands, d.Step(msg))
}

// unpack takes a batch or a sequence apart. The sequence's type is private to
// Bubble Tea; like the batch it is a slice of commands.
func unpack(msg tea.Msg) ([]tea.Cmd, bool) {
	v := reflect.ValueOf(msg)
	if !v.IsValid() || v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return nil, false
	}
	cmds := make([]tea.Cmd, v.Len())
	for i := range cmds {
		cmds[i], _ = reflect.TypeAssert[tea.Cmd](v.Index(i))
	}
	return cmds, true
}

// waits reports whether a command does nothing but wait: a tick of Bubble Tea
// or the blink of a cursor. It is told by the name of its function, since
// running it would mean waiting.
func waits(cmd tea.Cmd) bool {
	name := nameOf(cmd)
	for _, part := range []string{".Tick.func", ".Every.func", "cursor.(*Model).Blink.func", "cursor.(*Model).Focus."} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

func nameOf(cmd tea.Cmd) string {
	fn := runtime.FuncForPC(reflect.ValueOf(cmd).Pointer())
	if fn == nil {
		return "unknown"
	}
	return fn.Name()
}

// guarded runs a command and ends the test binary with the command's name if
// it hangs.
func guarded(cmd tea.Cmd) tea.Msg {
	watchdog := time.AfterFunc(longestCommand, func() {
		panic(fmt.Sprintf("the command %s is still running after %s", nameOf(cmd), longestCommand))
	})
	defer watchdog.Stop()
	return cmd()
}
