package text

import (
	"strconv"
	"time"

	"willcall/core"
)

// Notice is the sentence of a notice that stands for count like it. What
// changed in an account has a sentence of its own below "notice.security.".
func (p Printer) Notice(n core.Notice, count int) string {
	pairs := make([]string, 0, 2*len(n.Args))
	for name, value := range n.Args {
		pairs = append(pairs, name, value)
	}
	switch n.Kind {
	case core.NoticeSecurity:
		return p.T("notice.security."+n.Args["change"], pairs...)
	case core.NoticeMailFailed:
		return p.N("notice.mail-failed", count, pairs...)
	case core.NoticeClockAhead, core.NoticeClockBack:
		seconds, _ := strconv.Atoi(n.Args["seconds"])
		pairs = []string{"by", p.Duration(time.Duration(seconds) * time.Second)}
	case core.NoticeSpray, core.NoticeLockedOut:
	}
	return p.T("notice."+string(n.Kind), pairs...)
}
