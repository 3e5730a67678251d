package theme

// Ink is the token to write blanks in that stand beside text of another: that
// one where nobody sees it, since each change of a look is some 20 bytes for the
// terminal, else Text. It is seen where a ground is drawn with the ink, and on a
// page blanks must be plain to be erased in one step.
func (t *Theme) Ink(g Ground, beside Token) Token {
	if (g == Selected || g == Resting) && depthOf(t.Options) >= depth256 {
		return beside
	}
	return Text
}
