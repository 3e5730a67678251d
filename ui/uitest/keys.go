package uitest

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// keyBytes is what a terminal without extensions sends for a key, spelled as
// Bubble Tea spells it.
func keyBytes(name string) (string, error) {
	if bytes, ok := namedKeys()[name]; ok {
		return bytes, nil
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		bytes, err := keyBytes(rest)
		return "\x1b" + bytes, err
	}
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok && len(rest) == 1 && rest[0] >= 'a' && rest[0] <= 'z' {
		return string(rest[0] & 0x1f), nil
	}
	if len([]rune(name)) == 1 {
		return name, nil
	}
	return "", fmt.Errorf("no terminal sends a key %q", name)
}

func namedKeys() map[string]string {
	return map[string]string{
		"enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "esc": "\x1b", "space": " ", "backspace": "\x7f",
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
		"shift+up": "\x1b[1;2A", "shift+down": "\x1b[1;2B", "shift+right": "\x1b[1;2C", "shift+left": "\x1b[1;2D",
		"ctrl+up": "\x1b[1;5A", "ctrl+down": "\x1b[1;5B", "ctrl+right": "\x1b[1;5C", "ctrl+left": "\x1b[1;5D",
		"home": "\x1b[H", "end": "\x1b[F", "ctrl+home": "\x1b[1;5H", "ctrl+end": "\x1b[1;5F",
		"insert": "\x1b[2~", "delete": "\x1b[3~", "pgup": "\x1b[5~", "pgdown": "\x1b[6~",
		"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~",
	}
}

// keyPress makes the message that Bubble Tea makes of a key.
func keyPress(name string) (tea.KeyPressMsg, error) {
	bytes, err := keyBytes(name)
	if err != nil {
		return tea.KeyPressMsg{}, err
	}
	var decoder uv.EventDecoder
	n, event := decoder.Decode([]byte(bytes))
	press, ok := event.(uv.KeyPressEvent)
	if !ok || n != len(bytes) {
		return tea.KeyPressMsg{}, fmt.Errorf("the bytes of key %q are read as %v", name, event)
	}
	msg := tea.KeyPressMsg(press)
	if spelled := msg.String(); spelled != name {
		return msg, fmt.Errorf("key %q is spelled %q", name, spelled)
	}
	return msg, nil
}
