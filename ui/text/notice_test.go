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

func TestEveryChangeOfAWayInHasASentence(t *testing.T) {
	t.Parallel()
	c := loaded(t)
	want := constants(t, "../../core/operators/tell.go", "Change")
	slices.Sort(want)
	if got := below(c, "notice.security"); !slices.Equal(got, want) {
		t.Errorf("the catalogue has\n%v, the core has\n%v", got, want)
	}
	for _, l := range Languages() {
		for _, change := range want {
			told := core.Notice{Kind: core.NoticeSecurity, Args: map[string]string{"change": change, "by": "Olga Brunner"}}
			if line := c.In(l).Notice(told, 1); strings.ContainsAny(line, "‹{") || !strings.HasSuffix(line, ".") {
				t.Errorf("%s in %s: %q", change, l, line)
			}
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
