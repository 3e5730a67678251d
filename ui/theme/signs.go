package theme

// Signs are the letters that carry meaning, all one cell wide but the markers
// of an email status.
type Signs struct {
	Select    string // before the selected row
	Bar       string // before a warning, or what saving will do
	Rule      string // a line across, repeated
	Divider   string // the line between two panes, repeated downwards
	Into      string // between the steps of a path
	Opens     string // after the value of a choice
	Dot       string // between facts of one line
	Absent    string // where there is no value
	More      string // where text was cut
	Required  string // after the label of a field that must not be empty
	Hidden    string // for each letter of a password
	Done      string // what ended well
	Wrong     string // what ended badly
	Warn      string // what somebody should look after
	Unread    string // before what nobody has read yet
	Full      string // a cell of a progress bar that is done
	Empty     string // and one that isn't
	On, Off   string // the two states of a toggle, three cells each
	corners   [4]string
	markers   [3]string
	MarkWidth int // cells of a marker
}

// Mark is a marker of an email status.
type Mark uint8

// The markers: hollow, red and green.
const (
	MarkNone Mark = iota
	MarkRed
	MarkGreen
)

// Marker gives the sign of a mark, Signs.MarkWidth cells wide, and its token.
func (t *Theme) Marker(m Mark) (sign string, token Token) {
	switch m {
	case MarkGreen:
		return t.Signs.markers[MarkGreen], Green
	case MarkRed:
		return t.Signs.markers[MarkRed], Red
	case MarkNone:
	}
	return t.Signs.markers[MarkNone], Muted
}

// Corners are those of a box: top left, top right, bottom left, bottom right.
func (s Signs) Corners() (topLeft, topRight, bottomLeft, bottomRight string) {
	return s.corners[0], s.corners[1], s.corners[2], s.corners[3]
}

func unicodeSigns() Signs {
	return Signs{
		Select: "▸", Bar: "┃", Rule: "─", Divider: "│", Into: "▸", Opens: "▾", Dot: "·",
		Absent: "–", More: "…", Required: "*", Hidden: "•", Done: "✓", Wrong: "✗", Warn: "!", Unread: "●", Full: "█", Empty: "░", On: "[✓]", Off: "[ ]",
		corners:   [4]string{"╭", "╮", "╰", "╯"},
		markers:   [3]string{MarkNone: "○ ", MarkRed: "●✗", MarkGreen: "●✓"},
		MarkWidth: 2,
	}
}

func asciiSigns() Signs {
	return Signs{
		Select: ">", Bar: "|", Rule: "-", Divider: "|", Into: ">", Opens: "v", Dot: "-",
		Absent: "-", More: "~", Required: "*", Hidden: "*", Done: "+", Wrong: "x", Warn: "!", Unread: "*", Full: "#", Empty: ".", On: "[x]", Off: "[ ]",
		corners:   [4]string{"+", "+", "+", "+"},
		markers:   [3]string{MarkNone: "( )", MarkRed: "(x)", MarkGreen: "(+)"},
		MarkWidth: 3,
	}
}
