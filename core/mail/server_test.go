package mail_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"willcall/core"
	"willcall/core/activity"
	"willcall/core/coretest"
	"willcall/core/mail"
	"willcall/core/secret"
	"willcall/core/venue"
	"willcall/storage/storagetest"
)

func show(h *coretest.House) mail.ServerView {
	h.T.Helper()
	view, err := h.Servers.Show(h.Ctx, h.Owner)
	h.Must(err)
	return view
}

// save sets the mail server as the owner, over what is there.
func save(h *coretest.House, d mail.ServerDraft) mail.ServerView {
	h.T.Helper()
	_, err := h.Servers.Save(h.Ctx, h.Owner, show(h).Version, d)
	h.Must(err)
	return show(h)
}

// routed is the route of the next mail that is due.
func routed(h *coretest.House) *mail.Route {
	h.T.Helper()
	m := order()
	m.To = "marie@orange.fr"
	post(h, m)
	return lease(h).Route
}

func TestTheMailServerIsShownWithoutItsPassword(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	if view := show(h); view != (mail.ServerView{}) {
		t.Errorf("none is shown as %+v", view)
	}
	d := coretest.MailServer()
	d.Host, d.User = " Mail.Opéra.EXAMPLE ", " opera "
	want := mail.ServerView{
		Set: true, Version: 1, Host: "mail.xn--opra-cpa.example", Port: 587, Security: mail.SecuritySTARTTLS, User: "opera",
		HasPassword: true, Changed: coretest.Start(), By: h.Owner.Actor.Name,
	}
	if view := save(h, d); view != want {
		t.Errorf("shown as %+v, want %+v", view, want)
	}
	for key, value := range h.Dump() {
		if strings.Contains(value, d.Password) {
			t.Errorf("%q holds the password", key)
		}
	}
	if r := routed(h); r == nil || r.Password != d.Password || r.Host != want.Host || r.Port != 587 || r.User != "opera" {
		t.Errorf("mail is routed to %+v", r)
	}
}

func TestMailServerFields(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	long := strings.Repeat("x", 256)
	for name, c := range map[string]struct {
		change func(*mail.ServerDraft)
		field  string
		code   core.Code
	}{
		"no host":            {func(d *mail.ServerDraft) { d.Host = " " }, "host", core.CodeRequired},
		"a URL":              {func(d *mail.ServerDraft) { d.Host = "smtp://mail.example" }, "host", core.CodeHost},
		"host and port":      {func(d *mail.ServerDraft) { d.Host = "mail.example:587" }, "host", core.CodeHost},
		"no port":            {func(d *mail.ServerDraft) { d.Port = 0 }, "port", core.CodePort},
		"no security":        {func(d *mail.ServerDraft) { d.Security = 0 }, "security", core.CodeChoice},
		"unknown security":   {func(d *mail.ServerDraft) { d.Security = 3 }, "security", core.CodeChoice},
		"password, no user":  {func(d *mail.ServerDraft) { d.User = "" }, "user", core.CodeRequired},
		"user, no password":  {func(d *mail.ServerDraft) { d.Password = "" }, "password", core.CodeRequired},
		"long user":          {func(d *mail.ServerDraft) { d.User = long }, "user", core.CodeTooLong},
		"long password":      {func(d *mail.ServerDraft) { d.Password = long }, "password", core.CodeTooLong},
		"control in user":    {func(d *mail.ServerDraft) { d.User = "a\x00b" }, "user", core.CodeControl},
		"control in passwd":  {func(d *mail.ServerDraft) { d.Password = "a\x00b" }, "password", core.CodeControl},
		"nothing to be kept": {func(d *mail.ServerDraft) { d.Password, d.KeepPassword = "", true }, "password", core.CodeRequired},
	} {
		d := coretest.MailServer()
		c.change(&d)
		_, err := h.Servers.Save(h.Ctx, h.Owner, 0, d)
		checkField(t, name, err, c.field, c.code)
		_, err = h.Servers.Test(h.Ctx, h.Owner, d, "tickets@opera.example", "mia@orange.fr")
		checkField(t, name+", tested", err, c.field, c.code)
	}
	if view := show(h); view.Set || len(h.Prober.Probes()) > 0 {
		t.Errorf("set to %+v, %d tests", view, len(h.Prober.Probes()))
	}
}

