package component

import "willcall/core/safetext"

const (
	formMargin = 3 // cells before the labels
	labelMost  = 26
	labelGap   = 2
	inputLeast = 16
	inputMost  = 48
	inputYield = 36 // cells that a field keeps for itself; see [Field.Yields]
	hintGap    = 2
	hintLeast  = 16 // below this hints stand under their field
	editorMost = 80
	formNarrow = 50 // below this long labels stand above their fields
)

// frame is where things stand in a form of one width.
type frame struct {
	look         Look
	width        int
	height       int  // lines that are in sight at once
	label        int  // cells of the labels
	value        int  // where values begin
	input, lines int  // cells of one-line and of longer values
	hint         int  // cells of a hint, 0 where there is no room
	brief        int  // cells of the labels between fields of one line
	rows         bool // there is room for several fields on a line
	stacked      bool // labels stand above their fields
}

func (f *Form) frame(k Look, width int) frame {
	g := frame{look: k, width: width, height: f.height}
	for i, e := range f.entries {
		e.hint = e.Hint
		if f.types(i) {
			e.hint = e.readBack(k.Text)
		}
		if !e.Hidden && e.Kind != FieldHeading && e.Kind != FieldNote {
			g.label = max(g.label, safetext.Width(safetext.Line(e.Label))+2)
			g.brief = max(g.brief, safetext.Width(safetext.Line(e.Brief)))
		}
	}
	g.label = min(g.label, labelMost)
	if width < formNarrow && g.label > width-formMargin-labelGap-inputLeast-1 {
		g.stacked, g.label, g.value = true, width-formMargin, formMargin+labelGap
	} else {
		g.value = formMargin + g.label + labelGap
	}
	room := width - g.value - 1
	g.rows = !g.stacked && room >= rowLeast
	g.lines = max(1, min(room, editorMost))
	g.input = max(1, min(room, max(inputLeast, min(inputMost, room*3/5))))
	if g.hint = room - g.input - hintGap; g.hint < hintLeast || f.hintsBelow(g) {
		g.hint, g.input = 0, max(1, min(room, inputMost))
	}
	return g
}

// hintsBelow reports that of the hints there are none fits beside its field: the
// room is the fields' then.
func (f *Form) hintsBelow(g frame) (below bool) {
	for _, e := range f.entries {
		if e.Hidden || e.hint == "" {
			continue
		}
		if g.yielding(e).beside(e) {
			return false
		}
		below = true
	}
	return below
}

// yielding is the frame of a field that gives its hint as many of its cells as
// that lacks.
func (g frame) yielding(e *entry) frame {
	lacks := safetext.Width(safetext.Line(e.hint)) - g.hint
	if e.Yields && g.hint > 0 && lacks > 0 && lacks <= g.input-inputYield {
		g.input, g.hint = g.input-lacks, g.hint+lacks
	}
	return g
}

// beside reports whether a field's hint fits at the right of its value.
func (g frame) beside(e *entry) bool {
	return e.hint != "" && e.Kind != FieldLines && e.Kind != FieldShown &&
		safetext.Width(safetext.Line(e.hint)) <= g.hint
}
