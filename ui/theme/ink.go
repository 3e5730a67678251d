package theme

// Ink is the token to write blanks in that stand between two pieces of text, or
// before the end of a line, whose next one is Text. It is that of the piece
// before where nobody sees it, since each change of a look is some 20 bytes for
// the terminal, else Text. It is seen where a ground is drawn with the ink; and
// on a page blanks before plain text are plain, to be erased with it in one step.
func (t *Theme) Ink(g Ground, before, next Token) Token {
	switch g {
	case Page:
		if next != Text {
			return before
		}
	case Selected, Resting:
		if depthOf(t.Options) >= depth256 {
			return before
		}
	case Field, Focused, grounds:
	}
	return Text
}