// checkField tells where a refusal isn't one of a form's field.
func checkField(t *testing.T, name string, err error, field string, code core.Code) {
	t.Helper()
	var fields core.Fields
	fields.Add("", err)
	if err == nil || fields[0].Field != field || fields[0].Code != code {
		t.Errorf("%s: refused with %v, want %s (%s)", name, err, code, field)
	}
}

func TestAServerWithoutSignInAndOneByAddress(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, host := range []string{"192.0.2.25", "2001:db8::25", "localhost"} {
		view := save(h, mail.ServerDraft{Host: host, Port: 465, Security: mail.SecurityTLS})
		if view.Host != host || view.HasPassword || view.User != "" {
			t.Errorf("%s is shown as %+v", host, view)
		}
	}
}

func TestAKeptPasswordGoesWithItsHostAndUserOnly(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	keep := coretest.MailServer()
	keep.Password, keep.KeepPassword = "", true
	keep.Port, keep.Security = 465, mail.SecurityTLS
	if view := save(h, keep); !view.HasPassword || view.Port != 465 {
		t.Errorf("shown as %+v", view)
	}
	if r := routed(h); r.Password != coretest.MailServer().Password {
		t.Errorf("the password is %q", r.Password)
	}
	for name, change := range map[string]func(*mail.ServerDraft){
		"another host": func(d *mail.ServerDraft) { d.Host = "mail.elsewhere.example" },
		"another user": func(d *mail.ServerDraft) { d.User = "eve" },
	} {
		d := keep
		change(&d)
		_, err := h.Servers.Save(h.Ctx, h.Owner, show(h).Version, d)
		checkField(t, name, err, "password", core.CodeRequired)
		_, err = h.Servers.Test(h.Ctx, h.Owner, d, "tickets@opera.example", "mia@orange.fr")
		checkField(t, name+", tested", err, "password", core.CodeRequired)
	}
	without := keep
	without.User = ""
	if view := save(h, without); view.HasPassword || view.User != "" {
		t.Errorf("without a user it keeps %+v", view)
	}
}

func TestASealedPasswordDoesNotOpenForAnotherHost(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.Damaged()
	h.GoLive()
	h.Must(h.Store.Update(h.Ctx, func(tx core.Tx) error {
		key := core.Key(core.Installation, 1)
		raw, err := tx.Get("mail.relay", key)
		if err != nil {
			return err
		}
		moved := strings.Replace(string(raw), "mail.opera.example", "evil.opera.example", 1)
		return tx.Put("mail.relay", key, []byte(moved))
	}))
	post(h, order())
	if w, ok, _, err := h.Queue.Lease(h.Ctx); err == nil || ok {
		t.Errorf("leased with %+v", w.Route)
	}
}

func TestR89_AMailServerMakesTheInstallationLive(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	if r := routed(h); r != nil {
		t.Errorf("without a mail server mail goes to %+v", r)
	}
	events := events(h, core.KindMailServer)
	h.GoLive()
	if r := routed(h); r == nil {
		t.Error("with a mail server mail is captured")
	}
	overview, err := h.Venue.Overview(h.Ctx, h.Owner)
	h.Must(err)
	if overview.Captured {
		t.Error("the settings still say captured")
	}
	_, err = h.Servers.Remove(h.Ctx, h.Owner, show(h).Version)
	h.Must(err)
	if r := routed(h); r != nil || show(h).Set {
		t.Errorf("without it again, mail goes to %+v", r)
	}
	for _, e := range events() {
		if e.Institution != core.Installation {
			t.Errorf("only institution %d hears of it", e.Institution)
		}
	}
	if n := len(events()); n != 2 {
		t.Errorf("%d events, want one of each change", n)
	}
}

func TestR89_OnceLiveAReservedAddressIsNotHandedOver(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	id := post(h, order()) // to an .example address
	if next := idle(h); !next.IsZero() {
		t.Errorf("due again at %v", next)
	}
	if e := entryOf(h, id); e.State != mail.StateFailed || e.Why != mail.WhyReserved || e.Sealed != nil {
		t.Errorf("the entry is %+v", e)
	}
}

