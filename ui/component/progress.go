package component

import (
	"strconv"

	"willcall/core/safetext"
	"willcall/ui/theme"
)

// progressMost is how many cells a bar takes at most.
const progressMost = 40

// Progress is a bar, filled as far as something is done, with the percents
// behind it.
func (d *Detail) Progress(done, all int64) *Detail {
	if all <= 0 {
		done, all = 0, 1
	}
	part := float64(max(0, min(done, all))) / float64(all)
	line, signs := d.look.Line(d.width).Gap(detailIndent), d.look.Theme.Signs
	cells := max(0, min(progressMost, line.Left()-7)) // " 100 %" and one free
	full := int(part * float64(cells))
	line.Fill(theme.Accent, signs.Full, full).Fill(theme.Muted, signs.Empty, cells-full)
	return d.add(line.Gap(1).CellRight(theme.Text, strconv.Itoa(int(part*100))+" %", 5))
}

// pathLines is how many lines a path takes at most.
const pathLines = 2

// Path is [Detail.Item] of a file's path; of a very long one the middle is left
// out.
func (d *Detail) Path(label, path string) *Detail {
	room := max(1, d.width-detailIndent-d.label-2)
	return d.Item(label, safetext.CutMiddle(path, pathLines*room))
}
