package mail_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"willcall/core"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/storage/storagetest"
)

const secretCode = "418204"

// captured fills a mailbox with one mail of each of some entries of the house,
// as the capture server would have stored it, and gives its messages by entry.
func captured(h *coretest.House, entries ...core.ID) (*mail.Reading, map[core.ID]uint64) {
	h.T.Helper()
	b, seqs := &box{messages: map[uint64]mail.Message{}}, map[core.ID]uint64{}
	for i, entry := range entries {
		seq := uint64(i + 1)
		seqs[entry] = seq
		m := mail.Message{
			Summary: mail.Summary{Seq: seq, Subject: "Your code " + secretCode},
			Raw:     []byte("Your code " + secretCode), Text: "Code 418 204, or " + secretLink,
			Links: []string{secretLink}, Codes: []string{secretCode},
		}
		if entry != 0 { // 0 is foreign mail
			m.Envelope = mail.Envelope{Institution: h.Made.Institution, Entry: entry}
		}
		b.messages[seq] = m
	}
	return h.ReadingOf(b), seqs
}

// coded is a mail whose subject and text hold a code and a link.
func coded(subject core.Ref) core.Mail {
	m := order()
	m.System, m.Subject = "code {code} or {link} for", subject
	m.Secret = map[string]string{"link": secretLink, "code": secretCode}
	return m
}

// leaks reports whether anything that is shown holds a secret.
func leaks(shown ...any) bool {
	all := fmt.Sprintf("%+v %s", shown, shown)
	return slices.ContainsFunc([]string{secretCode, "418 204", "secret-token"}, func(s string) bool { return strings.Contains(all, s) })
}

func TestR89_OnceLiveCodesAndLinksOfOthersAreMasked(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	developer := h.Hire(core.RoleDeveloper)
	forContact := post(h, coded(core.Ref{Kind: core.KindContact, ID: 12}))
	forOwner := post(h, coded(core.Ref{Kind: core.KindOperator, ID: h.Owner.Actor.ID}))
	const erased = core.ID(99)
	reading, seqs := captured(h, forContact, forOwner, erased)
	for entry, seq := range seqs {
		if m, err := reading.Get(h.Ctx, developer, seq); err != nil || m.Masked != (entry == forOwner) || leaks(m.Text) != (entry != forOwner) {
			t.Errorf("in rehearsal mail %d is %+v, %v", entry, m, err)
		}
	}
	h.GoLive()
	page, err := reading.List(h.Ctx, developer, 0, 0)
	h.Must(err)
	if page.Total != 3 || leaks(page) {
		t.Errorf("the list shows %+v", page)
	}
	for entry, seq := range seqs {
		m, err := reading.Get(h.Ctx, developer, seq)
		h.Must(err)
		if leaks(m) || !m.Masked || m.Raw != nil || !slices.Equal(m.Links, []string{mail.Mask}) || !slices.Equal(m.Codes, []string{mail.Mask}) {
			t.Errorf("mail %d is %+v", entry, m)
		}
		if want := "code " + mail.Mask + " or " + mail.Mask + " for"; entry != erased && m.Subject != want {
			t.Errorf("mail %d has the subject %q, want %q", entry, m.Subject, want)
		}
	}
}

// TestWhatLetsAnOperatorInIsReadByFewInRehearsal keeps whoever reads captured mail
// from taking over somebody's account.
func TestWhatLetsAnOperatorInIsReadByFewInRehearsal(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	admin, other := h.Hire(core.RoleAdmin), h.Hire(core.RoleOperator)
	developer := h.Hire(core.RoleDeveloper)
	m := coded(core.Ref{Kind: core.KindOperator, ID: other.Actor.ID})
	plain := m
	plain.Secret = nil
	byAdmin, byNobody, open := postAs(h, admin, m), post(h, m), post(h, plain)
	reading, seqs := captured(h, byAdmin, byNobody, open)
	for name, c := range map[string]struct {
		req   core.Request
		reads []core.ID
	}{
		"an owner":              {h.Owner, []core.ID{byAdmin, byNobody, open}},
		"whom it is for":        {other, []core.ID{byAdmin, byNobody, open}},
		"who had it sent":       {admin, []core.ID{byAdmin, open}},
		"somebody else at work": {developer, []core.ID{open}},
	} {
		page, err := reading.List(h.Ctx, c.req, 0, 0)
		h.Must(err)
		for entry, seq := range seqs {
			m, err := reading.Get(h.Ctx, c.req, seq)
			h.Must(err)
			want := slices.Contains(c.reads, entry)
			if leaks(m) != want || m.Masked == want {
				t.Errorf("%s gets of mail %d %+v", name, entry, m)
			}
			for _, s := range page.Messages {
				if s.Seq == seq && leaks(s) != want {
					t.Errorf("%s sees of mail %d %+v in the list", name, entry, s)
				}
			}
		}
	}
}

func TestR89_OnceLiveOnesOwnMailAndForeignMailAreShownAsTheyAre(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	developer := h.Hire(core.RoleDeveloper)
	own := post(h, coded(core.Ref{Kind: core.KindOperator, ID: developer.Actor.ID}))
	const strange = core.ID(0)
	reading, seqs := captured(h, own, strange)
	h.GoLive()
	page, err := reading.List(h.Ctx, developer, 0, 0)
	h.Must(err)
	for _, s := range page.Messages {
		if !strings.Contains(s.Subject, secretCode) {
			t.Errorf("mail %d is listed as %q", s.Seq, s.Subject)
		}
	}
	for _, seq := range seqs {
		if m, err := reading.Get(h.Ctx, developer, seq); err != nil || m.Masked || m.Raw == nil || m.Codes[0] != secretCode {
			t.Errorf("mail %d is %+v, %v", seq, m, err)
		}
	}
}

func TestR89_MailIsSentNotCapturedOnceThereIsAMailServer(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	m := order()
	m.To = "marie@orange.fr"
	first := post(h, m)
	finish(h, lease(h), mail.Captured, "stored")
	h.GoLive()
	second := post(h, m)
	w := lease(h)
	if w.Route == nil {
		t.Fatal("it is not routed to the mail server")
	}
	finish(h, w, mail.Delivered, "250 queued")
	if a, b := entryOf(h, first).State, entryOf(h, second).State; a != mail.StateCaptured || b != mail.StateSent {
		t.Errorf("before it was %s, then %s", a, b)
	}
}