func TestMailServerConflicts(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	_, err := h.Servers.Remove(h.Ctx, h.Owner, 0)
	h.Refused(err, core.CodeNoServer)
	_, err = h.Servers.Save(h.Ctx, h.Owner, 1, coretest.MailServer())
	h.Refused(err, core.CodeConflict)
	h.GoLive()
	_, err = h.Servers.Save(h.Ctx, h.Owner, 0, coretest.MailServer())
	h.Refused(err, core.CodeConflict)
	_, err = h.Servers.Remove(h.Ctx, h.Owner, 2)
	h.Refused(err, core.CodeConflict)
}

func TestAMailServerSetAnewIsNotTheOneSeenBefore(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	seen := show(h).Version
	_, err := h.Servers.Remove(h.Ctx, h.Owner, seen)
	h.Must(err)
	other := coretest.MailServer()
	other.Host = "mail.elsewhere.example"
	save(h, other)
	_, err = h.Servers.Save(h.Ctx, h.Owner, seen, coretest.MailServer())
	h.Refused(err, core.CodeConflict)
	_, err = h.Servers.Remove(h.Ctx, h.Owner, seen)
	h.Refused(err, core.CodeConflict)
	if view := show(h); view.Host != other.Host {
		t.Errorf("the server is %s", view.Host)
	}
}

func TestR86_OnlyAdminsAndOwnersSetTheMailServer(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	for role, want := range map[core.Role]core.Code{
		core.RoleDeveloper: core.CodeForbidden, core.RoleOperator: core.CodeForbidden, core.RoleAdmin: "", core.RoleOwner: "",
	} {
		req := h.Hire(role)
		_, err := h.Servers.Show(h.Ctx, req)
		h.Refused(err, want)
		d := coretest.MailServer()
		_, err = h.Servers.Test(h.Ctx, req, d, "tickets@opera.example", role.String()+"@orange.fr")
		h.Refused(err, want)
		_, err = h.Servers.Save(h.Ctx, req, show(h).Version, d)
		h.Refused(err, want)
		if want != "" {
			_, err = h.Servers.Remove(h.Ctx, req, show(h).Version)
			h.Refused(err, want)
		}
	}
	for _, p := range h.Prober.Probes() {
		if p.Mail.To != "admin@orange.fr" && p.Mail.To != "owner@orange.fr" {
			t.Errorf("a test went out to %s", p.Mail.To)
		}
	}
}

func TestATestMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	d := coretest.MailServer()
	try := func(d mail.ServerDraft) mail.Answer {
		t.Helper()
		a, err := h.Servers.Test(h.Ctx, h.Owner, d, " Tickets@opera.example", "mia@orange.fr ")
		h.Must(err)
		return a
	}
	if a := try(d); a.Verdict != mail.Delivered || show(h).Set {
		t.Errorf("a draft's test gave %+v and %+v", a, show(h))
	}
	p := h.Prober.Probes()[0]
	if p.Route.Password != d.Password || p.Mail.From != "tickets@opera.example" || p.Mail.To != "mia@orange.fr" || p.Mail.Subject != "test" || p.Mail.MessageID == "" {
		t.Errorf("the test mail was %+v", p)
	}
	h.GoLive()
	d.Password, d.KeepPassword = "", true
	version := show(h).Version
	h.Prober.Answer(mail.Answer{Verdict: mail.Later, Why: mail.WhyCertificate})
	if a := try(d); a.Why != mail.WhyCertificate || !show(h).Tested.IsZero() {
		t.Errorf("a test that failed gave %+v and %+v", a, show(h))
	}
	h.Prober.Answer(mail.Answer{Verdict: mail.Delivered})
	other := coretest.MailServer()
	other.Port = 2525
	try(other)
	if view := show(h); !view.Tested.IsZero() {
		t.Errorf("a test of a draft counts for the saved server: %+v", view)
	}
	try(d)
	if view := show(h); !view.Tested.Equal(coretest.Start()) || view.TestedTo != "mia@orange.fr" || view.Version != version {
		t.Errorf("tested, it is %+v", view)
	}
	if view := save(h, other); !view.Tested.IsZero() || view.TestedTo != "" {
		t.Errorf("another server counts as tested: %+v", view)
	}
}

