package uitest_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// toyVariable makes the test binary run the toy instead of the tests: the real
// program that a Terminal needs.
const toyVariable = "WILLCALL_UITEST_TOY"

func TestMain(m *testing.M) {
	if os.Getenv(toyVariable) == "" {
		os.Exit(m.Run())
	}
	if _, err := tea.NewProgram(toy{}).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(3)
}

// toy lists what it was told.
type toy struct {
	width, height int
	heard         []string
}

type word string

func say(w word) tea.Cmd { return func() tea.Msg { return w } }

func (m toy) Init() tea.Cmd { return tea.Batch(say("started"), tea.RequestBackgroundColor) }

func (m toy) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case word:
		m.heard = append(m.heard, string(msg))
	case tea.PasteMsg:
		m.heard = append(m.heard, "paste:"+msg.Content)
	case tea.KeyPressMsg:
		m.heard = append(m.heard, msg.String())
		return m, m.answer(msg.String())
	}
	return m, nil
}

func (m toy) answer(key string) tea.Cmd {
	switch key {
	case "b":
		return tea.Batch(say("one"), nil, say("two"))
	case "s":
		return tea.Sequence(say("first"), tea.Batch(say("second")), say("third"))
	case "t":
		return tea.Tick(time.Hour, func(time.Time) tea.Msg { return word("tick") })
	case "l":
		return again
	case "ctrl+q":
		return tea.Quit
	}
	return nil
}

// again presses the key that leads to again.
func again() tea.Msg { return tea.KeyPressMsg{Code: 'l', Text: "l"} }

func tail(lines []string, n int) []string {
	return lines[max(0, len(lines)-n):]
}

func (m toy) View() tea.View {
	lines := []string{"\x1b[1;38;2;95;135;255mtoy\x1b[m \x1b[7m" + fmt.Sprintf("%dx%d", m.width, m.height) + "\x1b[m"}
	for _, heard := range tail(m.heard, max(0, m.height-1)) {
		lines = append(lines, "· "+heard)
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.WindowTitle = "willcall"
	v.Cursor = tea.NewCursor(1, 0)
	return v
}
