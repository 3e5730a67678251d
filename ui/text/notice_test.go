package text

import (
	"slices"
	"strings"
	"testing"

	"willcall/core"
)

func TestEveryNoticeHasASentence(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	kinds := constants(t, "../../core/inbox.go", "NoticeKind")
	for _, l := range Languages() {
		p := c.In(l)
		for _, kind := range kinds {
			if kind == string(core.NoticeSecurity) {
				continue // a sentence for each change
			}
			if line := p.Notice(core.Notice{Kind: core.NoticeKind(kind)}, 2); strings.ContainsAny(line, "‹{") || !strings.HasSuffix(line, ".") {
				t.Errorf("%s in %s: %q", kind, l, line)
			}
		}
	}
	for _, rest := range below(c, "notice") {
		kind, _, _ := strings.Cut(rest, ".")
		if !slices.Contains(kinds, kind) {
			t.Errorf("nothing is told by notice.%s", rest)
		}
	}
}

func TestANoticeOfManyMailsCountsThem(t *testing.T) {
	t.Parallel()
	p := loaded(t).In(English)
	failed := core.Notice{Kind: core.NoticeMailFailed}
	if one, many := p.Notice(failed, 1), p.Notice(failed, 12); !strings.HasPrefix(one, "1 mail ") || !strings.HasPrefix(many, "12 mails ") {
		t.Errorf("%q, %q", one, many)
	}
}