func TestATestMailNeedsAddressesThatGetMail(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	for _, c := range []struct {
		from, to, field string
		code            core.Code
	}{
		{"", "mia@orange.fr", "from", core.CodeAddress},
		{"tickets@opera.ch", "mia", "to", core.CodeAddress},
		{"tickets@opera.ch", "mia@opera.example", "to", core.CodeReserved},
	} {
		_, err := h.Servers.Test(h.Ctx, h.Owner, coretest.MailServer(), c.from, c.to)
		checkField(t, c.from+" to "+c.to, err, c.field, c.code)
	}
	if n := len(h.Prober.Probes()); n != 0 {
		t.Errorf("%d mails went out", n)
	}
}

// leaver is a prober whose caller is gone by the time it answers.
type leaver struct{ cancel context.CancelFunc }

func (l leaver) Probe(context.Context, mail.Route, mail.TestMail) mail.Answer {
	l.cancel()
	return mail.Answer{Verdict: mail.Delivered}
}

type noTexts struct{}

func (noTexts) Text(core.View, core.ID, core.Mail) (subject, body string, err error) {
	return "test", "test", nil
}

func TestATestIsLoggedThoughItsCallerLeft(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	ctx, cancel := context.WithCancel(h.Ctx)
	servers := mail.NewServers(h.Desk, h.Keys, leaver{cancel}, noTexts{})
	_, err := servers.Test(ctx, h.Owner, coretest.MailServer(), "tickets@opera.ch", "mia@orange.fr")
	h.Must(err)
	if got := logged(h, core.ActMailServerTest); len(got) != 1 || !slices.Contains(got[0], core.Detail{Name: "outcome", Value: "delivered"}) {
		t.Errorf("logged %v", got)
	}
}

// events remembers what the store's watchers hear of a kind from now on.
func events(h *coretest.House, kind core.Kind) func() []core.Event {
	var mu sync.Mutex
	var all []core.Event
	h.T.Cleanup(h.Store.Watch(func(c core.Commit) {
		mu.Lock()
		defer mu.Unlock()
		for _, e := range c.Events {
			if e.Subject.Kind == kind {
				all = append(all, e)
			}
		}
	}))
	return func() []core.Event {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// logged are the details of each entry of an action.
func logged(h *coretest.House, action core.ActionID) (all [][]core.Detail) {
	h.T.Helper()
	h.Must(h.Store.View(h.Ctx, func(v core.View) error {
		return activity.Journal{}.Ascend(v, 0, func(_ core.ID, e core.Entry) error {
			if e.Action == action {
				all = append(all, e.Details)
			}
			return nil
		})
	}))
	return all
}

func TestTheJournalKnowsTheMailServerButNoPassword(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	_, err := h.Servers.Remove(h.Ctx, h.Owner, 1)
	h.Must(err)
	for _, action := range []core.ActionID{core.ActMailServerSave, core.ActMailServerRemove} {
		got := logged(h, action)
		want := []core.Detail{
			{Name: "host", Value: "mail.opera.example"},
			{Name: "port", Value: "587"},
			{Name: "security", Value: "starttls"},
			{Name: "user", Value: "opera"},
		}
		if len(got) != 1 || !slices.Equal(got[0], want) {
			t.Errorf("%s logged %v", action, got)
		}
	}
}

func TestAnotherKeyFileOpensNoPassword(t *testing.T) {
	t.Parallel()
	h := coretest.New(t, storagetest.New(t))
	h.GoLive()
	other := make([]byte, secret.KeySize)
	other[0] = 1
	keys, err := secret.NewKeys(other)
	h.Must(err)
	queue := mail.NewQueue(h.Store, h.Clock, keys, noTexts{}, venue.Fill, activity.Inbox{})
	post(h, order())
	if _, ok, _, err := queue.Lease(h.Ctx); err == nil || ok {
		t.Error("a mail was leased")
	}
}
